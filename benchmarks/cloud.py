"""Made-up vectors that lie as those of photos do, by the million, made when they are needed.

A mixture of Gaussians on the sphere: 1,000 subjects, the common ones 100 times as common as the
rare ones (weights fall as rank ** -0.7), in 48 directions of falling importance, a direction that
all share, and a little noise in every dimension. Two vectors have a cosine of 0.37 in the middle
and 0.12 to 0.76 in 98 of 100 cases; a vector's tenth neighbour among 20,000 is at 0.83. Nothing
is kept: every block of rows comes from its own seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.vectors.store import Keys
from vlm.protocols import Vectors

BLOCK = 16_384

_SUBJECTS = 1000
_DIRECTIONS = 48


class Cloud:
    """``count`` unit vectors of ``dim`` dimensions at half precision, by the contract `Source`."""

    def __init__(self, count: int, dim: int = 512) -> None:
        self.count = count
        self.dim = dim

    @cached_property
    def _shape(self) -> tuple[Vectors, Vectors, Vectors, NDArray[np.float64]]:
        draw = np.random.default_rng(0)
        basis = np.linalg.qr(draw.normal(size=(self.dim, _DIRECTIONS)))[0].T
        basis *= np.sqrt(np.geomspace(1, 0.05, _DIRECTIONS))[:, None]
        centres = draw.normal(size=(_SUBJECTS, _DIRECTIONS))
        shared = draw.normal(size=self.dim)
        weights = np.arange(1, _SUBJECTS + 1) ** -0.7
        return (
            basis.astype(np.float32),
            centres.astype(np.float32),
            (0.8 * shared / np.linalg.norm(shared)).astype(np.float32),
            weights / weights.sum(),
        )

    def block(self, number: int, rows: int) -> Vectors:
        """Some unit vectors; blocks from ``count`` on are other photos of the same kind."""
        basis, centres, shared, weights = self._shape
        draw = np.random.default_rng([1, number])
        place = centres[draw.choice(_SUBJECTS, rows, p=weights)]
        place = place + 0.7 * draw.standard_normal((rows, _DIRECTIONS), np.float32)
        vectors = place @ basis
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        noise = draw.standard_normal((rows, self.dim), np.float32)
        vectors += shared + np.float32(0.25 / self.dim**0.5) * noise
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float16).astype(np.float32)

    def all(self) -> Iterator[Vectors]:
        """All vectors, in pieces."""
        for start in range(0, self.count, BLOCK):
            yield self.block(start, min(BLOCK, self.count - start))

    def keys(self) -> Keys:
        """Every vector is a content of its own."""
        ids = np.arange(1, self.count + 1, dtype=np.int64)
        return Keys(ids, ids)

    def some(self, ids: NDArray[np.int64]) -> Vectors:
        """A few of the vectors, at the price of making all."""
        return np.concatenate(list(self.all()))[ids - 1]


def from_afar(photos: Vectors, seed: int = 2) -> Vectors:
    """Queries about as far from all photos as texts are: photos under ten times as much noise."""
    noise = np.random.default_rng(seed).normal(size=photos.shape)
    afar = photos + 10 * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    afar /= np.linalg.norm(afar, axis=1, keepdims=True)
    return afar.astype(np.float32)
