"""Whether two photos show one picture: laid on each other as well as they go, then compared.

A photo of the same moment differs from a copy in two ways. It shows something beyond each edge
that the other does not, where a crop lies wholly within its original; and what moved differs, in
brighter and in darker places, where a watermark only adds light or only takes it.

Photos come as thumbnails of `SIDE` squared pixels, whatever their shape. A crop of a photo is
then a window of its thumbnail, found by the method of B. D. Lucas and T. Kanade (1981), from
coarse to fine: four numbers for the window and two for brightness and contrast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.dhash import turn

SIDE = 64
"""Pixels of a thumbnail's side."""

_FINE = 32
_LEVELS = ((8, 8), (16, 6), (_FINE, 6))
"""Sides of the grids that photos are laid on each other in, and the steps taken in each."""

_BLOCKS = 8
"""Blocks of a side that are compared one by one."""

_BEYOND = 0.008
"""Part of a side by which a crop may reach beyond its original: twice what was measured."""

_OVERLAP = 0.5
"""Part of the second photo that must be seen in the first, at least."""

_ALIKE = 0.9
"""Correlation of copies, at least."""

_FLAT = 0.02
"""Contrast (standard deviation, of 1) below which there is nothing to compare."""

_STRAY = 1
"""Blocks that may differ for no reason that we know."""

_MARKED = 8
"""Blocks that a watermark may cover, of 64."""

_ONE_SIDED = 0.05
"""At most so much of what differs may go the other way for it to be a watermark."""

_PIECE = 256

Floats = NDArray[np.float32]


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
    same = np.minimum(_contrast(first), _contrast(second)) >= _FLAT
    found = likeness(first[same], second[same], ways[same])
    marked = (found.blocks <= _MARKED) & (found.two_sided < _ONE_SIDED)
    same[same] = (
        (found.correlation > _ALIKE)
        & (found.beyond < _BEYOND)
        & (found.overlap >= _OVERLAP)
        & ((found.blocks <= _STRAY) | marked)
    )
    return same


def _contrast(photos: NDArray[np.uint8]) -> Floats:
    grey: Floats = _grey(np.divide(photos, 255, dtype=np.float32)).std((1, 2))
    return grey


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
        laid = np.stack([turn(*pair) for pair in zip(first[part], ways[part], strict=True)])
        one = np.divide(laid, 255, dtype=np.float32)
        other = np.divide(second[part], 255, dtype=np.float32)
        yield _compare(one, other, _window(_grey(one), _grey(other)))


def _grey(photos: Floats) -> Floats:
    grey: Floats = photos @ np.array([0.299, 0.587, 0.114], np.float32)
    return grey


def _shrink(photos: Floats, side: int) -> Floats:
    step = SIDE // side
    shape = (len(photos), side, step, side, step, *photos.shape[3:])
    small: Floats = photos.reshape(shape).mean((2, 4), dtype=np.float32)
    return small


def _window(first: Floats, second: Floats) -> Floats:
    """Where the second photo lies in the first: left, width, top, height in parts of a side."""
    window = np.tile(np.array([0, 1, 0, 1], np.float32), (len(first), 1))
    for side, steps in _LEVELS:
        aim = _shrink(second, side).reshape(len(second), -1)
        for _ in range(steps):
            window = _step(first, aim, side, window)
    return window


def _step(first: Floats, aim: Floats, side: int, window: Floats) -> Floats:
    """One step of Gauss and Newton; what fits badly counts little."""
    seen, inside = _look(first, window, side)
    place = (np.arange(side, dtype=np.float32) + 0.5) / side
    down, across = np.gradient(seen, axis=(1, 2))
    slopes = [
        across * side / window[:, 1, None, None],
        across * place * side / window[:, 1, None, None],
        down * side / window[:, 3, None, None],
        down * place[:, None] * side / window[:, 3, None, None],
    ]
    flat, weight = seen.reshape(len(seen), -1), inside.reshape(len(seen), -1)
    gain, rest = _brightness(flat, aim, weight)
    weight = weight * _trust(rest, weight)
    columns = [gain[:, None] * slope.reshape(len(seen), -1) for slope in slopes]
    design = np.stack([*columns, flat, np.ones_like(flat)], axis=2)
    weighed = design * weight[:, :, None]
    normal = weighed.transpose(0, 2, 1) @ design
    size = np.trace(normal, axis1=1, axis2=2)[:, None, None]
    normal += np.eye(6, dtype=np.float32) * (1e-4 * np.maximum(size, 1e-3))
    step = np.linalg.solve(normal, (weighed * rest[:, :, None]).sum(1)[:, :, None])[:, :4, 0]
    moved: Floats = (window + np.clip(step, -0.08, 0.08)).astype(np.float32)
    moved[:, 1::2] = np.clip(moved[:, 1::2], 0.5, 2)
    return moved


