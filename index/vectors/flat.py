"""Exact search: inner products with half-precision rows, one after the other."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vlm.protocols import Vectors

Ranks: TypeAlias = NDArray[np.int64]
"""Places of vectors within a file, by rising photo id; shape ``(n,)``."""

Found: TypeAlias = tuple[Ranks, NDArray[np.float32]]
"""Ranks and their cosines, shape ``(n,)`` each, best first."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The ranks that may be found, rising, and the same as a bitmap, lowest bit first."""

    ranks: Ranks
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, flags: NDArray[np.bool_]) -> Chosen:
        """The choice of the ranks whose flag is set, shape ``(n,)``."""
        return cls(np.flatnonzero(flags), np.packbits(flags, bitorder="little"))


def load_faiss() -> Any:
    """FAISS, imported late, since that takes 30 ms; its stubs are incomplete."""
    return importlib.import_module("faiss")


def none_found() -> Found:
    """What an empty search finds."""
    return np.empty(0, np.int64), np.empty(0, np.float32)


BY_NUMPY = 20_000
"""Rows of up to so many vectors are compared by numpy: as fast, and FAISS need not be loaded,
which takes as long as a hundred searches of 10,000."""


class Flat:
    """Rows that are all compared with each query; read when the first query comes.

    ``pieces`` gives the rows' bytes, ``dim`` little-endian float16 each.
    """

    def __init__(self, dim: int, count: int, pieces: Callable[[], Iterable[bytes]]) -> None:
        self.dim = dim
        self.count = count
        self._pieces = pieces
        self._index: Any = None
        self._rows: Vectors | None = None
        self._lock = threading.Lock()

    def search(self, query: Vectors, k: int, chosen: Chosen | None) -> Found:
        """At most ``k`` nearest to ``query``, shape ``(dim,)``, best first. Raises `Damaged`."""
        room = self.count if chosen is None else len(chosen.ranks)
        if min(k, room) < 1:
            return none_found()
        if self.count <= BY_NUMPY:
            return _best(self._whole(), query, min(k, room), chosen)
        parameters = None
        if chosen is not None:
            faiss = load_faiss()
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(chosen.bits))
        scores, ranks = self._loaded().search(query[None], min(k, room), params=parameters)
        return ranks[0][ranks[0] >= 0], scores[0][ranks[0] >= 0]

    def _whole(self) -> Vectors:
        with self._lock:
            if self._rows is None:
                rows = np.empty((self.count, self.dim), np.float32)
                at = 0
                for codes in _whole_rows(self._pieces(), 2 * self.dim):
                    rows[at : at + len(codes)] = codes.view("<f2")
                    at += len(codes)
                self._rows = rows
            return self._rows

    def _loaded(self) -> Any:
        with self._lock:
            if self._index is None:
                faiss = load_faiss()
                index = faiss.IndexScalarQuantizer(
                    self.dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
                )
                for rows in _whole_rows(self._pieces(), 2 * self.dim):
                    index.add_sa_codes(rows)
                self._index = index
            return self._index


def _best(rows: Vectors, query: Vectors, k: int, chosen: Chosen | None) -> Found:
    """The ``k`` ranks of the highest inner products, best first; the lower rank of equal ones."""
    scores: NDArray[np.float32] = rows @ query  # of all, so that a filter changes no last digit
    if chosen is not None:
        scores = scores[chosen.ranks]
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    # More than `k` where several are equal to the last.
    found = np.flatnonzero(scores >= least)
    found = found[np.argsort(-scores[found], kind="stable")][:k]
    return (found if chosen is None else chosen.ranks[found]), scores[found]


def _whole_rows(pieces: Iterable[bytes], width: int) -> Iterable[NDArray[np.uint8]]:
    """Pieces of any length as rows of ``width`` bytes."""
    rest = b""
    for piece in pieces:
        data = rest + piece
        cut = len(data) - len(data) % width
        rest = data[cut:]
        yield np.frombuffer(data[:cut], np.uint8).reshape(-1, width)
