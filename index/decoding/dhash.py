"""A 64-bit difference hash of a photo: near copies differ in few bits, at any quarter turn.

After the difference hash of N. Krawetz (2013, "Kind of like that"), which compares each pixel of a
tiny grey image with its neighbour. Here neighbours are compared in both directions, in a grid of
6x6 (60 bits) and in one of 2x2 (4 bits), so that the hash of a turned or mirrored photo follows
from the hash alone: its bits move and some of them change sign.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ORIENTATIONS = 8
"""Ways to lay a photo: four quarter turns, each plain or mirrored."""

LEAST_SIDE = 128
"""Pixels of a side that an image should have kept before it is hashed."""

_GRIDS = (6, 2)


def dhash(image: Image.Image) -> int:
    """Hash of an upright RGB or grey image of any size: an unsigned number of 64 bits.

    >>> f"{dhash(Image.linear_gradient('L')):016x}"
    '00000003fffffff3'
    """
    # Pillow rounds to whole numbers, which would make many neighbours of 6x6 equal.
    small = image.resize((48, 48), Image.Resampling.BOX).convert("L")
    fine = np.asarray(small, np.float32).reshape(6, 8, 6, 8).mean((1, 3))
    coarse = fine.reshape(2, 3, 2, 3).mean((1, 3))
    bits = [part.ravel() for grid in (fine, coarse) for part in _differences(grid)]
    return int(np.packbits(np.concatenate(bits)).view(">u8")[0])


def _differences(grid: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return grid[:, 1:] > grid[:, :-1], grid[1:] > grid[:-1]


def turn(photo: NDArray[Any], orientation: int) -> NDArray[Any]:
    """An image, shape ``(height, width, ...)``, laid in one of the `ORIENTATIONS`; 0 is as it is.

    Adding 4 swaps rows and columns; then 2 turns it upside down and 1 mirrors left and right.
    """
    laid = photo.swapaxes(0, 1) if orientation & 4 else photo
    return laid[:: -1 if orientation & 2 else 1, :: -1 if orientation & 1 else 1]


def turned(hashes: NDArray[np.uint64], orientation: int) -> NDArray[np.uint64]:
    """The hashes, shape ``(n,)``, that the photos would have if laid as by `turn`.

    Exact but for neighbours of equal brightness, which have no sign to change.
    """
    bits = np.unpackbits(hashes.astype(">u8").view(np.uint8).reshape(-1, 8), axis=1)
    parts = []
    start = 0
    for side in _GRIDS:
        number = side * (side - 1)
        across = bits[:, start : start + number].reshape(-1, side, side - 1)
        down = bits[:, start + number : start + 2 * number].reshape(-1, side - 1, side)
        start += 2 * number
        if orientation & 4:
            across, down = down.swapaxes(1, 2), across.swapaxes(1, 2)
        if orientation & 2:
            across, down = across[:, ::-1], 1 - down[:, ::-1]
        if orientation & 1:
            across, down = 1 - across[:, :, ::-1], down[:, :, ::-1]
        parts += [across.reshape(-1, number), down.reshape(-1, number)]
    packed = np.packbits(np.concatenate(parts, axis=1), axis=1)
    return packed.view(">u8").astype(np.uint64).ravel()
