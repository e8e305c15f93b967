"""Who writes what about photos: text is read in them, captions are said by a describer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL.Image import Image

from index.catalogue.records import NoteKind
from index.decoding.shape import Shape, Short, Whole
from vlm.errors import ReplyEmpty, TaskUnsupported
from vlm.protocols import Describer

_CAPTION_SIDE = 2048
"""A 12-megapixel JPEG is decoded at half its size for it."""


@dataclass(frozen=True, slots=True)
class NoteMaker:
    """``write`` gives the words about an upright image of ``shape``, "" where there are none.

    What was written by another ``model``, which holds its version, or to another ``prompt``, is
    written again.
    """

    kind: NoteKind
    model: str
    prompt: str | None
    shape: Shape
    write: Callable[[Image], str]


def text_reader() -> NoteMaker:
    """Reads the text in photos, a line each. Raises `ExtraMissing`."""
    from vlm.ocr import READ_SIZE, read_text, reader

    def write(image: Image) -> str:
        return "\n".join(line.text for line in read_text(image))

    return NoteMaker("ocr", reader(), None, Short(READ_SIZE), write)


def captioner(describer: Describer) -> NoteMaker:
    """Says a line about each photo. Raises `TaskUnsupported` for a model that only answers."""
    from vlm.tasks import caption

    prompt = describer.prompts.caption
    if prompt is None:
        remedy = "Choose one that can, such as --describer starter."
        raise TaskUnsupported(describer.name, "a caption", remedy)

    def write(image: Image) -> str:
        try:
            return caption(image, describer)
        except ReplyEmpty:
            return ""

    version = getattr(describer, "fingerprint", describer.name)
    return NoteMaker("caption", version, prompt, Whole(_CAPTION_SIDE), write)
