"""What the assistant may do with a photo library: read, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from langchain_core.documents import Document
from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Finding:
    """Photos that a search came to, best first; ``matches`` is False where none answers it.

    The documents are then the nearest all the same. A document's content is the file's name; its
    metadata holds ``path``, ``score`` (cosine similarity), ``band`` and ``taken_at`` (or None).
    ``note`` says why there is none, where that is known.
    """

    documents: tuple[Document, ...]
    matches: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many photos answer a query: ``strong`` surely, ``maybe`` perhaps, of ``among`` in all.

    ``more`` says that counting ended early, so that there are at least so many.
    """

    strong: int
    maybe: int
    among: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class PhotoFacets:
    """When, where and with what photos were taken: values with their counts, commonest first.

    ``days`` are ISO dates from the earliest to the latest; ``undated`` and ``unplaced`` are how
    many photos tell no date and no place.
    """

    photos: int
    days: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    cameras: tuple[tuple[str, int], ...]
    undated: int
    unplaced: int


@runtime_checkable
class PhotoTools(Protocol):
    """A photo library to be asked. All methods only read; all raise `vlm.errors.VlmError`s."""

    def search(self, query: str, k: int = 8) -> Finding:
        """The ``k`` best photos for words in the query language."""

    def similar(self, photo: Path | Image, k: int = 8) -> Finding:
        """Photos like one of the library, without itself, or like an image that was added.

        Raises `PhotoOutside` for a path that is no photo of the library.
        """

    def count(self, query: str) -> Count:
        """How many photos answer a query."""

    def facets(self, paths: Sequence[Path] | None = None) -> PhotoFacets:
        """When, where and with what these photos were taken, or all photos of the library.

        Raises `PhotoOutside`.
        """

    def look(self, path: Path, size: int) -> Image:
        """Open a photo of the library, at least ``size`` pixels on the longer side if it has them.

        Raises `PhotoOutside` for a path that is none, `PathMissing` and `ImageUnreadable`.
        """
