"""Which file on this machine an image of a page is, and never one outside the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vlm.documents.images import ImageInDocument

_SERVED = ("", "static", "public")
"""Folders that a site's root address may mean: Hugo serves ``static``, Vite and Next ``public``."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """The file that an image shows, or why there is none."""

    path: Path | None
    reason: str = ""


def local_file(image: ImageInDocument, document: Path, roots: Sequence[Path]) -> LocalFile:
    """The file of an image on the page ``document``, inside one of the folders ``roots``.

    A source that starts with a slash is looked for in the roots, the nearest above the page
    first, any other beside the page. Symbolic links are followed before it is decided whether a
    file is inside. Reads no file.
    """
    if image.local is None:
        return LocalFile(None, image.not_local)
    inside = [root.resolve() for root in roots] or [document.resolve().parent]
    reason = "no such file"
    for candidate in _candidates(image.local, document.resolve(), inside):
        try:
            path = candidate.resolve()
            outside = not any(path.is_relative_to(root) for root in inside)
            found = not outside and path.is_file()
        except (OSError, RuntimeError, ValueError):  # too long a name, a loop of links
            continue
        if outside:
            reason = "outside the folder of the site"
        elif found:
            return LocalFile(path)
    return LocalFile(None, reason)


def _candidates(local: str, document: Path, roots: list[Path]) -> Iterator[Path]:
    if not local.startswith("/"):
        yield document.parent / local
        return
    above = [root for root in roots if document.is_relative_to(root)]
    beside = [root for root in roots if root not in above]
    for root in (*sorted(above, key=lambda each: -len(each.parts)), *beside):
        for served in _SERVED:
            yield root / served / local.lstrip("/")
