"""Lay one photo on another: the window of the first that shows the second, and its brightness.

Photos are thumbnails of `SIDE` squared pixels, whatever their shape, so that a crop of a photo is
a window of its thumbnail. It is found by the method of B. D. Lucas and T. Kanade (1981), from
coarse to fine: four numbers for the window and two for brightness and contrast.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SIDE = 64
"""Pixels of a thumbnail's side."""

FINE = 32
"""Side of the grid in which photos are compared in the end."""

_LEVELS = ((8, 6), (16, 6), (FINE, 3))
"""Sides of the grids that photos are laid on each other in, and the steps taken in each."""

Floats = NDArray[np.float32]
"""Photos have values from 0 to 1, shape ``(n, side, side)`` in grey and ``(n, side, side, 3)``."""


def grey(photos: Floats) -> Floats:
    """Brightness of colours, as in ITU-R BT.601."""
    brightness: Floats = photos @ np.array([0.299, 0.587, 0.114], np.float32)
    return brightness


def shrink(photos: Floats, side: int) -> Floats:
    """Photos in a coarser grid, by the mean over each of its cells."""
    mean = np.kron(np.eye(side, dtype=np.float32), np.full(SIDE // side, side / SIDE, np.float32))
    colours = math.prod(photos.shape[3:])
    rows = mean @ photos.reshape(len(photos), SIDE, SIDE * colours)
    small: Floats = mean @ rows.reshape(len(photos), side, SIDE, colours)
    return small.reshape(len(photos), side, side, *photos.shape[3:])


def find_window(first: Floats, second: Floats) -> Floats:
    """Where the second photo lies in the first: left, width, top, height in parts of a side."""
    window = np.tile(np.array([0, 1, 0, 1], np.float32), (len(first), 1))
    for side, steps in _LEVELS:
        aim = shrink(second, side).reshape(len(second), -1)
        for _ in range(steps):
            window = _step(first, aim, side, window)
    return window


def _step(first: Floats, aim: Floats, side: int, window: Floats) -> Floats:
    """One step of Gauss and Newton; what fits badly counts little."""
    seen, inside = look(first, window, side)
    place = (np.arange(side, dtype=np.float32) + 0.5) / side
    down, across = np.gradient(seen, axis=(1, 2))
    slopes = [
        across * side / window[:, 1, None, None],
        across * place * side / window[:, 1, None, None],
        down * side / window[:, 3, None, None],
        down * place[:, None] * side / window[:, 3, None, None],
    ]
    flat, weight = seen.reshape(len(seen), -1), inside.reshape(len(seen), -1)
    gain, rest = fit_brightness(flat, aim, weight)
    weight = weight * trust(rest, weight)
    columns = [gain[:, None] * slope.reshape(len(seen), -1) for slope in slopes]
    design = np.stack([*columns, flat, np.ones_like(flat)], axis=2)
    weighed = design * weight[:, :, None]
    normal = weighed.transpose(0, 2, 1) @ design
    size = np.trace(normal, axis1=1, axis2=2)[:, None, None]
    normal += np.eye(6, dtype=np.float32) * (1e-4 * np.maximum(size, 1e-3))
    aims = weighed.transpose(0, 2, 1) @ rest[:, :, None]
    step = np.linalg.solve(normal, aims)[:, :4, 0]
    moved: Floats = (window + np.clip(step, -0.08, 0.08)).astype(np.float32)
    moved[:, 1::2] = np.clip(moved[:, 1::2], 0.5, 2)
    return moved


def look(photos: Floats, window: Floats, side: int) -> tuple[Floats, Floats]:
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
    """Share of each pixel in what is seen, shape ``(n, side, SIDE)``, and whether it is inside.

    Beyond the edge the last pixel goes on, so that no slope appears there.
    """
    edges = start[:, None] + length[:, None] * np.arange(side + 1, dtype=np.float32) / side
    before, after = edges[:, :-1], edges[:, 1:]
    one = 1 / SIDE
    areas = _covered(np.clip(after, one, 1)) - _covered(np.clip(before, 0, 1 - one))
    inside = (before > -0.01) & (after < 1.01)
    return areas / areas.sum(2, keepdims=True), inside.astype(np.float32)


def _covered(edges: Floats) -> Floats:
    """How much of each pixel lies before the edges: shape ``(n, m, SIDE)``."""
    part: Floats = np.clip(edges[:, :, None] * SIDE - np.arange(SIDE, dtype=np.float32), 0, 1)
    return part


def fit_brightness(seen: Floats, aim: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Contrast that brings photos nearest to their aims, and what is left: ``(n,)``, ``(n, m)``."""
    whole = np.maximum(weight.sum(1, keepdims=True), 1e-6)
    one = seen - _dot(seen, weight)[:, None] / whole
    other = aim - _dot(aim, weight)[:, None] / whole
    weighed = one * weight
    ratio = _dot(weighed, other) / np.maximum(_dot(weighed, one), 1e-6)
    gain: Floats = np.clip(ratio, 0.5, 2).astype(np.float32)
    return gain, other - gain[:, None] * one


def trust(rest: Floats, weight: Floats) -> Floats:
    """Cauchy's weights: what is left over most is trusted least."""
    whole = np.maximum(weight.sum(1, keepdims=True), 1e-6)
    square = rest * rest
    spread = np.sqrt(_dot(square, weight)[:, None] / whole) + 1e-3
    trust: Floats = 1 / (1 + square / (4 * spread * spread))
    return trust


def _dot(one: Floats, other: Floats) -> Floats:
    """Sums of products along the rows."""
    sums: Floats = np.einsum("ij,ij->i", one, other)
    return sums
