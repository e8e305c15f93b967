"""Reciprocal rank fusion: one order out of several channels whose scores cannot be compared.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
learning methods", SIGIR 2009. Photos with the same score in a channel share the middle of their
ranks, so a word that hundreds of photos have in common lifts none of them by much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

CONSTANT = 60
"""The paper's k: how slowly what a rank counts for falls off."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one channel says: ids and scores, higher is better; ``weight`` is that of its first."""

    channel: str
    weight: float
    scored: Sequence[tuple[int, float]]


def fuse(rankings: Iterable[Ranking]) -> dict[int, dict[str, float]]:
    """What each channel contributes to each id; an id's place is decided by the sum.

    Scaled so that the first of a channel gets the channel's weight.

    >>> fused = fuse([Ranking("vector", 1, [(7, 0.9), (8, 0.5)]), Ranking("ocr", 0.5, [(8, 3.0)])])
    >>> [(i, {c: round(part, 3) for c, part in parts.items()}) for i, parts in fused.items()]
    [(7, {'vector': 1.0}), (8, {'vector': 0.984, 'ocr': 0.5})]
    """
    parts: dict[int, dict[str, float]] = {}
    for ranking in rankings:
        for number, rank in ranks(ranking.scored):
            share = ranking.weight * (CONSTANT + 1) / (CONSTANT + rank)
            mine = parts.setdefault(number, {})
            mine[ranking.channel] = mine.get(ranking.channel, 0.0) + share
    return parts


def ranks(scored: Iterable[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """Ids with their ranks from 1, best first; equal scores share the mean of their ranks.

    >>> list(ranks([(1, 0.5), (2, 0.9), (3, 0.5)]))
    [(2, 1.0), (1, 2.5), (3, 2.5)]
    """
    before = 0
    ordered = sorted(scored, key=lambda pair: (-pair[1], pair[0]))
    for _, group in groupby(ordered, key=itemgetter(1)):
        same = [number for number, _ in group]
        shared = before + (len(same) + 1) / 2
        yield from ((number, shared) for number in same)
        before += len(same)
