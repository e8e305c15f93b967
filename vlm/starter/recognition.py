"""What ImageNet's classifier takes the main thing for: labels that mean the same are added up."""

from __future__ import annotations

from collections.abc import Sequence

from vlm.starter.nouns import Nouns
from vlm.starter.strategies import Floats

SEEN, CLEARLY_SEEN = 0.3, 0.7
"""Probability of the main thing from which on it is said, and said plainly."""
_LEAST = 0.02
"""Labels below this probability are not looked at."""


def main_thing(
    labels: Sequence[str], shares: Floats, nouns: Nouns, kind: str = ""
) -> tuple[str, float]:
    """The likeliest thing and its probability; of a ``kind`` ("animal") where one is given.

    A label stands for the known noun that it is or ends in ("egyptian cat": cat); files without
    labels know nothing.

    >>> import numpy as np
    >>> nouns = Nouns(("cat", "cup"), wider={"cat": "animal"})
    >>> shares = np.array([0.3, 0.4, 0.25], np.float32)
    >>> main_thing(("tabby cat", "cup", "egyptian cat"), shares, nouns)[0]
    'cat'
    >>> main_thing(("tabby cat", "cup"), shares[:2], nouns, "food")
    ('', 0.0)
    """
    total: dict[str, float] = {}
    for label, share in zip(labels, shares.tolist(), strict=False):
        if share >= _LEAST:
            name = nouns.meant(label) or nouns.meant(label.rpartition(" ")[2]) or label
            total[name] = total.get(name, 0.0) + share
    suits = {name for name in total if not kind or kind in nouns.all_wider(name)}
    best = max(suits, key=lambda name: total[name], default="")
    return best, total.get(best, 0.0)
