"""Make lists for approximate search: centres, homes and 8-bit codes of the vectors of a stream.

The stream is read twice: a sample to find centres (spherical k-means), then all, to put each
vector into its list. What has to be kept of a vector meanwhile is one byte a dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from index.vectors.flat import Ranks, load_faiss
from index.vectors.inverted import Layout, Probes
from index.vectors.recall import Exam, Measured
from vlm.protocols import Vectors

_TRAINING = 50
"""Vectors for each centre in the sample that centres are found with."""


class Built:
    """Lists in memory, by the contract of `Lists`."""

    def __init__(self, layout: Layout, order: Ranks, codes: NDArray[np.uint8]) -> None:
        self.layout = layout
        self._order = order  # the ranks as they stand in the lists
        self._codes = codes  # by rank

    def of(self, number: int) -> tuple[Ranks, NDArray[np.uint8]]:
        """Ranks and codes of one list."""
        start, end = self.layout.starts[number : number + 2]
        ranks = self._order[start:end]
        return ranks, self._codes[ranks]

    def places(self) -> NDArray[np.int64]:
        """For each rank its row among all lists."""
        places = np.empty_like(self._order)
        places[self._order] = np.arange(len(self._order))
        return places

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Codes of some rows."""
        chosen: NDArray[np.uint8] = self._codes[self._order[places]]
        return chosen


def lists_for(count: int) -> int:
    """How many lists ``count`` vectors are put into.

    With twice the square root, comparing the centres costs as much as comparing half a list.

    >>> lists_for(1_000_000)
    2000
    """
    return max(1, min(2 * int(count**0.5), count // _TRAINING))


def cluster(
    dim: int, tags: NDArray[np.int64], stream: Callable[[], Iterable[Vectors]], *, seed: int = 0
) -> tuple[Built, Probes, Measured]:
    """Lists of all vectors of a stream, which gives the same ones each time it is called.

    ``tags``, shape ``(n,)``, are equal where contents are: copies of a photo count as one.
    """
    faiss = load_faiss()
    count = len(tags)
    draw = np.random.default_rng(seed)
    number = lists_for(count)
    sample = np.sort(draw.choice(count, min(count, number * _TRAINING), replace=False))
    learnt = np.stack(list(_at(stream(), sample)))
    means = faiss.Kmeans(
        dim, number, niter=10, spherical=True, seed=seed, min_points_per_centroid=1
    )
    means.train(learnt)
    quantizer = faiss.ScalarQuantizer(dim, faiss.ScalarQuantizer.QT_8bit)
    quantizer.train(learnt - means.centroids[means.index.assign(learnt, 1)[:, 0]])
    asking = draw.choice(len(sample), min(len(sample), Exam.SIZE), replace=False)
    exam = Exam(learnt[asking], tags[sample[asking]], draw)
    del learnt
    codes = np.empty((count, dim), np.uint8)
    home = np.empty(count, np.int64)
    at = 0
    for rows in stream():
        here = slice(at, at + len(rows))
        home[here] = means.index.assign(rows, 1)[:, 0]
        codes[here] = quantizer.compute_codes(rows - means.centroids[home[here]])
        exam.see(rows, tags[here])
        at += len(rows)
    starts = np.concatenate([[0], np.cumsum(np.bincount(home, minlength=number))]).astype(np.int64)
    layout = Layout(means.centroids, faiss.vector_to_array(quantizer.trained), starts)
    built = Built(layout, np.argsort(home, kind="stable"), codes)
    return built, *exam.choose(layout, built, tags)


def _at(stream: Iterable[Vectors], ranks: Ranks) -> Iterator[Vectors]:
    """The vectors at some rising ranks of a stream."""
    begin = 0
    for rows in stream:
        low, high = np.searchsorted(ranks, (begin, begin + len(rows)))
        yield from rows[ranks[low:high] - begin]
        begin += len(rows)
