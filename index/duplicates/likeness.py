"""How pairs of photos agree once one is laid on the other: as a whole, and block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

_UNLIKE = 0.75
"""Likeness of structure, at most 1, below which blocks differ."""

_AWAY = 0.1
"""Brightness or colour, of 1, by which blocks differ."""

_NOISE = 0.03
"""What the brightness of a pixel may differ by for no reason, as a standard deviation."""

_SLIGHT = 0.04
"""Difference of brightness that says nothing about which is brighter."""

_PIECE = 256
"""Pairs at a time."""


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


def likeness(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Likeness:
    """Compare thumbnails, shape ``(n, SIDE, SIDE, 3)``, pair by pair; of one pair at least."""
    pieces = []
    for start in range(0, len(first), _PIECE):
        pair = (photos[start : start + _PIECE] for photos in (first, second))
        pieces.append(_compare(*(np.divide(photos, 255, dtype=np.float32) for photos in pair)))
    return Likeness(*(np.concatenate(column) for column in zip(*pieces, strict=True)))


def _compare(first: Floats, second: Floats) -> tuple[NDArray[np.generic], ...]:
    number = len(first)
    window = find_window(grey(first), grey(second))
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
    up, down = (np.maximum(sign * rest - _SLIGHT, 0).sum(1) for sign in (1, -1))
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
    structure = (2 * block.both + _NOISE**2) / (block.first + block.second + _NOISE**2)
    away = np.abs(block.mean - block.other_mean)
    size = FINE // _BLOCKS
    shape = (len(seen), _BLOCKS, size, _BLOCKS, size, 3)
    shift = np.abs((tint - other_tint).reshape(shape).mean((2, 4))).max(-1).reshape(away.shape)
    differs = (structure < _UNLIKE) | (away > _AWAY) | (shift > _AWAY)
    found: NDArray[np.int64] = (differs & (block.weight >= size * size / 2)).sum(1)
    return found


def _in_blocks(values: Floats) -> Floats:
    size = FINE // _BLOCKS
    cut = values.reshape(-1, _BLOCKS, size, _BLOCKS, size).transpose(0, 1, 3, 2, 4)
    return cut.reshape(len(values), _BLOCKS * _BLOCKS, size * size)
