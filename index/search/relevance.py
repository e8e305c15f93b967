"""Whether photos answer a text at all: from how its scores compare with those of everyday words.

A cosine alone says little: vague words ("hand") score low with every photo, others high with what
merely comes near. So a query is set beside a few hundred everyday words
(`index.search.everyday_words`) in the same library, and five signs are weighed by a logistic
regression. All are ratios, ranks or shares, so weights that were fitted with one model serve
another. docs/decisions/0010 tells what was tried and how well it does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vlm.protocols import Calibration, SignWeights, Vectors

Bounds: TypeAlias = tuple[float, float]
"""The lowest cosines of `strong` and `maybe`."""

HITS = 3
"""So many of the best hits are compared with the words."""

DEFAULT = SignWeights(
    lead=1.13,
    rivals=-0.67,
    spread=2.98,
    text_spread=-4.16,
    nearness=4.11,
    size=-0.69,
    start=-0.11,
)
"""For models without weights of their own; fitted with the starter on Flickr8k dev."""

STRONG = 5.0
"""For models without a calibration: a hit is `strong` so many standard deviations above the mean
score of the words. With the starter 77 % of such hits are right among 100 photos."""

_SAME = 0.999
"""Two texts with a higher cosine are the same; half precision costs less."""

_MARGIN = 1e-4
"""Cosines that are closer are equal: vectors are stored at half precision."""

_Shares: TypeAlias = NDArray[np.float32]


class Signs(NamedTuple):
    """What is known of a query's scores in a library.

    ``lead``: how far the best hit lies above the mean score of all words and photos, in standard
    deviations. ``rivals``: mean over the `HITS` best hits of log(1 + words that fit it better).
    ``spread``: share of the words whose scores vary less over the photos, 0 to 1; words that mean
    nothing to the model score the same with all. ``text_spread`` and ``nearness``: share of the
    words that are less varied, and less near on average, in their cosines with the other words.
    """

    lead: float
    rivals: float
    spread: float
    text_spread: float
    nearness: float


@dataclass(frozen=True, slots=True)
class Background:
    """Everyday words and some photos of a library, both as unit vectors ``(n, dim)``.

    ``mean`` and ``deviation`` are those of the cosines of all words with all of these photos;
    the rest has a number for each word, rising.
    """

    words: Vectors
    photos: Vectors
    mean: float
    deviation: float
    spreads: _Shares
    text_spreads: _Shares
    text_means: _Shares

    @classmethod
    def of(cls, words: Vectors, photos: Vectors) -> Background:
        """Compare the words with photos, at least one, that stand for the library."""
        scores = words @ photos.T
        apart = ~np.eye(len(words), dtype=np.bool_)
        texts = (words @ words.T)[apart].reshape(len(words), -1)
        return cls(
            words,
            photos,
            float(scores.mean()),
            float(scores.std()),
            np.sort(scores.std(1)),
            np.sort(texts.std(1)),
            np.sort(texts.mean(1)),
        )

    @property
    def tells(self) -> bool:
        """Whether the model knows the words apart, and their scores anything of photos."""
        return self.deviation > _MARGIN and float(self.text_means[-1]) < _SAME


def signs(query: Vectors, hits: Vectors, background: Background) -> Signs:
    """The signs for a query, shape ``(dim,)``, and the best `HITS` photos, ``(n, dim)``."""
    texts = background.words @ query
    others = texts < _SAME
    scores = hits @ query
    better = background.words[others] @ hits.T > scores + _MARGIN
    return Signs(
        lead=float(scores.max() - background.mean) / background.deviation,
        rivals=float(np.log1p(better.sum(0)).mean()),
        spread=_share_below(background.spreads, (background.photos @ query).std()),
        text_spread=_share_below(background.text_spreads, texts[others].std()),
        nearness=_share_below(background.text_means, texts[others].mean()),
    )


def evidence(found: Signs, photos: int, weights: SignWeights) -> float:
    """Logarithm of the odds that the best of so many ``photos`` are what was asked for."""
    return (
        weights.lead * found.lead
        + weights.rivals * found.rivals
        + weights.spread * found.spread
        + weights.text_spread * found.text_spread
        + weights.nearness * found.nearness
        + weights.size * math.log(max(1, photos))
        + weights.start
    )


def bounds(
    found: Signs, photos: int, background: Background, calibration: Calibration | None
) -> Bounds:
    """The lowest cosines of `strong` and `maybe` for one query among so many photos.

    A photo is a `maybe` if its score, were it the best, would speak for an answer; where the best
    reaches the bound of the calibration, so must the others. Without a calibration `strong` is
    `STRONG`. The bound of `maybe` is never above that of `strong`.
    """
    weights = (calibration and calibration.weights) or DEFAULT
    needed = found.lead - evidence(found, photos, weights) / weights.lead
    maybe = background.mean + needed * background.deviation
    if calibration is None:
        strong = background.mean + STRONG * background.deviation
        return strong, min(strong, maybe)
    usual = calibration.maybe_among(photos)
    if background.mean + found.lead * background.deviation >= usual:
        maybe = max(maybe, usual)
    return calibration.strong, min(calibration.strong, maybe)


def text_bounds(
    query: Vectors,
    hits: Vectors,
    photos: int,
    background: Background,
    calibration: Calibration | None,
) -> Bounds | None:
    """`bounds` from the `signs`; None where the words tell nothing, or there is no hit."""
    if not len(hits) or not background.tells:
        return None
    return bounds(signs(query, hits, background), photos, background, calibration)


def _share_below(rising: _Shares, value: float) -> float:
    """Share of values that are smaller, equal ones by half.

    >>> _share_below(np.float32([1, 2, 2, 5]), 2.0)
    0.5
    """
    below, upto = np.searchsorted(rising, value), np.searchsorted(rising, value, "right")
    return float(below + upto) / (2 * len(rising))
