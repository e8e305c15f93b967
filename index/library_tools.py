"""A library as the assistant may use it: every method reads, and only photos of it are opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from langchain_core.documents import Document
from PIL.Image import Image

from index.catalogue.records import Candidate
from index.library import Library
from index.paths import absolute
from index.records import Hit, SearchResult
from index.search.search import search_photo, search_text
from vlm.assistant.tools import Count, Finding, PhotoFacets
from vlm.errors import PhotoOutside
from vlm.images import read_image
from vlm.protocols import Embedder

COUNTED = 1000
"""Counting hits ends here: whoever has more wants a filter, and a reply within a second."""


class LibraryTools:
    """`vlm.assistant.PhotoTools` for an open library and the model that its photos are found by.

    ``read`` opens a file as an image of at least so many pixels; by default anew every time.
    """

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        read: Callable[[Path, int], Image] = lambda path, size: read_image(path, size=size),
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._read = read

    def search(self, query: str, k: int = 8) -> Finding:
        """The ``k`` best photos; raises what `index.search.search.search_text` raises.

        ``like:`` takes photos of the library only.
        """
        return _finding(search_text(self._library, self._embedder, query, k, anywhere=False))

    def similar(self, photo: Path | Image, k: int = 8) -> Finding:
        """Photos like one of the library, or like an image; raises as `look` and `search` do."""
        itself = absolute(photo) if isinstance(photo, Path) else None
        image = (
            self.look(photo, self._embedder.image_input.size * 2)
            if isinstance(photo, Path)
            else photo
        )
        return _finding(search_photo(self._library, self._embedder, image, k, exclude=itself))

    def count(self, query: str) -> Count:
        """How many photos answer a query, by band; raises as `search` does."""
        found = self.search(query, COUNTED).documents
        bands = Counter(str(document.metadata["band"]) for document in found)
        more = len(found) == COUNTED and found[-1].metadata["band"] != "weak"
        return Count(bands["strong"], bands["maybe"], self._library.count(), more)

    def facets(self, paths: Sequence[Path] | None = None) -> PhotoFacets:
        """When, where and with what these photos were taken, or all. Raises `PhotoOutside`."""
        if paths is None:
            return _facets(list(self._library.catalogue.filterable()))
        return _facets([self._photo(path) for path in paths])

    def look(self, path: Path, size: int) -> Image:
        """Open a photo of the library. Raises `PhotoOutside`, and as `read_image` does."""
        return self._read(Path(self._photo(path).path), size)

    def _photo(self, path: Path) -> Candidate:
        photo = self._library.catalogue.at(absolute(path))
        if photo is None:
            raise PhotoOutside(path)
        return photo


def _finding(result: SearchResult) -> Finding:
    documents = tuple(_document(hit) for hit in result.hits)
    return Finding(documents, result.answer == "matches", result.note)


def _document(hit: Hit) -> Document:
    metadata = {"path": str(hit.path), "score": hit.score, "band": hit.band}
    return Document(page_content=hit.path.name, metadata={**metadata, "taken_at": hit.taken_at})


def _facets(photos: Sequence[Candidate]) -> PhotoFacets:
    # The time of a file's change is when it was copied or edited, not when the photo was taken.
    dated = (photo for photo in photos if photo.taken_from != "mtime")
    days = Counter(photo.taken_at[:10] for photo in dated if photo.taken_at)
    places = _commonest(photo.place for photo in photos)
    return PhotoFacets(
        photos=len(photos),
        days=tuple(sorted(days.items())),
        places=places,
        cameras=_commonest(photo.camera for photo in photos),
        undated=len(photos) - days.total(),
        unplaced=len(photos) - sum(count for _, count in places),
    )


def _commonest(values: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    counted = Counter(value for value in values if value)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
