"""Drawing texts at random, as a strategy: see `vlm.starter.strategies`."""

from __future__ import annotations

import numpy as np

from vlm.starter.strategies import Floats, Strategy, Written

_NUCLEUS = 50
"""Samples are drawn from so many tokens at most; the tail beyond holds next to nothing."""


def samples(
    first: Floats, *, count: int, end: int, limit: int, temperature: float, top: float, seed: int
) -> Strategy:
    """Texts drawn at random, the same for the same seed.

    Each token is one of the likeliest that together have the probability ``top``, at a
    ``temperature``; the log probabilities of the texts are those at temperature 1.
    """
    generator = np.random.default_rng(seed)
    live = [Written((), 0.0)] * count
    done: list[Written] = []
    log_odds = np.repeat(first[None], count, 0)
    for _ in range(limit):
        parents: list[int] = []
        grown: list[Written] = []
        for row, text in enumerate(live):
            token = _draw(log_odds[row], temperature, top, generator.random())
            total = text.log_probability + float(log_odds[row, token])
            if token == end:
                done.append(Written(text.tokens, total))
            else:
                grown.append(Written((*text.tokens, token), total))
                parents.append(row)
        if not grown:
            break
        live = grown
        # In the first turn every text continues the only row that there is.
        rows = np.array(parents) if len(live[0].tokens) > 1 else np.zeros(len(parents), np.int64)
        if len(live[0].tokens) < limit:
            log_odds = yield rows, np.array([text.tokens[-1] for text in live])
    return done


def _draw(log_odds: Floats, temperature: float, top: float, chance: float) -> int:
    size = min(_NUCLEUS, log_odds.size)
    likely = np.argpartition(-log_odds, size - 1)[:size]
    likely = likely[np.argsort(-log_odds[likely], kind="stable")]
    weights = np.exp((log_odds[likely] - log_odds[likely[0]]).astype(np.float64) / temperature)
    sums = np.cumsum(weights)
    kept = int(np.searchsorted(sums, top * sums[-1])) + 1
    return int(likely[np.searchsorted(sums[:kept], chance * sums[:kept][-1], side="right")])
