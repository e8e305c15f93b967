"""A page's bytes with other alternative texts and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
    return _with_sources(
        data, {image: _source(image, alt) for image, alt in alts.items() if _differs(image, alt)}
    )


def alt_sources(data: bytes, images: Iterable[ImageInDocument]) -> dict[ImageInDocument, bytes]:
    """The very bytes in which alternative texts stand, empty where there is none, to undo a change.

    Images without an edit are left out.
    """
    actual = digest(data)
    sources = {}
    for image in images:
        if image.document != actual:
            raise DocumentChanged
        if image.edit is not None:
            sources[image] = data[image.edit.start : image.edit.end]
    return sources


def put_back(data: bytes, sources: Mapping[ImageInDocument, bytes]) -> bytes:
    """The page with alternative texts as they were written once: undoes `with_alts` exactly.

    The images are those of ``data``, the bytes what `alt_sources` gave of the image at the same
    position in the list before it was changed.
    """
    return _with_sources(data, sources)


def _with_sources(data: bytes, sources: Mapping[ImageInDocument, bytes]) -> bytes:
    out, position = [], 0
    actual = digest(data)
    for image in sorted(sources, key=lambda each: _edit(each).start):
        edit = _edit(image)
        if image.document != actual:
            raise DocumentChanged
        out += [data[position : edit.start], sources[image]]
        position = edit.end
    return b"".join([*out, data[position:]])


def _differs(image: ImageInDocument, alt: str) -> bool:
    _edit(image)
    return one_line(alt) != image.context.alt


def _source(image: ImageInDocument, alt: str) -> bytes:
    edit = _edit(image)
    # What the page's encoding lacks becomes a character reference, which both syntaxes know.
    words = escaped(alt, edit.syntax).encode(edit.codec, "xmlcharrefreplace")
    return edit.prefix + words + edit.suffix


def _edit(image: ImageInDocument) -> Edit:
    if image.edit is None:
        raise AltFixed(image.context.src, image.line, image.fixed)
    return image.edit
