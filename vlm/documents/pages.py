"""The images of a page of any kind, told by its file's name."""

from __future__ import annotations

from pathlib import Path

from vlm.documents.errors import DocumentUnreadable
from vlm.documents.files import MARKDOWN
from vlm.documents.html_images import images_in_html, images_in_jsx
from vlm.documents.html_tokens import Dialect
from vlm.documents.images import ImageInDocument

_DIALECTS = {".xhtml": Dialect.XML, ".svelte": Dialect.SVELTE, ".astro": Dialect.ASTRO}


def images_in(data: bytes, path: Path) -> list[ImageInDocument]:
    """The images of the page that ``path`` holds, read as its suffix says; see `PAGES`.

    Raises `DocumentUnreadable`, naming the file, for bytes that are not text.
    """
    try:
        return _images_in(data, path.suffix.lower())
    except DocumentUnreadable as error:
        raise DocumentUnreadable(error.reason, path) from None


def _images_in(data: bytes, suffix: str) -> list[ImageInDocument]:
    if suffix in MARKDOWN:
        # Its parser takes time to import, which pages without Markdown need not wait for.
        from vlm.documents.markdown_images import images_in_markdown

        return images_in_markdown(data, mdx=suffix == ".mdx")
    if suffix in (".jsx", ".tsx"):
        return images_in_jsx(data)
    return images_in_html(data, dialect=_DIALECTS.get(suffix, Dialect.HTML))
