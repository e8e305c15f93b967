"""Whether two photos show one picture: laid on each other as well as they go, then compared.

A photo of the same moment differs from a copy in two ways. It shows something beyond each edge
that the other does not, where a crop lies wholly within its original; and what moved differs, in
brighter and in darker places, where a watermark only adds light or only takes it.

Photos come as thumbnails; `index.duplicates.overlay` lays one on the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.decoding.dhash import turn
from index.duplicates.overlay import (
    FINE,
    Floats,
    find_window,
    fit_brightness,
    grey,
    look,
    shrink,
    trust,
)

_BLOCKS = 8
"""Blocks of a side that are compared one by one."""

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

_STRAY = 1
"""Blocks that may differ for no reason that we know."""

_MARKED = 8
"""Blocks that a watermark may cover, of 64."""

_ONE_SIDED = 0.05
"""At most so much of what differs may go the other way for it to be a watermark."""

_PIECE = 256


@dataclass(frozen=True, slots=True)
class Likeness:
    """How pairs of photos agree where they overlap; arrays of shape ``(n,)``.

    ``correlation``: of brightness. ``beyond``: how far each reaches beyond the other, the less of
    both, as a part of a side. ``overlap``: part of the second photo seen in the first.
    ``blocks``: how many of 64 blocks differ. ``two_sided``: 0 where all that differs is brighter,
    or all is darker, to 0.5 where both weigh the same.
    """

    correlation: Floats
    beyond: Floats
    overlap: Floats
    blocks: NDArray[np.int64]
    two_sided: Floats


def are_copies(
    first: NDArray[np.uint8], second: NDArray[np.uint8], ways: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each pair shows one picture: shape ``(n,)``; arguments as for `likeness`.

    The bounds are those that `benchmarks/duplicates.py` measures, see docs/duplicates.md.
    """
    laid = _lay(first, ways)
    same = np.zeros(len(first), np.bool_)
    todo = np.flatnonzero(np.minimum(_contrast(first), _contrast(second)) >= _FLAT)
    # The search for the window may go astray one way and not the other.
    for one, other in ((laid, second), (second, laid)):
        found = likeness(one[todo], other[todo], np.zeros_like(todo))
        agrees = _agrees(found)
        same[todo[agrees]] = True
        todo = todo[~agrees & (found.correlation > _PROMISING)]
    return same


def _agrees(found: Likeness) -> NDArray[np.bool_]:
    marked = (found.blocks <= _MARKED) & (found.two_sided < _ONE_SIDED)
    verdict: NDArray[np.bool_] = (
        (found.correlation > _ALIKE)
        & (found.beyond < _BEYOND)
        & (found.overlap >= _OVERLAP)
        & ((found.blocks <= _STRAY) | marked)
    )
    return verdict


def _lay(photos: NDArray[np.uint8], ways: NDArray[np.int64]) -> NDArray[np.uint8]:
    pairs = zip(photos, ways.tolist(), strict=True)
    return np.array([turn(*pair) for pair in pairs], np.uint8).reshape(photos.shape)


def _contrast(photos: NDArray[np.uint8]) -> Floats:
    contrast: Floats = grey(np.divide(photos, 255, dtype=np.float32)).std((1, 2))
    return contrast


def likeness(
    first: NDArray[np.uint8], second: NDArray[np.uint8], ways: NDArray[np.int64]
) -> Likeness:
    """Compare thumbnails, shape ``(n, SIDE, SIDE, 3)``, the first laid as `turn` says."""
    pieces = list(_pieces(first, second, ways))
    columns = zip(*pieces, strict=True) if pieces else [[np.zeros(0)] for _ in range(5)]
    return Likeness(*(np.concatenate(column) for column in columns))


def _pieces(
    first: NDArray[np.uint8], second: NDArray[np.uint8], ways: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.generic], ...]]:
    for start in range(0, len(first), _PIECE):
        part = slice(start, start + _PIECE)
        one = np.divide(_lay(first[part], ways[part]), 255, dtype=np.float32)
        other = np.divide(second[part], 255, dtype=np.float32)
        yield _compare(one, other, find_window(grey(one), grey(other)))


def _compare(first: Floats, second: Floats, window: Floats) -> tuple[NDArray[np.generic], ...]:
    number = len(first)
    colours, inside = look(first, window, FINE)
    aims = shrink(second, FINE)
    seen, aim = grey(colours).reshape(number, -1), grey(aims).reshape(number, -1)
    weight = inside.reshape(number, -1)
    trusted = weight
    for _ in range(3):
        gain, rest = fit_brightness(seen, aim, trusted)
        trusted = weight * trust(rest, weight)
    rest = rest * weight
    fitted = aim - rest
    up, down = (np.maximum(sign * rest - 0.04, 0).sum(1) for sign in (1, -1))
    left, width, top, height = window.T
    reach = np.stack([-left, left + width - 1, -top, top + height - 1])
    beyond = np.minimum(reach.max(0), (-reach).max(0))
    return (
        _correlation(fitted, aim, weight),
        beyond,
        inside.mean((1, 2)),
        _different(fitted, aim, weight, gain[:, None, None, None] * _tint(colours), _tint(aims)),
        np.minimum(up, down) / np.maximum(up + down, 1e-6),
    )


def _tint(colours: Floats) -> Floats:
    return colours - grey(colours)[..., None]


def _correlation(seen: Floats, aim: Floats, weight: Floats) -> Floats:
    covered = _Moments(seen[:, None], aim[:, None], weight[:, None])
    both: Floats = covered.both / np.sqrt(covered.first * covered.second + 1e-9)
    return both[:, 0]


class _Moments:
    """Means, variances and covariance of two signals along the last axis."""

    def __init__(self, first: Floats, second: Floats, weight: Floats) -> None:
        self.weight = weight.sum(-1)
        whole = np.maximum(self.weight, 1e-6)
        self.mean = (first * weight).sum(-1) / whole
        self.other_mean = (second * weight).sum(-1) / whole
        one = (first - self.mean[..., None]) * weight
        other = (second - self.other_mean[..., None]) * weight
        self.first = (one * one).sum(-1) / whole
        self.second = (other * other).sum(-1) / whole
        self.both = (one * other).sum(-1) / whole


def _different(
    seen: Floats, aim: Floats, weight: Floats, tint: Floats, other_tint: Floats
) -> NDArray[np.int64]:
    """How many blocks differ in structure (as in SSIM), in brightness or in colour."""
    weights = _in_blocks(weight)
    block = _Moments(_in_blocks(seen), _in_blocks(aim), weights)
    noise = 0.03**2
    structure = (2 * block.both + noise) / (block.first + block.second + noise)
    away = np.abs(block.mean - block.other_mean)
    size = FINE // _BLOCKS
    shape = (len(seen), _BLOCKS, size, _BLOCKS, size, 3)
    shift = np.abs((tint - other_tint).reshape(shape).mean((2, 4))).max(-1).reshape(away.shape)
    differs = (structure < 0.75) | (away > 0.1) | (shift > 0.1)
    found: NDArray[np.int64] = (differs & (block.weight >= size * size / 2)).sum(1)
    return found


def _in_blocks(values: Floats) -> Floats:
    size = FINE // _BLOCKS
    cut = values.reshape(-1, _BLOCKS, size, _BLOCKS, size).transpose(0, 1, 3, 2, 4)
    return cut.reshape(len(values), _BLOCKS * _BLOCKS, size * size)
