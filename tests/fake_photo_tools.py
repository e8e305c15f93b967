"""A fake photo library for the assistant: it finds what it is told to, and remembers the asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from langchain_core.documents import Document
from PIL.Image import Image

from vlm.assistant import Count, Finding, PhotoFacets
from vlm.errors import PhotoOutside
from vlm.images import read_image


def document(path: Path, band: str = "strong") -> Document:
    metadata = {"path": str(path), "score": 0.3, "band": band, "taken_at": None}
    return Document(page_content=path.name, metadata=metadata)


class FakePhotoTools:
    """Fake: ``by_query`` where a query is in it, else the same documents for every query."""

    def __init__(
        self,
        *documents: Document,
        matches: bool = True,
        by_query: Mapping[str, Sequence[Document]] | None = None,
        facets: PhotoFacets | None = None,
    ) -> None:
        self.documents = documents
        self.matches = matches
        self.by_query = by_query or {}
        self.queries: list[str] = []
        self.looked: list[Path] = []
        self._facets = facets or PhotoFacets(0, (), (), (), 0, 0)

    def search(self, query: str, k: int = 8) -> Finding:
        self.queries.append(query)
        found = tuple(self.by_query.get(query, self.documents))
        return Finding(found[:k], self.matches and bool(found))

    def similar(self, photo: Path | Image, k: int = 8) -> Finding:
        self.queries.append(f"like:{photo.name if isinstance(photo, Path) else 'image'}")
        found = tuple(d for d in self.documents if d.metadata["path"] != str(photo))
        return Finding(found[:k], bool(found))

    def count(self, query: str) -> Count:
        found = self.search(query, 1000).documents
        bands = [d.metadata["band"] for d in found]
        return Count(bands.count("strong"), bands.count("maybe"), 99)

    def facets(self, paths: Sequence[Path] | None = None) -> PhotoFacets:
        return self._facets

    def look(self, path: Path, size: int) -> Image:
        self.looked.append(path)
        known = [d for ds in (self.documents, *self.by_query.values()) for d in ds]
        if str(path) not in [d.metadata["path"] for d in known]:
            raise PhotoOutside(path)
        return read_image(path, size=size)
