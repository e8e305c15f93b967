"""In which order lines of text are read: row by row from the top, each from the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Positions of the boxes as they are read; boxes whose middles lie beside each other are a row.

    >>> reading_order([(5, 20, 9, 30), (5, 1, 9, 11), (0, 2, 4, 12)])
    [2, 1, 0]
    """
    rows: list[list[int]] = []
    for at in sorted(range(len(boxes)), key=lambda n: _middle(boxes[n])):
        if rows and _beside(boxes[at], boxes[rows[-1][0]]):
            rows[-1].append(at)
        else:
            rows.append([at])
    return [at for row in rows for at in sorted(row, key=lambda n: (boxes[n][0], n))]


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _beside(box: Box, first: Box) -> bool:
    """Whether either middle lies at the height of the other box."""
    return first[1] <= _middle(box) <= first[3] or box[1] <= _middle(first) <= box[3]
