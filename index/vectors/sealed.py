"""Files of named sections that are checked before anything in them is believed.

A file is its sections one after the other, then a description in JSON (facts, and offset, length
and CRC-32 of every section), then a tail of fixed size with the description's length and CRC-32
and the file's length. So a file that was cut, or that another program wrote, is known by its last
bytes; opening reads only the description, and a section is checked when it is first read.

Nothing is mapped into memory: a disk that fails while a mapped page is touched kills the process
with SIGBUS, while a read that fails is an error that can be handled.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

Piece: TypeAlias = bytes | memoryview
"""Bytes to be written, or read."""

Facts: TypeAlias = Mapping[str, int | float | str]
"""What a file says of itself."""

_MAGIC = b"vlm-vectors-2\0\0\0"
_TAIL = struct.Struct("<IIQ16s")
"""Length and CRC-32 of the description, length of the file, magic."""

_PIECE = 1 << 18

TEMPORARY = ".vectors-*.tmp"
"""Names of files that are being written."""


class Damaged(Exception):
    """A file that cannot be believed; its message is the reason, without the file's name."""


def write(path: Path, facts: Facts, sections: Iterable[tuple[str, Iterable[Piece]]]) -> None:
    """Write to a temporary file, flush it to the disk, and rename. Raises `OSError`."""
    prefix, suffix = TEMPORARY.split("*")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            table: dict[str, tuple[int, int, int]] = {}
            for name, pieces in sections:
                start, crc = file.tell(), 0
                for piece in pieces:
                    file.write(piece)
                    crc = zlib.crc32(piece, crc)
                table[name] = (start, file.tell() - start, crc)
            said = json.dumps({"facts": dict(facts), "sections": table}).encode()
            length = file.tell() + len(said) + _TAIL.size
            file.write(said + _TAIL.pack(len(said), zlib.crc32(said), length, _MAGIC))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def pieces_of(array: NDArray[Any]) -> Iterator[Piece]:
    """The bytes of an array, without a copy of the whole."""
    data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]


class SealedFile:
    """An open file. A file that is replaced meanwhile can still be read here as it was."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.close = weakref.finalize(self, os.close, handle)
        self.bytes = os.fstat(handle).st_size
        said = self._described()
        self.facts: Facts = said["facts"]
        self._sections: Mapping[str, tuple[int, int, int]] = said["sections"]

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read and check the description. Raises `Damaged`, or `OSError` as `open` does."""
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fstat(handle)
        except OSError:
            os.close(handle)
            raise
        return cls(handle)

    def _described(self) -> Any:
        if self.bytes < _TAIL.size:
            raise Damaged("damaged (too short)")
        tail = _TAIL.unpack(self._pread(self.bytes - _TAIL.size, _TAIL.size))
        length, self.seal, whole, magic = tail
        if magic != _MAGIC or whole != self.bytes or length > self.bytes - _TAIL.size:
            raise Damaged("damaged, or of another version")
        said = self._pread(self.bytes - _TAIL.size - length, length)
        if zlib.crc32(said) != self.seal:
            raise Damaged("damaged (checksum)")
        return json.loads(said)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A section piece by piece; raises `Damaged` at its end if any of it was wrong."""
        start, length, told = self._sections[name]
        crc = 0
        for at in range(0, length, _PIECE):
            piece = self._pread(start + at, min(_PIECE, length - at))
            crc = zlib.crc32(piece, crc)
            yield piece
        if crc != told:
            raise Damaged("damaged (checksum)")

    def array(self, name: str, kind: str) -> NDArray[Any]:
        """A whole section as numbers of a kind, such as "<i8"; checked."""
        return np.frombuffer(b"".join(self.pieces(name)), kind)

    def parts(self, name: str, starts: Sequence[int], length: int) -> bytes:
        """Some bytes from each of many places of a section, which the caller has to check."""
        begin = self._sections[name][0]
        try:
            data = b"".join([os.pread(self._handle, length, begin + at) for at in starts])
        except OSError as error:
            raise Damaged(error.strerror or str(error)) from error
        if len(data) != length * len(starts):
            raise Damaged("damaged (cut)")
        return data

    def _pread(self, at: int, length: int) -> bytes:
        try:
            data = os.pread(self._handle, length, at)
        except OSError as error:
            raise Damaged(error.strerror or str(error)) from error
        if len(data) != length:
            raise Damaged("damaged (cut)")
        return data
