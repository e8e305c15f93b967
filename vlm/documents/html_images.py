"""The images of an HTML page, also of one with templates or of a component file."""

from __future__ import annotations

from vlm.documents.encodings import decode
from vlm.documents.front_matter import end_of_front_matter, language
from vlm.documents.gathering import Gathering
from vlm.documents.html_tokens import Dialect, html_tokens
from vlm.documents.images import ImageInDocument
from vlm.documents.imports import imported_files
from vlm.documents.jsx_tokens import jsx_tokens
from vlm.documents.tag_images import TagReader
from vlm.documents.templates import Masked, mask


def images_in_html(data: bytes, *, dialect: Dialect = Dialect.HTML) -> list[ImageInDocument]:
    """All images of a page in their order, found in linear time.

    ``<img>``, ``<input type=image>``, ``<area>``, ``<amp-img>``, and ``<svg role=img>`` for the
    report. Comments, scripts, styles, text areas and what template languages hold in their own
    marks are not looked into. Raises `DocumentUnreadable` for bytes that are not text.
    """
    decoded = decode(data)
    text = decoded.text
    start = end_of_front_matter(text)
    templated = dialect in (Dialect.HTML, Dialect.XML)
    masked = mask(text) if templated else Masked(text, {})
    reader = TagReader(
        masked.text,
        text,
        masked,
        lambda at: at,
        quoted_braces=dialect is Dialect.SVELTE,
        imports={} if templated else imported_files(text),
    )
    gathering = Gathering(language(text[:start]))
    for token in html_tokens(masked.text, start, dialect):
        gathering.take(token, reader)
    return list(gathering.images(data, decoded))


def images_in_jsx(data: bytes) -> list[ImageInDocument]:
    """All images of a file with JSX: elements named ``img`` and the like, not components.

    Raises `DocumentUnreadable` for bytes that are not text.
    """
    decoded = decode(data)
    text = decoded.text
    reader = TagReader(text, text, Masked(text, {}), lambda at: at, imports=imported_files(text))
    gathering = Gathering()
    for token in jsx_tokens(text):
        gathering.take(token, reader)
    return list(gathering.images(data, decoded))
