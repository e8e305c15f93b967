"""Pairs of photos that may be copies, found without comparing every photo with every other.

Two ways that miss different things: difference hashes that differ in few bits, at any quarter
turn or mirrored (multi-index hashing: M. Norouzi, A. Punjani, D. Fleet, 2012), and neighbours
among the vectors, which stand a crop better and a turn hardly at all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.decoding.dhash import ORIENTATIONS, turned
from index.vectors.flat import load_faiss
from index.vectors.neighbours import nearest

Halves = NDArray[np.float16]

RADIUS = 8
"""Bits that the hashes of a pair may differ in; more bring more pairs in vain than copies."""

_FLIPS = 1
"""Bits that one of four parts of the hashes may differ in. Some part differs in no more in all
pairs of up to 7 bits and in 96 % of those of 8; two flips would look up eight times as much."""

_FAR = 18
"""Bits that the hashes of neighbours by vector may differ in: half of all chance pairs do more."""

_NEAREST = 16
"""Photos compared with one at most, for each way that it can lie."""

_NEIGHBOURS = 8
_PIECE = 4096


class Pairs(NamedTuple):
    """Photos by their position, ``first`` < ``second``, nearest hashes first; shape ``(n,)``.

    ``ways``: how the first must be laid (`index.decoding.dhash.turn`) to look most like the second.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    ways: NDArray[np.int64]


def lookalikes(
    hashes: NDArray[np.uint64], vectors: Halves, with_vector: NDArray[np.int64]
) -> Pairs:
    """Pairs of photos with these hashes, shape ``(n,)``.

    ``vectors``, shape ``(m, dim)``, are of the photos ``with_vector``, shape ``(m,)``.
    """
    pairs = _unique(
        np.concatenate([near_hashes(hashes, RADIUS), _neighbours(vectors, with_vector)])
    )
    bits = np.stack(
        [
            np.bitwise_count(turned(hashes[pairs[:, 0]], way) ^ hashes[pairs[:, 1]])
            for way in range(ORIENTATIONS)
        ]
    )
    distance, ways = bits.min(0, initial=65), bits.argmin(0)
    order = np.argsort(distance, kind="stable")[: int((distance <= _FAR).sum())]
    return Pairs(pairs[order, 0], pairs[order, 1], ways[order])


def near_hashes(hashes: NDArray[np.uint64], radius: int) -> NDArray[np.int64]:
    """Pairs of positions, shape ``(n, 2)``, whose hashes differ in at most ``radius`` bits.

    The first of a pair may be laid in any way. All up to 7 bits, most beyond; of more than a few
    such photos for one, the nearest are given.
    """
    faiss = load_faiss()
    index = faiss.IndexBinaryMultiHash(64, 4, 16)
    index.nflip = _FLIPS
    index.add(_bytes(hashes))
    found = [np.zeros((0, 2), np.int64)]
    for way in range(ORIENTATIONS):
        laid = turned(hashes, way)
        for start in range(0, len(hashes), _PIECE):
            queries = _bytes(laid[start : start + _PIECE])
            distances, others = index.search(queries, _NEAREST)
            row, column = np.nonzero((others >= 0) & (distances <= radius))
            found.append(np.stack([row + start, others[row, column]], axis=1))
    return _unique(np.concatenate(found))


def _bytes(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return hashes.astype(">u8").view(np.uint8).reshape(-1, 8)


def _neighbours(vectors: Halves, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(vectors) < 2:
        return np.zeros((0, 2), np.int64)
    found = nearest(vectors, _NEIGHBOURS)
    row, column = np.nonzero(found >= 0)
    return _unique(np.stack([positions[row], positions[found[row, column]]], axis=1))


def _unique(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    ordered = np.sort(pairs, axis=1)
    found: NDArray[np.int64] = np.unique(ordered[ordered[:, 0] != ordered[:, 1]], axis=0)
    return found
