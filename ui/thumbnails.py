"""Small pictures of photos: made side by side, kept in memory and in the user's cache folder.

A file in the cache is named after the path, the time of change and the size of its photo, so an
edited photo gets a new one. What is damaged is made again, and what cannot be written is not kept.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from ui.small_jpegs import small_jpeg
from vlm.images import read_image

SIZE = (640, 480)
"""Pixels; twice the size on the page, for screens of high density."""

LIMIT = 300_000_000
"""Bytes that the files in the cache may take: some 5,000 of them."""

_IN_MEMORY = 1000
_BETWEEN_LOOKS = 500
_WHOLE = (b"\xff\xd8", b"\xff\xd9")
_Key: TypeAlias = tuple[bytes, int, int]


class Thumbnails:
    """Thumbnails as JPEG bytes; shared by threads. ``folder`` is made when something is written."""

    def __init__(self, folder: Path, *, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._lock = threading.Lock()
        self._held: OrderedDict[_Key, Future[bytes]] = OrderedDict()
        self._written = 0
        workers = max(2, min(8, os.cpu_count() or 1))
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="thumbnail")

    def start(self, paths: Iterable[Path]) -> None:
        """Begin with these photos, in their order; each is there when it is asked for."""
        for path in paths:
            self._future(path)

    def get(self, path: Path) -> bytes:
        """The thumbnail of a photo, within `SIZE`. Raises as `vlm.images.read_image` does."""
        return self._future(path).result()

    def kept(self, path: Path, mtime_ns: int, size: int) -> bytes | None:
        """The thumbnail that was made of a file that had this time of change and these bytes."""
        key = os.fsencode(path), mtime_ns, size
        with self._lock:
            held = self._held.get(key)
        if held is not None and held.done() and held.exception() is None:
            return held.result()
        return _read(self._file(key))

    def _future(self, path: Path) -> Future[bytes]:
        stat = path.stat() if path.exists() else None
        key = os.fsencode(path), stat.st_mtime_ns if stat else 0, stat.st_size if stat else 0
        with self._lock:
            held = self._held.get(key)
            if held is None or (held.done() and held.exception() is not None):  # try again
                held = self._held[key] = self._threads.submit(self._bring, path, key)
            self._held.move_to_end(key)
            while len(self._held) > _IN_MEMORY:
                self._held.popitem(last=False)
        return held

    def _bring(self, path: Path, key: _Key) -> bytes:
        file = self._file(key)
        data = _read(file)
        if data is None:
            data = _made(path)
            with suppress(OSError):
                _write(file, data)
                self._count()
        return data

    def _file(self, key: _Key) -> Path:
        digest = hashlib.sha256(repr((*key, SIZE)).encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest[2:]}.jpg"

    def _count(self) -> None:
        with self._lock:
            look = self._written % _BETWEEN_LOOKS == 0
            self._written += 1
        if look:
            trim(self._folder, self._limit)


def trim(folder: Path, limit: int) -> None:
    """Remove the files that were not used for longest where all take more than ``limit`` bytes."""
    files = sorted(_files(folder))
    size = sum(size for _, size, _ in files)
    for _, bytes_, path in files:
        if size <= limit:
            return
        with suppress(OSError):
            path.unlink()
        size -= bytes_


def _files(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Time of the last use (ns), size and path of each file."""
    for path in folder.glob("??/*.jpg"):
        with suppress(OSError):  # another process trims too
            stat = path.stat()
            yield stat.st_mtime_ns, stat.st_size, path


def _made(path: Path) -> bytes:
    return small_jpeg(read_image(path, size=max(SIZE)), SIZE)


def _read(file: Path) -> bytes | None:
    """The content of a whole file, which counts as used now."""
    try:
        data = file.read_bytes()
        if (data[:2], data[-2:]) != _WHOLE:
            return None
        os.utime(file)
    except OSError:
        return None
    return data


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as temporary:
        try:
            temporary.write(data)
            temporary.flush()
            os.fsync(temporary.fileno())
            Path(temporary.name).replace(file)
        except OSError:
            Path(temporary.name).unlink(missing_ok=True)
            raise
