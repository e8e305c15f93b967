"""How far a number may be trusted: percentile bootstrap intervals over photos.

The captions of one photo succeed and fail together, so photos are drawn, not captions: each
sample draws as many photos as there are, with replacement, and takes all texts of each (Efron
and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13). The ranks themselves
stay as they were measured, among all candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.metrics import Owners

T = TypeVar("T", bound=np.generic)

SAMPLES = 1000
LEVEL = 0.95
SEED = 0


def intervals(
    results: NDArray[T],
    photos: Owners,
    measures: Mapping[str, Callable[[NDArray[T]], float]],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> dict[str, tuple[float, float]]:
    """The middle 95 % of each measure over ``samples`` drawings of photos.

    ``photos`` numbers the photo of each result (a rank, a score) from 0, without gaps. The same
    arguments give the same intervals.
    """
    draw = np.random.default_rng(seed)
    count = int(photos.max()) + 1
    values = np.empty((samples, len(measures)))
    for row in values:
        times = np.bincount(draw.integers(count, size=count), minlength=count)
        drawn = np.repeat(results, times[photos])
        row[:] = [measure(drawn) for measure in measures.values()]
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail], axis=0)
    return {name: (float(low[i]), float(high[i])) for i, name in enumerate(measures)}
