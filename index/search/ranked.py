"""The order of hits: band first, then what all channels contribute together."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.records import Band
from index.search.bands import Bands
from index.search.caption_vectors import NO_CAPTIONS, NearCaptions, with_captions
from index.search.fusion import Ranking, fuse
from index.search.query_vector import QueryVector
from index.search.words import Evidence
from index.vectors import store

DEPTH = 200
"""So many of the nearest photos are ranked at least, so that words can lift any of them."""

_ORDER: Mapping[Band, int] = {"strong": 0, "maybe": 1, "weak": 2}


class Ranked(NamedTuple):
    """A photo's id, its cosine with the query, its band, and what each channel contributed."""

    id: int
    score: float
    band: Band
    why: Mapping[str, float]


def ranked(
    index: Any,
    vector: QueryVector,
    allowed: NDArray[np.int64] | None,
    words: Evidence,
    bands: Bands,
    k: int,
    captions: NearCaptions = NO_CAPTIONS,
) -> list[Ranked]:
    """The best ``k`` of the nearest photos and of those that words found, best first.

    A band comes from the cosine with what is wanted (`QueryVector.wanted`) and the bounds that
    ``bands`` finds for the best of these, or from words and captions where they say more. Without
    bounds every photo is a `maybe`.
    """
    nearest = store.search(index, vector.whole, max(k, DEPTH), allowed)
    told = captions.lead.keys() - dict(nearest).keys()
    if allowed is not None:
        told &= set(allowed.tolist())
    nearest += _scores(index, vector.whole, told).items()
    scores = dict(nearest) | _scores(index, vector.whole, _of(words) - dict(nearest).keys())
    parts = fuse([Ranking("vector", 1.0, nearest), *words.rankings])
    if captions.lead:
        for number, vectors in with_captions(nearest, captions).items():
            parts[number] |= vectors
    likely = words.maybe | captions.likely
    total = {number: sum(parts[number].values()) for number in scores}
    wanted = scores
    if vector.wanted is not vector.whole:
        wanted = _scores(index, vector.wanted, set(scores))
    bounds = bands(sorted(wanted.items(), key=lambda hit: (-hit[1], hit[0])))
    hits = [
        Ranked(number, score, band, parts[number])
        for number, score in scores.items()
        for band in [_band(number, wanted.get(number, score), words.strong, likely, bounds)]
    ]
    return sorted(hits, key=lambda h: (_ORDER[h.band], -total[h.id], -h.score, h.id))[:k]


def _of(words: Evidence) -> set[int]:
    return {number for ranking in words.rankings for number, _ in ranking.scored}


def _scores(index: Any, vector: NDArray[np.float32], numbers: set[int]) -> dict[int, float]:
    ids = np.array(sorted(numbers), np.int64)
    return dict(store.search(index, vector, len(ids), ids)) if len(ids) else {}


def _band(
    number: int,
    cosine: float,
    strong: Container[int],
    likely: Container[int],
    bounds: tuple[float, float] | None,
) -> Band:
    least, maybe = bounds or (math.inf, -math.inf)
    if number in strong or cosine >= least:
        return "strong"
    return "maybe" if number in likely or cosine >= maybe else "weak"
