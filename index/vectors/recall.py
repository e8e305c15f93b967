"""How many lists to search: as few as find what an exact search finds, measured at build.

Two kinds of query are tried, made from photos of the library itself: photos as they are, and
photos moved so far off that they are about as far from all photos as a text is. Recall is the
share of an exact search's `DEPTH` first that are found; copies of the asking photo do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from index.vectors.flat import load_faiss
from index.vectors.inverted import Inverted, Layout, Lists, Probes
from vlm.protocols import Vectors

PROMISED = 0.98
"""Least recall for photos as queries. Vectors where lists do not reach it stay flat."""

RECALL = 0.985
"""What is aimed at, since a sample errs a little."""

RECALL_AFAR = 0.95
"""The same for queries as far from all photos as texts are, which take many times as long."""

_TOO_LITTLE = 0.002
"""Gain in recall that twice the lists must bring; what is left then is lost to the 8 bits."""

_MANY = 8
"""Lists from which on the gain is looked at; below, it may be chance."""

DEPTH = 10
"""How many neighbours are counted."""

_SPARE = 22
"""Further neighbours that are found, since copies of the photo that asks are left out."""

_AFAR = 10.0
"""Length of the noise added to a photo's vector of length 1 for a query from afar.

Measured with the starter, 6,091 photos of Flickr8k in 121 lists: recall of captions is 0.77, 0.88,
0.95 and 0.98 with 8, 16, 32 and 64 lists. With this noise it is 0.75, 0.88, 0.95 and 0.98; with
noise of length 2.5 it would be 0.95, 0.98, 0.99 and 0.99, far too good.
"""

_BORDER = 0.02
"""Share of photos that are taken for texts, which costs time only, so that no text is missed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Recall at `DEPTH`: of photos as queries, and of queries as far from photos as texts."""

    near: float
    far: float


class Exam:
    """Queries whose exact neighbours are looked for while vectors pass by."""

    SIZE: ClassVar = 256
    """Photos that ask, once as they are and once from afar."""

    def __init__(self, photos: Vectors, tags: NDArray[np.int64], draw: np.random.Generator) -> None:
        noise = draw.normal(size=photos.shape).astype(np.float32)
        noise *= _AFAR / np.linalg.norm(noise, axis=1, keepdims=True)
        afar = photos + noise
        afar /= np.linalg.norm(afar, axis=1, keepdims=True)
        self._queries = np.concatenate([photos, afar])
        self._askers = np.concatenate([tags, tags])
        self._scores = np.empty((len(self._queries), 0), np.float32)
        self._tags = np.empty((len(self._queries), 0), np.int64)

    def see(self, rows: Vectors, tags: NDArray[np.int64]) -> None:
        """Compare with some of the vectors, shape ``(n, dim)``; each must pass once."""
        faiss = load_faiss()
        k = min(len(rows), DEPTH + _SPARE)
        scores, ranks = faiss.knn(self._queries, rows, k, metric=faiss.METRIC_INNER_PRODUCT)
        scores = np.concatenate([self._scores, scores], axis=1)
        seen = np.concatenate([self._tags, tags[ranks]], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, : DEPTH + _SPARE]
        self._scores = np.take_along_axis(scores, best, axis=1)
        self._tags = np.take_along_axis(seen, best, axis=1)

    def choose(
        self, layout: Layout, lists: Lists, tags: NDArray[np.int64]
    ) -> tuple[Probes, Measured]:
        """The fewest lists that find enough, for both kinds of query."""
        index = Inverted(layout, lists, Probes(1, 1, 0.0))
        half = len(self._queries) // 2
        near, recall = self._fewest(index, tags, range(half), RECALL, PROMISED)
        far, recall_afar = self._fewest(index, tags, range(half, 2 * half), RECALL_AFAR, 0.0)
        nearest = (self._queries[:half] @ layout.centres.T).max(axis=1)
        border = float(np.quantile(nearest, _BORDER))
        return Probes(near, max(near, far), border), Measured(recall, recall_afar)

    def _fewest(
        self,
        index: Inverted,
        tags: NDArray[np.int64],
        which: Iterable[int],
        goal: float,
        least: float,
    ) -> tuple[int, float]:
        """Lists that reach the goal, or at least ``least`` when more lists bring too little."""
        tried: dict[int, float] = {}
        probes = 1
        while True:
            index.probes = Probes(probes, probes, 0.0)
            recall = float(np.mean([self._recall(index, tags, number) for number in which]))
            tried[probes] = round(recall, 4)
            if recall >= goal or probes >= index.lists:
                return probes, tried[probes]
            half = max((p for p in tried if p <= probes // 2), default=0)
            if half >= _MANY and max(recall - _TOO_LITTLE, least) < tried[half]:
                return half, tried[half]
            probes = min(index.lists, max(probes + 1, probes * 5 // 4))

    def _recall(self, index: Inverted, tags: NDArray[np.int64], number: int) -> float:
        asker, wanted = self._askers[number], self._tags[number]
        wanted = wanted[wanted != asker][:DEPTH]
        ranks, _ = index.search(self._queries[number], DEPTH + _SPARE, None)
        found = tags[ranks]
        found = found[found != asker][: len(wanted)]
        return float(np.isin(found, wanted).sum() / len(wanted)) if len(wanted) else 1.0
