"""What other programs may ask of a library and its models. Plain blocking calls, no web framework.

Photos are named by the SHA-256 of their content, so that a name can mean nothing else than a photo
of the library. Safe to use from several threads.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.catalogue.opening import FILE
from index.catalogue.records import Note
from index.library import Library
from index.records import Facts, FileState, SearchResult
from index.search.search import search_photo, search_text
from ui.serving.errors import PhotoChanged, PhotoUnknown
from ui.settings import Settings
from ui.shapes import search_shape
from ui.small_jpegs import small_jpeg
from vlm.errors import LibraryMissing
from vlm.protocols import Describer, Embedder
from vlm.registry import load_describer, load_embedder

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL = 512
"""Pixels of the longer side."""

_KEPT = 256
"""Thumbnails in memory: 60 kB each at most times."""


@dataclass(frozen=True, slots=True)
class Held:
    """A photo of the library: its file, what that says of itself, and what is said about it."""

    state: FileState
    facts: Facts
    notes: tuple[Note, ...]


class Desk:
    """The library and the models of some settings; the library is opened anew when it was replaced.

    All methods that need the library raise `LibraryError`s, those that need a model what
    `vlm.registry` raises.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._library: tuple[tuple[int, int], Library] | None = None
        self._thumbnails: OrderedDict[str, bytes] = OrderedDict()

    @property
    def embedder(self) -> Embedder:
        """The model that finds photos."""
        return load_embedder(self.settings.model)

    @property
    def describer(self) -> Describer:
        """The model that writes about photos."""
        return load_describer(self.settings.describer)

    def library(self) -> Library:
        """The library as it is now. Raises `LibraryMissing` once it was deleted."""
        try:
            file = (self.settings.library / FILE).stat()
        except OSError:
            self._library = None
            raise LibraryMissing(self.settings.library) from None
        now = (file.st_dev, file.st_ino)
        with self._lock:
            if self._library is None or self._library[0] != now:
                # What the old one holds open ends with the last thread that uses it.
                self._library = now, Library.open(self.settings.library)
            return self._library[1]

    def search(self, query: str, k: int) -> SearchResult:
        """Photos for words in the query language, in which `like:` takes photos of the library."""
        return search_text(self.library(), self.embedder, query, k, anywhere=False)

    def similar(self, image: Image, k: int, *, without: Path | None = None) -> SearchResult:
        """Photos that look like an image."""
        return search_photo(self.library(), self.embedder, image, k, exclude=without)

    def digests(self, result: SearchResult) -> Mapping[Path, str]:
        """The content hash of each hit that is in the library still."""
        found = self.library().catalogue.digests([hit.path for hit in result.hits])
        return {path: digest.hex() for path, digest in found.items()}

    def found(self, result: SearchResult) -> dict[str, Any]:
        """What a search came to, as `vlm search --json` has it, with the digest of each hit."""
        digests, shape = self.digests(result), search_shape(result)
        for hit in shape["hits"]:
            hit["digest"] = digests.get(Path(hit["path"]))
        return shape

    def held(self, digest: str) -> Held:
        """A photo by its content hash, 64 hexadecimal digits. Raises `PhotoUnknown`."""
        catalogue = self.library().catalogue
        content = _bytes_of(digest)
        files = catalogue.photos_with(content)
        if not files:
            raise PhotoUnknown(digest)
        state, facts = next((file for file in files if _unchanged(file[0])), files[0])
        return Held(state, facts, tuple(catalogue.notes(content)))

    def digest_at(self, path: Path) -> str:
        """The content hash of a photo of the library by its path. Raises `PhotoUnknown`."""
        found = self.library().catalogue.digests([path])
        if path not in found:
            raise PhotoUnknown(path.name)
        return found[path].hex()

    def open(self, digest: str, size: int) -> tuple[Path, Image]:
        """A photo of the library, at least so many pixels a side if it has them.

        Raises `PhotoUnknown`, `PhotoChanged`, and as `vlm.images.read_image` does.
        """
        from vlm.images import read_image

        state = self.held(digest).state
        if not _unchanged(state):
            raise PhotoChanged
        return state.path, read_image(state.path, size=size)

    def thumbnail(self, digest: str) -> bytes:
        """A small JPEG without metadata; raises as `open` does."""
        digest = self.held(digest).state.hash.hex()
        with self._lock:
            if digest in self._thumbnails:
                self._thumbnails.move_to_end(digest)
                return self._thumbnails[digest]
        made = small_jpeg(self.open(digest, THUMBNAIL)[1], (THUMBNAIL, THUMBNAIL))
        with self._lock:
            self._thumbnails[digest] = made
            while len(self._thumbnails) > _KEPT:
                self._thumbnails.popitem(last=False)
        return made


def _bytes_of(digest: str) -> bytes:
    try:
        content = bytes.fromhex(digest)
    except ValueError:
        content = b""
    if len(content) != 32 or content.hex() != digest.lower():
        raise PhotoUnknown(digest)
    return content


def _unchanged(state: FileState) -> bool:
    try:
        now = state.path.stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (state.size, state.mtime_ns)
