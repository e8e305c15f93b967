"""How well a ranking puts first what belongs together: pure functions of scores and ranks.

A rank is the place, counted from 1, of the first candidate that belongs to the query. Ties are
read against the model: a candidate that scores as high as the right one stands ahead of it, so
that a model which gives everything the same vector finds nothing (rather than everything).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vlm.protocols import Vectors

Ranks: TypeAlias = NDArray[np.int64]
"""One rank for each query, 1 the best, shape ``(n,)``."""

Owners: TypeAlias = NDArray[np.int64]
"""For each row the number of the photo it belongs to, shape ``(n,)``."""

TIE = np.float32(1e-6)
"""Cosines closer than this are equal: sums of float32 products are not exact beyond it."""

_BLOCK = 4_000_000  # scores held at a time: 16 MB


def recall_at(k: int, ranks: Ranks) -> float:
    """Share of the queries whose rank is ``k`` or better, in [0, 1].

    Where each query has one right candidate this is recall@k; where it has several it is hit@k.

    >>> recall_at(5, np.array([1, 3, 9, 200]))
    0.5
    """
    return float(np.mean(ranks <= k))


def mean_reciprocal_rank(ranks: Ranks) -> float:
    """Mean of 1 / rank, in (0, 1].

    >>> mean_reciprocal_rank(np.array([1, 2, 4, 4]))
    0.5
    """
    return float(np.mean(1.0 / ranks))


def median_rank(ranks: Ranks) -> float:
    """The rank that half of the queries reach; midway between the middle two of an even number.

    >>> median_rank(np.array([1, 2, 4, 90]))
    3.0
    """
    return float(np.median(ranks))


MEASURES: Mapping[str, Callable[[Ranks], float]] = {
    "r@1": lambda ranks: recall_at(1, ranks),
    "r@5": lambda ranks: recall_at(5, ranks),
    "r@10": lambda ranks: recall_at(10, ranks),
    "mrr": mean_reciprocal_rank,
    "median_rank": median_rank,
}
"""What is reported of a list of ranks, by the name it has in the report."""


def ranks_of(scores: NDArray[np.float32], own: NDArray[np.bool_]) -> Ranks:
    """Rank of the best own candidate of each query among the candidates that are not its own.

    ``scores`` and ``own`` have shape ``(queries, candidates)``. A score that is not a number
    counts against the model; a query without an own candidate ranks behind all of them.

    >>> ranks_of(np.float32([[.9, .1, .5]]), np.array([[False, True, True]]))
    array([2])
    """
    best = np.where(own, scores, np.float32(-np.inf)).max(axis=1, keepdims=True)
    behind = own | (scores < best - TIE)
    found: Ranks = 1 + np.count_nonzero(~behind, axis=1)
    return found


def ranks(queries: Vectors, candidates: Vectors, owner: Owners, candidate_owner: Owners) -> Ranks:
    """`ranks_of` for the cosines of two sets of unit vectors, a block of queries at a time.

    A candidate is a query's own where both belong to the same photo.
    """
    rows = max(1, _BLOCK // max(1, len(candidates)))
    blocks = [
        ranks_of(
            queries[start : start + rows] @ candidates.T,
            owner[start : start + rows, None] == candidate_owner,
        )
        for start in range(0, len(queries), rows)
    ]
    return np.concatenate(blocks)
