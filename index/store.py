"""Vectors in FAISS: exact inner product over half-precision rows, kept as a file that is derived.

A file is the FAISS index followed by a seal: which library and which generation of its catalogue
it was made from, and a CRC-32 of all before. A file without a matching seal is not given to FAISS
at all, so damage cannot crash it; it is made again from the catalogue.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import re
import struct
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from vlm.protocols import Vectors

_log = logging.getLogger(__name__)

_MAGIC = b"vlm-flat-fp16-1\0"
_SEAL = struct.Struct("<16s16sQIQ")
"""Magic, library id, generation, CRC-32, bytes before the seal."""

_PIECE = 1 << 20

TEMPORARY = ".vectors-*.tmp"
"""Names of files that are being written."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """State of a catalogue that vectors were taken from: library id (16 bytes) and generation."""

    library: bytes
    generation: int


def _faiss() -> Any:
    return importlib.import_module("faiss")  # late, since it takes 30 ms; its stubs are incomplete


def file_name(fingerprint: str) -> str:
    """Name of the file for a model; different fingerprints never share one.

    >>> file_name("starter-1")
    'vectors-starter-1.faiss'
    >>> file_name("/models/My CLIP")
    'vectors-models-my-clip-d957df1f.faiss'
    """
    slug = re.sub(r"[^a-z0-9._-]+", "-", fingerprint.lower()).strip("-.")[:60]
    if slug != fingerprint:
        slug += "-" + hashlib.sha256(fingerprint.encode()).hexdigest()[:8]
    return f"vectors-{slug}.faiss"


def make(dim: int, pieces: Iterable[tuple[NDArray[np.int64], Vectors]]) -> Any:
    """A FAISS index of vectors, shape ``(n, dim)``, that answers with the ids given with them."""
    faiss = _faiss()
    flat = faiss.IndexScalarQuantizer(
        dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index = faiss.IndexIDMap(flat)
    for ids, vectors in pieces:
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)
    return index


def search(
    index: Any, query: Vectors, k: int, allowed: NDArray[np.int64] | None = None
) -> list[tuple[int, float]]:
    """Best ids and cosines, best first, at most ``k``; only of ``allowed`` ids if given.

    ``query`` has shape ``(dim,)``. Ties are ordered by id.
    """
    faiss = _faiss()
    room = index.ntotal if allowed is None else len(allowed)
    if min(k, room) < 1:
        return []
    parameters = None
    if allowed is not None:
        bits = np.zeros(int(allowed.max()) + 1, np.uint8)
        bits[allowed] = 1
        chosen = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
        parameters = faiss.SearchParameters(sel=chosen)
    row = np.ascontiguousarray(query, np.float32)[None]
    scores, ids = index.search(row, min(k, room), params=parameters)
    found = [(int(i), min(1.0, float(s))) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def write(index: Any, path: Path, stamp: Stamp) -> None:
    """Write to a temporary file, flush it to the disk, and rename. Raises `OSError`."""
    faiss = _faiss()
    prefix, suffix = TEMPORARY.split("*")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            sealed = _Sealed(file)
            writer = faiss.PyCallbackIOWriter(sealed.write, _PIECE)
            try:
                faiss.write_index(index, writer)
            except (RuntimeError, OSError) as error:
                raise sealed.failure or error from None
            file.write(
                _SEAL.pack(_MAGIC, stamp.library, stamp.generation, sealed.crc, sealed.length)
            )
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class _Sealed:
    """A file that counts what passes; FAISS loses Python exceptions, so the first one is kept."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.crc = 0
        self.length = 0
        self.failure: OSError | None = None

    def write(self, piece: bytes) -> int:
        try:
            self._file.write(piece)
        except OSError as error:
            self.failure = self.failure or error
            raise
        self.crc = zlib.crc32(piece, self.crc)
        self.length += len(piece)
        return len(piece)


def read(path: Path, stamp: Stamp) -> Any | None:
    """The index in a file, or None where it is missing, damaged or of another state."""
    faiss = _faiss()
    try:
        with path.open("rb") as file:
            reason = _fault(file, stamp)
            if reason is None:
                file.seek(0)
                return faiss.read_index(faiss.PyCallbackIOReader(file.read, _PIECE))
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or str(error)
    _log.warning("%s: %s; making it again from the catalogue", path, reason)
    return None


def _fault(file: BinaryIO, stamp: Stamp) -> str | None:
    length = file.seek(0, os.SEEK_END) - _SEAL.size
    if length < 0:
        return "damaged (too short)"
    file.seek(length)
    magic, library, generation, crc, told = _SEAL.unpack(file.read(_SEAL.size))
    if magic != _MAGIC or told != length:
        return "damaged, or of another version"
    if (library, generation) != (stamp.library, stamp.generation):
        return "older than the catalogue"
    file.seek(0)
    seen = 0
    while length > 0:
        piece = file.read(min(_PIECE, length))
        seen = zlib.crc32(piece, seen)
        length -= len(piece)
    return None if seen == crc else "damaged (checksum)"
