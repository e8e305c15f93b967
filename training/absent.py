"""Nouns to ask about that a photo does not show, drawn by frequency or by the company they keep."""

import random
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

POWER = 0.75
COMPANIONS = 60
TRIES = 30


class Cooccurrence:
    """How often nouns occur, and which go together, over the noun sets of many photos."""

    def __init__(self, noun_sets: Sequence[frozenset[str]]) -> None:
        self._count = Counter(noun for nouns in noun_sets for noun in sorted(nouns))
        together: dict[str, Counter[str]] = defaultdict(Counter)
        for nouns in noun_sets:
            for noun in nouns:
                together[noun].update(sorted(nouns - {noun}))
        self._near = {
            noun: _Draw(
                {other: n * n / self._count[other] for other, n in found.most_common(COMPANIONS)}
            )
            for noun, found in together.items()
            if found
        }
        self._all = _Draw({noun: n**POWER for noun, n in self._count.items()})

    def negative(
        self, nouns: Iterable[str], unsure: frozenset[str] = frozenset()
    ) -> Callable[[random.Random], str]:
        """Proposals for a photo with these nouns: half from all, half from what goes with them.

        What is `unsure` is drawn again a few times, so that the halves stay halves.
        """
        known = sorted(noun for noun in nouns if noun in self._near)

        def propose(rng: random.Random) -> str:
            near = known and rng.random() < 0.5
            for _ in range(TRIES):
                noun = (self._near[rng.choice(known)] if near else self._all).draw(rng)
                if noun not in unsure:
                    break
            return noun

        return propose


class _Draw:
    """Draws keys in proportion to their weights."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._keys = list(weights)
        self._upto = list(accumulate(weights.values()))

    def draw(self, rng: random.Random) -> str:
        return self._keys[bisect(self._upto, rng.random() * self._upto[-1])]
