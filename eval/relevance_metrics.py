"""How well "here they are" and "nothing matches" are told apart: pure functions of what was said.

Queries for what is there and for what is not weigh the same, however many there are of each, so
that a number hangs on the model and not on how long the lists are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Outcomes: TypeAlias = NDArray[np.int64]
"""For each query ``2 * there + matched``: 0 rightly nothing, 1 false match, 2 missed, 3 found."""


class Told(NamedTuple):
    """Shares in [0, 1] for one of the two answers."""

    f1: float
    precision: float
    recall: float


def matches(outcomes: Outcomes) -> Told:
    """Of "here they are": how often it is true, and how often what is there is answered with it.

    Both kinds of query must occur. A model that always says so has an F1 of 2/3:

    >>> [round(share, 3) for share in matches(np.array([1, 1, 1, 3]))]
    [0.667, 0.5, 1.0]
    """
    return _told(_share(outcomes, 3, 2), _share(outcomes, 1, 0))


def nothing(outcomes: Outcomes) -> Told:
    """Of "nothing matches", likewise.

    >>> nothing(np.array([0, 1, 3]))
    Told(f1=0.6666666666666666, precision=1.0, recall=0.5)
    """
    return _told(_share(outcomes, 0, 1), _share(outcomes, 2, 3))


MEASURES: Mapping[str, Callable[[Outcomes], float]] = {
    "f1": lambda outcomes: matches(outcomes).f1,
    "precision": lambda outcomes: matches(outcomes).precision,
    "recall": lambda outcomes: matches(outcomes).recall,
}
"""What is reported with intervals."""


def balanced(there: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A weight for each query, so that both kinds add up to one half.

    >>> balanced(np.array([True, False, False]))
    array([0.5 , 0.25, 0.25])
    """
    present = int(there.sum())
    absent = len(there) - present
    weights: NDArray[np.float64] = np.where(there, 0.5 / max(1, present), 0.5 / max(1, absent))
    return weights


def share_right(
    shown: NDArray[np.bool_], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> float | None:
    """Share of hits that are right among those shown, both ``(queries, hits)``; None without any.

    >>> share_right(np.array([[True, True]]), np.array([[True, False]]), np.array([1.0]))
    0.5
    """
    total = float((weights[:, None] * shown).sum())
    return float((weights[:, None] * (shown & right)).sum()) / total if total else None


def _share(outcomes: Outcomes, of: int, beside: int) -> float:
    count, other = int((outcomes == of).sum()), int((outcomes == beside).sum())
    return count / (count + other) if count + other else 0.0


def _told(right: float, wrong: float) -> Told:
    """From the share of queries that deserve an answer and get it, and that of others that do."""
    if not right:
        return Told(0.0, 0.0, 0.0)
    precision = right / (right + wrong)
    return Told(2 * precision * right / (precision + right), precision, right)
