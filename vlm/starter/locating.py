"""Where in a photo a thing is, from the cosines of the grid's cells with its name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vlm.protocols import Region
from vlm.starter.strategies import Floats

LEAST = 0.4
"""Cosine of the best cell below which a thing is seen nowhere. In photos that show it, the best
cells of dogs, people, balls, bicycles and horses had 0.48 to 0.62."""

_PART = 0.5
"""Cells count that stand out from the mean at least by this share of what the best one does."""


def region_of(heat: Floats) -> Region | None:
    """The box around the best cell and those like it that touch it; None where none is clear.

    ``heat`` ``(rows, columns)`` are cosines. Left, top, right, bottom in shares of the photo.

    >>> heat = np.zeros((4, 4), np.float32)
    >>> heat[1, 2] = heat[2, 2] = 0.6
    >>> region_of(heat)
    (0.5, 0.25, 0.75, 0.75)
    """
    if float(heat.max()) < LEAST:
        return None
    apart = heat - heat.mean()
    inside = _touching(apart >= _PART * apart.max(), divmod(int(heat.argmax()), heat.shape[1]))
    rows, columns = np.nonzero(inside)
    height, width = heat.shape
    return (
        float(columns.min() / width),
        float(rows.min() / height),
        float((columns.max() + 1) / width),
        float((rows.max() + 1) / height),
    )


def _touching(cells: NDArray[np.bool_], start: tuple[int, int]) -> NDArray[np.bool_]:
    """The cells that are joined to one of them side by side."""
    joined = np.zeros_like(cells)
    joined[start] = True
    while True:
        grown = joined.copy()
        grown[1:] |= joined[:-1]
        grown[:-1] |= joined[1:]
        grown[:, 1:] |= joined[:, :-1]
        grown[:, :-1] |= joined[:, 1:]
        grown &= cells
        if (grown == joined).all():
            return joined
        joined = grown
