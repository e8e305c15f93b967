"""The nouns that descriptions are read with: those of the starter's files, for any model."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from vlm.errors import ModelFileDamaged
from vlm.starter.nouns import Nouns
from vlm.starter.weights import FOLDER, REMEDY, check_file
from vlm.starter.words import WORDS


@cache
def known_nouns(folder: Path = FOLDER) -> Nouns:
    """Some 800 nouns with other names for them and what each is a kind of.

    Raises `ModelFileDamaged`.
    """
    path = check_file(WORDS, folder)
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return Nouns(
            tuple(map(str, table["nouns"])),
            dict(table.get("names", {})),
            dict(table.get("wider", {})),
            frozenset(table.get("mass", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileDamaged(path, f"cannot be read ({error})", REMEDY) from None
