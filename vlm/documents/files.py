"""Pages on disk: which files are pages, and what is not read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG

from vlm.documents.encodings import MARKS_OF_UTF16
from vlm.documents.errors import DocumentUnreadable
from vlm.errors import system_reason

MARKDOWN = frozenset([".md", ".markdown", ".mdx"])
_COMPONENTS = frozenset([".vue", ".svelte", ".astro", ".jsx", ".tsx"])
_TEMPLATES = frozenset(
    [".jinja", ".jinja2", ".j2", ".njk", ".liquid", ".hbs", ".ejs", ".erb", ".php"]
)
PAGES = MARKDOWN | _COMPONENTS | _TEMPLATES | frozenset([".html", ".htm", ".xhtml"])
_LARGEST = 20_000_000  # bytes
_NOT_OURS = frozenset(["node_modules", "__pycache__"])


def is_document(path: Path) -> bool:
    """Whether a file is a page by its name.

    >>> is_document(Path("about.HTML")), is_document(Path("about.pdf"))
    (True, False)
    """
    return path.suffix.lower() in PAGES


def documents_under(folder: Path) -> Iterator[Path]:
    """All pages in a folder and below, in order; hidden folders and installed packages excepted.

    Links are not followed, and folders that may not be listed are passed over.
    """
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in _NOT_OURS)
        paths = (Path(parent, name) for name in sorted(names))
        yield from (path for path in paths if is_document(path) and not path.is_symlink())


def read_document(path: Path) -> bytes:
    """A page's bytes. Raises `DocumentUnreadable` for a file that is huge, binary or no file."""
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise DocumentUnreadable("not a file", path)
        size = status.st_size
        if size > _LARGEST:
            raise DocumentUnreadable(f"{size / 1e6:.0f} MB are more than a page has", path)
        data = path.read_bytes()
    except OSError as error:
        raise DocumentUnreadable(system_reason(error), path) from None
    if b"\x00" in data and not data.startswith(MARKS_OF_UTF16):
        raise DocumentUnreadable("a binary file, not a page", path)
    return data
