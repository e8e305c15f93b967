"""The library of the settings for the assistant, opened only when it is asked.

So questions about a photo are answered also where the library, or the search model, is damaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.library import Library
from index.library_tools import LibraryTools
from ui import resources
from ui.settings import Settings
from vlm.assistant import Count, Finding, PhotoFacets

if TYPE_CHECKING:
    from PIL.Image import Image


class SettingsTools:
    """`vlm.assistant.PhotoTools`, as `LibraryTools`; raises what opening a library raises too."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def search(self, query: str, k: int = 8) -> Finding:
        """The ``k`` best photos for words in the query language."""
        with self._open() as tools:
            return tools.search(query, k)

    def similar(self, photo: Path | Image, k: int = 8) -> Finding:
        """Photos like one of the library, or like an image."""
        with self._open() as tools:
            return tools.similar(photo, k)

    def count(self, query: str) -> Count:
        """How many photos answer a query."""
        with self._open() as tools:
            return tools.count(query)

    def facets(self, paths: Sequence[Path] | None = None) -> PhotoFacets:
        """When, where and with what photos were taken."""
        with self._open() as tools:
            return tools.facets(paths)

    def look(self, path: Path, size: int) -> Image:
        """Open a photo of the library."""
        with self._open() as tools:
            return tools.look(path, size)

    @contextmanager
    def _open(self) -> Iterator[LibraryTools]:
        embedder = resources.embedder(self._settings)
        with Library.open(self._settings.library) as library:
            yield LibraryTools(library, embedder)
