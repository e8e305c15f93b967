"""What a batch is asked to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.paths import absolute
from vlm.alt.wording import MAX_LENGTH

IN_PLACE = frozenset(("html", "markdown", "xmp", "iptc"))
"""Kinds of target that are files of the user's."""


@dataclass(frozen=True, slots=True)
class Options:
    """``writes`` are kinds of target: html, markdown, xmp, iptc, csv, jsonl.

    ``replace`` lets a model's words take the place of others, which the ledger keeps. ``text``
    reads the text in photos, ``checked`` checks every draft, and ``dry_run`` writes nothing.
    """

    writes: tuple[str, ...] = ()
    replace: bool = False
    language: str = "en"
    max_length: int = MAX_LENGTH
    text: bool = False
    checked: bool = False
    dry_run: bool = False

    @property
    def in_place(self) -> bool:
        """Whether pages or photos are changed."""
        return bool(IN_PLACE.intersection(self.writes)) and not self.dry_run

    def as_text(self, named: Sequence[Path], query: str | None, out: Path | None) -> str:
        """What tells a run from others: one that does the same goes on with it."""
        targets = [str(absolute(path)) for path in named]
        asked = {"targets": targets, "query": query, "out": str(absolute(out)) if out else None}
        return json.dumps({**asked, **asdict(self)}, sort_keys=True)
