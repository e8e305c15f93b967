"""Whether two photos show one picture: laid on each other as well as they go, then compared.

A photo of the same moment differs from a copy in two ways. It shows something beyond each edge
that the other does not, where a crop lies wholly within its original; and what moved differs, in
brighter and in darker places, where a watermark only adds light or only takes it.

Photos come as thumbnails; `index.duplicates.overlay` lays one on the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.decoding.dhash import turn
from index.duplicates.likeness import Likeness, likeness
from index.duplicates.overlay import grey, shrink

METHOD = 1
"""Grows with whatever may change a verdict, here, in thumbnails or in how a pair is laid."""

_BEYOND = 0.008
"""Part of a side by which a crop may reach beyond its original: twice what was measured."""

_OVERLAP = 0.5
"""Part of the second photo that must be seen in the first, at least."""

_ALIKE = 0.9
"""Correlation of copies, at least."""

_PROMISING = 0.5
"""Correlation from which a pair that disagrees is worth another try."""

_FLAT = 0.02
"""Contrast (standard deviation, of 1) below which there is nothing to compare."""

_SKETCH = 8
"""Side of the grids that are compared first, and as they are."""

_HOPELESS = 0.25
"""Correlation of sketches below which nothing was found; that of 4,389 copies was 0.34 at least."""

_STRAY = 1
"""Blocks that may differ for no reason that we know."""

_MARKED = 8
"""Blocks that a watermark may cover, of 64."""

_ONE_SIDED = 0.05
"""At most so much of what differs may go the other way for it to be a watermark."""


def are_copies(
    photos: NDArray[np.uint8],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    ways: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Whether each pair shows one picture: shape ``(n,)``.

    ``photos`` are thumbnails, shape ``(m, SIDE, SIDE, 3)``; ``first`` and ``second`` say which of
    them make each pair, and ``ways`` how the first is laid (`turn`), shape ``(n,)``. The bounds are
    those that `benchmarks/duplicates.py` measures, see docs/duplicates.md.
    """
    same = np.zeros(len(first), np.bool_)
    todo = np.flatnonzero(_promising(photos, first, second, ways))
    # The search for the window may go astray one way and not the other.
    for back in (False, True):
        if not len(todo):
            break
        pair = _lay(photos[first[todo]], ways[todo]), photos[second[todo]]
        found = likeness(*(pair[::-1] if back else pair))
        agrees = _agrees(found)
        same[todo[agrees]] = True
        todo = todo[~agrees & (found.correlation > _PROMISING)]
    return same


def _promising(
    photos: NDArray[np.uint8],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    ways: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Not pairs of which one is plain, nor most of those that have nothing in common."""
    bright = grey(np.divide(photos, 255, dtype=np.float32))
    plain = bright.std((1, 2)) < _FLAT
    sketches = shrink(bright, _SKETCH)
    sketches -= sketches.mean((1, 2), keepdims=True)
    one, other = _lay(sketches[first], ways), sketches[second]
    both = (one * other).sum((1, 2))
    size = (one * one).sum((1, 2)) * (other * other).sum((1, 2))
    hopeless = both < _HOPELESS * np.sqrt(size)
    promising: NDArray[np.bool_] = ~(hopeless | plain[first] | plain[second])
    return promising


def _agrees(found: Likeness) -> NDArray[np.bool_]:
    marked = (found.blocks <= _MARKED) & (found.two_sided < _ONE_SIDED)
    verdict: NDArray[np.bool_] = (
        (found.correlation > _ALIKE)
        & (found.beyond < _BEYOND)
        & (found.overlap >= _OVERLAP)
        & ((found.blocks <= _STRAY) | marked)
    )
    return verdict


def _lay(photos: NDArray[Any], ways: NDArray[np.int64]) -> NDArray[Any]:
    pairs = zip(photos, ways.tolist(), strict=True)
    return np.array([turn(*pair) for pair in pairs], photos.dtype).reshape(photos.shape)
