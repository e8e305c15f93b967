"""The nearest neighbours of every vector among all the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors.flat import load_faiss

_FLAT = 10_000
"""Up to so many vectors all are compared, which takes two seconds."""

_PROBES = 8
"""Lists that are searched for a vector; those that matter most here are very near it."""

_TRAINING = 50
"""Vectors for each list that its centre is found from."""

_PIECE = 4096


def nearest(vectors: NDArray[np.float16], k: int) -> NDArray[np.int64]:
    """Positions of the nearest of each, by inner product, shape ``(n, k)``, itself left out.

    ``vectors`` are unit rows, shape ``(n, dim)``. Exact up to 10,000; of more, those in the lists
    (centres of k-means) around each. -1 where there are no more.
    """
    count, dim = vectors.shape
    index = _index(vectors) if count > _FLAT else load_faiss().IndexFlatIP(dim)
    for start in range(0, count, _PIECE):
        index.add(_floats(vectors[start : start + _PIECE]))
    found = np.full((count, k), -1, np.int64)
    for start in range(0, count, _PIECE):
        _, ids = index.search(_floats(vectors[start : start + _PIECE]), min(k + 1, count))
        itself = ids == np.arange(start, start + len(ids))[:, None]
        itself[~itself.any(1), -1] = True  # beyond k copies, or not found: leave the last one out
        found[start : start + len(ids), : ids.shape[1] - 1] = ids[~itself].reshape(len(ids), -1)
    return found


def _index(vectors: NDArray[np.float16]) -> Any:
    faiss = load_faiss()
    count, dim = vectors.shape
    lists = int(4 * count**0.5)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim),
        dim,
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter = 6
    index.nprobe = _PROBES
    sample = np.random.default_rng(0).permutation(count)[: _TRAINING * lists]
    index.train(_floats(vectors[np.sort(sample)]))
    return index


def _floats(vectors: NDArray[np.float16]) -> NDArray[np.float32]:
    return np.ascontiguousarray(vectors, np.float32)
