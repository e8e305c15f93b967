"""The library of the settings for the assistant, opened only when it is asked.

So questions about a photo are answered also where the library, or the search model, is damaged.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from PIL.Image import Image

from index.library import Library
from index.library_tools import LibraryTools
from ui import resources
from ui.settings import Settings
from vlm.assistant import Count, Finding, PhotoFacets
from vlm.images import read_image


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
            yield LibraryTools(library, embedder, _opened)


def _opened(path: Path, size: int) -> Image:
    """A photo that was looked at lately is the same object, so that models know it again."""
    stat = path.stat() if path.exists() else None
    changed = (stat.st_mtime_ns, stat.st_size) if stat else None
    return _read(os.fsencode(path), changed, size)


@st.cache_resource(show_spinner=False, max_entries=16)
def _read(path: bytes, changed: tuple[int, int] | None, size: int) -> Image:
    del changed  # a part of the key: an edited photo is read again
    return read_image(Path(os.fsdecode(path)), size=size)