def _look(photos: Floats, window: Floats, side: int) -> tuple[Floats, Floats]:
    """What is seen of photos through their windows, shape ``(n, side, side, ...)``, and where.

    Each pixel is the mean over its area, so that nothing is lost or invented in shrinking.
    """
    across, in_width = _areas(window[:, 0], window[:, 1], side)
    down, in_height = _areas(window[:, 2], window[:, 3], side)
    flat = photos.reshape(len(photos), SIDE, -1)
    rows = (down @ flat).reshape(len(photos), side, SIDE, -1)
    seen: Floats = across[:, None] @ rows
    shape = (len(photos), side, side, *photos.shape[3:])
    return seen.reshape(shape), in_height[:, :, None] * in_width[:, None, :]


def _areas(start: Floats, length: Floats, side: int) -> tuple[Floats, Floats]:
    edges = start[:, None] + length[:, None] * np.arange(side + 1, dtype=np.float32) / side
    covered = np.clip(edges[:, :, None] * SIDE - np.arange(SIDE, dtype=np.float32), 0, 1)
    areas = np.diff(covered, axis=1)
    inside = (edges[:, :-1] > -0.01) & (edges[:, 1:] < 1.01)
    whole = np.maximum(areas.sum(2, keepdims=True), 1e-6)
    return (areas / whole).astype(np.float32), inside.astype(np.float32)


def _brightness(seen: Floats, aim: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Contrast that brings photos nearest to their aims, and what is left: ``(n,)``, ``(n, m)``."""
    whole = np.maximum(weight.sum(1, keepdims=True), 1e-6)
    one = seen - (seen * weight).sum(1, keepdims=True) / whole
    other = aim - (aim * weight).sum(1, keepdims=True) / whole
    gain = (one * other * weight).sum(1) / np.maximum((one * one * weight).sum(1), 1e-6)
    gain = np.clip(gain, 0.5, 2).astype(np.float32)
    return gain, other - gain[:, None] * one


def _trust(rest: Floats, weight: Floats) -> Floats:
    """Cauchy's weights: what is left over most is trusted least."""
    whole = np.maximum(weight.sum(1, keepdims=True), 1e-6)
    spread = np.sqrt((rest * rest * weight).sum(1, keepdims=True) / whole) + 1e-3
    trust: Floats = 1 / (1 + (rest / (2 * spread)) ** 2)
    return trust


def _compare(first: Floats, second: Floats, window: Floats) -> tuple[NDArray[np.generic], ...]:
    number = len(first)
    colours, inside = _look(first, window, _FINE)
    aims = _shrink(second, _FINE)
    seen, aim = _grey(colours).reshape(number, -1), _grey(aims).reshape(number, -1)
    weight = inside.reshape(number, -1)
    trusted = weight
    for _ in range(3):
        gain, rest = _brightness(seen, aim, trusted)
        trusted = weight * _trust(rest, weight)
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
    return colours - _grey(colours)[..., None]


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
    size = _FINE // _BLOCKS
    shape = (len(seen), _BLOCKS, size, _BLOCKS, size, 3)
    shift = np.abs((tint - other_tint).reshape(shape).mean((2, 4))).max(-1).reshape(away.shape)
    differs = (structure < 0.75) | (away > 0.1) | (shift > 0.1)
    found: NDArray[np.int64] = (differs & (block.weight >= size * size / 2)).sum(1)
    return found


def _in_blocks(values: Floats) -> Floats:
    size = _FINE // _BLOCKS
    cut = values.reshape(-1, _BLOCKS, size, _BLOCKS, size).transpose(0, 1, 3, 2, 4)
    return cut.reshape(len(values), _BLOCKS * _BLOCKS, size * size)
