"""How well yes and no fit what is there: pure functions of pairs of a truth and a verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from eval.vqa_replies import answer_of

Verdict: TypeAlias = bool | None
"""Yes, no, or neither."""

_NO = re.compile(r"(?:no|none)\b|(?:there|it|this|that) (?:is no|are no|isn't|aren't)|i don't see")
_YES = re.compile(r"(?:yes|yeah)\b|there (?:is|are)\b")


class Presence(NamedTuple):
    """Shares in [0, 1]. Of ``precision`` and ``recall`` yes is the positive answer.

    A reply that is neither yes nor no is wrong, counts as a yes in neither, and makes ``not_sure``.
    """

    accuracy: float
    precision: float
    recall: float
    f1: float
    yes_rate: float
    not_sure: float


def verdict_of(reply: str) -> Verdict:
    """Whether a reply says yes or no to a question for an object.

    >>> [verdict_of(reply) for reply in ("Probably yes.", "No, it isn't.", "There are no dogs")]
    [True, False, False]
    >>> verdict_of("I am not sure. Perhaps yes."), verdict_of("A dog on a lawn.")
    (None, None)
    """
    answer = answer_of(reply)
    if answer is None:
        return None
    return False if _NO.match(answer) else True if _YES.match(answer) else None


def presence(pairs: Sequence[tuple[bool, Verdict]]) -> Presence:
    """Measure pairs of what is true and what was said; at least one. The order does not matter.

    Where nothing can be divided by, precision, recall and f1 are 0.

    >>> presence([(True, True), (True, None), (False, True), (False, False)])._asdict()
    {'accuracy': 0.5, 'precision': 0.5, 'recall': 0.5, 'f1': 0.5, 'yes_rate': 0.5, 'not_sure': 0.25}
    """
    n = len(pairs)
    yes = sum(said is True for _, said in pairs)
    there = sum(truth for truth, _ in pairs)
    hits = sum(truth and said is True for truth, said in pairs)
    return Presence(
        accuracy=sum(truth is said for truth, said in pairs) / n,
        precision=hits / yes if yes else 0.0,
        recall=hits / there if there else 0.0,
        f1=2 * hits / (yes + there) if yes + there else 0.0,
        yes_rate=yes / n,
        not_sure=sum(said is None for _, said in pairs) / n,
    )
