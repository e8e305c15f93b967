"""Approximate search: rows in 8 bits, in lists around centres, of which the nearest are searched.

FAISS scores; which lists it is shown, and when they are read from the file, is decided here.
A list is read and checked when it is first searched, so opening a million vectors costs what
their centres cost, and a damaged list is noticed before FAISS sees it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.vectors.flat import Chosen, Found, Ranks, load_faiss, none_found
from vlm.protocols import Vectors

EXACT_BELOW = 10_000
"""Where a filter leaves at most so many, all of them are scored: 10,000 take 15 ms on one core."""

_IN_CACHE = 512
"""Rows that are made floats at once."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are put into lists and into 8 bits.

    ``centres`` has shape ``(lists, dim)``; ``trained`` holds the lowest value and the span of the
    differences to them by dimension, shape ``(2 * dim,)``; list ``i`` holds rows ``starts[i]`` to
    ``starts[i + 1]``.
    """

    centres: Vectors
    trained: NDArray[np.float32]
    starts: NDArray[np.int64]

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.centres.shape[1])

    @property
    def count(self) -> int:
        """Number of vectors."""
        return int(self.starts[-1])


@dataclass(frozen=True, slots=True)
class Probes:
    """How many lists are searched, of average length: few for photos, more for texts.

    A text is about equally far from all photos, so its nearest photos lie in many lists. It is
    told from a photo by its cosine to the nearest centre, which is below ``border``.
    """

    near: int
    far: int
    border: float


class Lists(Protocol):
    """Where the rows are; each method raises `Damaged` where a file is not as it was written."""

    def of(self, number: int) -> tuple[Ranks, NDArray[np.uint8]]:
        """Ranks and codes of one list, shapes ``(n,)`` and ``(n, dim)``."""
        ...

    def places(self) -> NDArray[np.int64]:
        """For each rank its row among all lists, shape ``(count,)``."""
        ...

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Codes of some rows, shape ``(len(places), dim)``."""
        ...


class Inverted:
    """Searches the lists nearest to a query; under a filter, those that hold as much of it."""

    def __init__(self, layout: Layout, lists: Lists, probes: Probes) -> None:
        faiss = load_faiss()
        self.count = layout.count
        self.lists = len(layout.centres)
        self.probes = probes
        self._layout = layout
        self._source = lists
        self._there = np.zeros(self.lists, np.bool_)
        self._lock = threading.Lock()
        self._centres = faiss.IndexFlatIP(layout.dim)  # FAISS wants one; lists are chosen here
        self._index = faiss.IndexIVFScalarQuantizer(
            self._centres,
            layout.dim,
            self.lists,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            True,  # codes are of the differences to the centres, whose span is smaller
        )
        faiss.copy_array_to_vector(layout.trained, self._index.sq.trained)
        self._index.is_trained = True

    def search(self, query: Vectors, k: int, chosen: Chosen | None) -> Found:
        """At most ``k`` nearest to ``query``, shape ``(dim,)``, best first. Raises `Damaged`."""
        room = self.count if chosen is None else len(chosen.ranks)
        if min(k, room) < 1:
            return none_found()
        nearness = self._layout.centres @ query
        if chosen is not None and room <= EXACT_BELOW:
            return self._exactly(query, k, chosen.ranks, nearness)
        if chosen is None:
            numbers = self._enough(nearness, np.diff(self._layout.starts), k)
        else:
            held = np.bincount(self._homes[chosen.ranks], minlength=self.lists)
            numbers = self._enough(nearness, held, k)
        self._load(numbers)
        return self._score(query, k, numbers, nearness[numbers], chosen)

    def _enough(
        self, nearness: NDArray[np.float32], held: NDArray[np.int64], k: int
    ) -> NDArray[np.int64]:
        """The nearest lists that together hold as much as the probes do on average, or ``k``.

        ``held`` counts what may be found in each list, so a filter does not thin out what is
        searched, wherever its photos lie.
        """
        order = np.argsort(-nearness)
        probes = self.probes.near if nearness[order[0]] >= self.probes.border else self.probes.far
        order = order[held[order] > 0]
        wanted = max(k, probes * self.count // len(held))
        number = int(np.searchsorted(np.cumsum(held[order]), wanted)) + 1
        return order[:number].astype(np.int64)

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        return self._source.places()

    @cached_property
    def _homes(self) -> NDArray[np.int64]:
        """For each rank its list."""
        return np.searchsorted(self._layout.starts, self._places, side="right") - 1

    def _exactly(
        self, query: Vectors, k: int, ranks: Ranks, nearness: NDArray[np.float32]
    ) -> Found:
        codes = self._source.rows(self._places[ranks])
        low, span = np.split(self._layout.trained, 2)
        # The same as decoding each row, but the constant part is computed once.
        weights = (query * span / 255).astype(np.float32)
        scores = nearness[self._homes[ranks]] + query @ low + weights.sum() / 2
        for at in range(0, len(codes), _IN_CACHE):
            some = slice(at, at + _IN_CACHE)
            scores[some] += codes[some].astype(np.float32) @ weights
        best = np.argsort(-scores, kind="stable")[:k]
        return ranks[best], scores[best].astype(np.float32)

    def _load(self, numbers: NDArray[np.int64]) -> None:
        if self._there[numbers].all():
            return
        faiss = load_faiss()
        with self._lock:
            for number in numbers[~self._there[numbers]]:
                ranks, codes = self._source.of(int(number))
                self._index.invlists.add_entries(
                    int(number), len(ranks), faiss.swig_ptr(ranks), faiss.swig_ptr(codes)
                )
                self._there[number] = True

    def _score(
        self,
        query: Vectors,
        k: int,
        numbers: NDArray[np.int64],
        nearness: NDArray[np.float32],
        chosen: Chosen | None,
    ) -> Found:
        faiss = load_faiss()
        selector = None if chosen is None else faiss.IDSelectorBitmap(chosen.bits)
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=len(numbers))
        scores, ranks = np.empty(k, np.float32), np.empty(k, np.int64)
        wanted: tuple[Any, ...] = (query, numbers, nearness, scores, ranks)
        x, lists, near, best, labels = (faiss.swig_ptr(array) for array in wanted)
        # Its wrapper in Python takes no parameters, so no selector.
        self._index.search_preassigned_c(1, x, k, lists, near, best, labels, False, parameters)
        return ranks[ranks >= 0], scores[ranks >= 0]
