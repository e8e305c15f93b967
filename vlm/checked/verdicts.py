"""From evidence to a verdict: weights and bounds as measured in docs/decisions/0012."""

from __future__ import annotations

import math
from collections.abc import Iterable

from vlm.checked.atoms import AtomKind
from vlm.checked.claims import ClaimVerdict, Evidence, Source

_EDGE = 0.001
"""Supports are cut off so far from 0 and 1 before their logarithm is taken."""
_ENOUGH = 3
"""Samples that all agree keep a claim from being dropped if there are at least so many."""

_NOTHING_SAID = 0.4
"""For a colour whose thing no sample was drawn of."""

_WEIGHTS: dict[frozenset[Source], tuple[float, dict[Source, float]]] = {
    frozenset(("samples",)): (-1.08, {"samples": 2.55}),
    frozenset(("objects",)): (0.26, {"objects": 0.74}),
    frozenset(("samples", "objects")): (-0.22, {"samples": 0.82, "objects": 0.66}),
}
"""Of things: what is added, and the weights of the share of samples and of others' log odds."""

_BOUNDS: dict[AtomKind, tuple[float, float]] = {
    "thing": (0.6, 0.4),
    "quality": (0.2, 0.2),
    "count": (0.7, 0.7),
    "action": (0.3, 0.3),
    "text": (0.8, 0.8),
    "sentence": (0.5, 0.25),
}
"""At the first and above a claim is kept, below the second it is dropped."""


def verdict_of(kind: AtomKind, evidence: Iterable[Evidence], samples: int) -> ClaimVerdict:
    """Keep, hedge or drop; more support never makes it worse.

    Where nobody can be asked a claim is kept, except for text in quotes: that is hedged.

    >>> verdict_of("thing", [Evidence("samples", 1.0, "")], 5)
    'keep'
    >>> verdict_of("thing", [Evidence("samples", 0.0, "")], 5)
    'drop'
    """
    said = {each.source: each.support for each in evidence}
    if kind == "text":
        return _quoted(said)
    if not said:
        return "keep"
    keep, drop = _BOUNDS[kind]
    chance = _of_thing(said) if kind == "thing" else _of_other(kind, said)
    if chance >= keep:
        return "keep"
    agreed = said.get("samples", 0.0) >= 1 and samples >= _ENOUGH
    return "drop" if chance < drop and not agreed else "hedge"


def _quoted(said: dict[Source, float]) -> ClaimVerdict:
    if "text" not in said:
        return "hedge"
    return "keep" if said["text"] >= _BOUNDS["text"][0] else "drop"


def _of_other(kind: AtomKind, said: dict[Source, float]) -> float:
    if kind == "quality" and "embedder" in said:
        return (said.get("samples", _NOTHING_SAID) + said["embedder"]) / 2
    return said.get("samples", 1.0)


def _of_thing(said: dict[Source, float]) -> float:
    known = frozenset(said) & {"samples", "objects"}
    if not known:
        return said.get("embedder", 1.0)  # text in the photo says nothing of a thing
    start, weights = _WEIGHTS[frozenset(known)]
    total = start
    for source, weight in weights.items():
        support = said[source]
        total += weight * (support if source == "samples" else _log_odds(support))
    return 1 / (1 + math.exp(-total))


def _log_odds(share: float) -> float:
    share = min(max(share, _EDGE), 1 - _EDGE)
    return math.log(share / (1 - share))
