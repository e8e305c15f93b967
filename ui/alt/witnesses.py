"""What else is asked about a photo: the text in it, and whether a description of it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue.catalogue import Catalogue
from index.catalogue.drafts import now
from index.catalogue.ledger_records import Draft
from index.catalogue.records import Note
from ui.alt.drafting import Check
from ui.settings import Settings
from vlm.alt.roles import share_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from ui.alt.deciding import ReadText
    from vlm.protocols import Describer


def text_reader(catalogue: Catalogue, look: Callable[[Path], Image]) -> ReadText:
    """Read the text in photos, each content once. Raises `ExtraMissing`."""
    from ui.alt.deciding import Text
    from vlm.ocr import read_text, reader

    by = reader()

    def read(digest: bytes, photo: Path) -> Text:
        held = catalogue.model_note(digest, "ocr", by)
        if held is not None:
            return Text(held.value)
        lines = read_text(look(photo))
        text = "\n".join(line.text for line in lines)
        catalogue.put_note(digest, Note("ocr", text, "model", now(), by))
        return Text(text, share_of(line.box for line in lines))

    return read


def checker(settings: Settings, describer: Describer, language: str) -> Check:
    """Check what a describer says by its other replies, the embedder and recognised things.

    Raises what loading the embedder raises.
    """
    from vlm.checked import checked
    from vlm.protocols import Recogniser
    from vlm.registry import load_describer, load_embedder

    embedder = load_embedder(settings.model)
    other = describer if isinstance(describer, Recogniser) else load_describer("starter")
    recogniser = other if isinstance(other, Recogniser) else None

    def check(image: Image, lines: Sequence[str]) -> Draft:
        found = checked(
            image, describer, embedder, text_lines=lines, language=language, recogniser=recogniser
        )
        evidence = json.dumps(found.as_json(), ensure_ascii=False)
        return Draft(found.text or found.draft, verdict=found.verdict, evidence=evidence)

    return check
