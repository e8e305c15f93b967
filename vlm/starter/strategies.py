"""Ways to choose word after word, as generators that know nothing of any model.

A strategy is given the log probabilities of the first token. It then yields, time and again,
which rows of its last turn go on and with which token each, and is sent the log probabilities of
the token after. `run` drives several strategies in one batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Written:
    """Tokens without the final ``end``, and the log probability of all, ``end`` included."""

    tokens: tuple[int, ...]
    log_probability: float

    def score(self, penalty: float) -> float:
        """Log probability over length to the power of ``penalty``: 0 favours the shortest."""
        return self.log_probability / math.pow(len(self.tokens) + 1, penalty)


Strategy: TypeAlias = Generator[tuple[Ints, Ints], Floats, list[Written]]
State = TypeVar("State")
Step: TypeAlias = Callable[[State, Ints, Ints], tuple[State, Floats]]


def beam(
    first: Floats, *, width: int, end: int, limit: int, penalty: float = 0.7, varied: bool = True
) -> Strategy:
    """Beam search: texts of at most ``limit`` tokens, best score first; a width of 1 is greedy.

    With ``varied`` no token follows itself, and no three tokens come twice. Texts that have not
    ended at the limit are returned only where none has.
    """
    live = [Written((), 0.0)]
    done: list[Written] = []
    log_odds = first[None]
    for _ in range(limit):
        totals = log_odds + np.array([[text.log_probability] for text in live], np.float32)
        if varied:
            for row, text in enumerate(live):
                totals[row, repeats(text.tokens)] = -np.inf
        parents: list[int] = []
        grown: list[Written] = []
        for rank, (row, token) in enumerate(_best(totals, 2 * width)):
            total, tokens = float(totals[row, token]), live[row].tokens
            if token == end and rank < width:
                done.append(Written(tokens, total))
            elif token != end and len(grown) < width:
                grown.append(Written((*tokens, token), total))
                parents.append(row)
        if len(done) >= width or not grown:
            break
        live = grown
        if len(live[0].tokens) < limit:
            log_odds = yield np.array(parents), np.array([text.tokens[-1] for text in live])
    return sorted(done or live, key=lambda text: -text.score(penalty))


def run(step: Step[State], state: State, strategies: Sequence[Strategy]) -> list[list[Written]]:
    """Drive strategies in one batch; ``state`` has the one row that all of them begin from.

    ``step`` takes a state, the rows of it that go on and a token for each; it returns their new
    state and log probabilities ``(rows, words)``.
    """
    results: list[list[Written]] = [[] for _ in strategies]
    asked: dict[int, tuple[Ints, Ints]] = {}
    starts = [0] * len(strategies)

    def advance(number: int, answer: Floats | None) -> None:
        try:
            strategy = strategies[number]
            asked[number] = next(strategy) if answer is None else strategy.send(answer)
        except StopIteration as stop:
            asked.pop(number, None)
            results[number] = stop.value

    for number in range(len(strategies)):
        advance(number, None)
    while asked:
        rows = np.concatenate([starts[number] + parents for number, (parents, _) in asked.items()])
        tokens = np.concatenate([tokens for _, tokens in asked.values()])
        state, log_odds = step(state, rows, tokens)
        start = 0
        for number, (parents, _) in list(asked.items()):
            starts[number], start = start, start + len(parents)
            advance(number, log_odds[starts[number] : start])
    return results


def repeats(tokens: Sequence[int]) -> list[int]:
    """The tokens that would repeat the last one, or complete three that came before.

    >>> repeats((1, 2, 3, 1, 2)), repeats((4,)), repeats(())
    ([2, 3], [4], [])
    """
    triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
    third = [c for a, b, c in triples if (a, b) == tuple(tokens[-2:])]
    return [*tokens[-1:], *third]


def _best(totals: Floats, count: int) -> list[tuple[int, int]]:
    """Row and column of the largest finite entries, largest first; the first of equals wins."""
    flat = totals.ravel()
    count = min(count, flat.size)
    bound = np.partition(flat, flat.size - count)[flat.size - count]
    places = np.flatnonzero(flat >= bound)
    places = places[np.argsort(-flat[places], kind="stable")][:count]
    width = totals.shape[1]
    return [(int(at) // width, int(at) % width) for at in places if np.isfinite(flat[at])]
