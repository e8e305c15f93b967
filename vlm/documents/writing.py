"""A page's bytes with other alternative texts and nothing else changed."""

from __future__ import annotations

from collections.abc import Mapping

from vlm.documents.character_references import escaped, one_line
from vlm.documents.errors import AltFixed, DocumentChanged
from vlm.documents.gathering import digest
from vlm.documents.images import Edit, ImageInDocument


def with_alts(data: bytes, alts: Mapping[ImageInDocument, str]) -> bytes:
    """The page with these alternative texts (`""`: decorative), escaped for where they stand.

    ``data`` are the bytes that the images were found in, else `DocumentChanged`. An image whose
    alt is that text already stays as it is written, so that a second time changes nothing; the
    text itself is made one line (`one_line`). A Markdown reference without a label of its own
    (``![key]``) keeps its key: ``![text][key]``. Raises `AltFixed` for an image without an edit.
    """
    out, position = [], 0
    for start, old, new in sorted(changes(data, alts)):
        out += [data[position:start], new]
        position = start + len(old)
    return b"".join([*out, data[position:]])


def changes(data: bytes, alts: Mapping[ImageInDocument, str]) -> list[tuple[int, bytes, bytes]]:
    """What `with_alts` changes, one for each image in the order given: where, what was, what is.

    They do not overlap, and put back in place of what is there now they undo it to the byte.
    """
    document = digest(data)
    if any(image.document != document for image in alts):
        raise DocumentChanged
    replaced = []
    for image, alt in alts.items():
        edit = _edit(image)
        old = data[edit.start : edit.end]
        same = one_line(alt) == image.context.alt
        replaced.append((edit.start, old, old if same else _source(edit, alt)))
    return replaced


def _source(edit: Edit, alt: str) -> bytes:
    # What the page's encoding lacks becomes a character reference, which both syntaxes know.
    words = escaped(alt, edit.syntax).encode(edit.codec, "xmlcharrefreplace")
    return edit.prefix + words + edit.suffix


def _edit(image: ImageInDocument) -> Edit:
    if image.edit is None:
        raise AltFixed(image.context.src, image.line, image.fixed)
    return image.edit
