"""VQA accuracy: how far an answer agrees with those of several people. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from eval.vqa_normalise import normalise

_ENOUGH = 3
"""So many people who say the same make an answer fully right."""


def accuracy(answer: str | None, people: Sequence[str]) -> float:
    """Agreement of an answer with those of ``people``, of whom there is at least one, in [0, 1].

    An answer that three of them gave is right: min(number who gave it / 3, 1), averaged over all
    ways to leave one of them out, after `normalise` (https://visualqa.org/evaluation). Of ten
    people, then, one, two, three and four give 0.3, 0.6, 0.9 and 1. Where leaving one out leaves
    fewer than three, all of those suffice; so with three people or fewer it is the share of them
    who gave the answer, and with one it is equality. None, no answer, is wrong.

    >>> accuracy("Brown.", ["brown"] * 2 + ["tan"] * 8), accuracy("tan", ["tan", "brown"])
    (0.6, 0.5)
    """
    return float(_agreement(normalise(answer), _normal(people))) if answer is not None else 0.0


def best_constant(questions: Iterable[Sequence[str]]) -> tuple[str, float]:
    """The answer that does best when it is given to every question, and its mean accuracy.

    Each question is the answers of its people. What a model reaches above this, it owes to the
    photos. Of answers that do equally well the first in alphabetical order is taken.

    >>> best_constant([["yes"], ["no"], ["yes"], ["two", "two", "three"]])
    ('yes', 0.5)
    """
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    count = 0
    for people in questions:
        count += 1
        normal = _normal(people)
        for answer in set(normal):
            sums[answer] += _agreement(answer, normal)
    answer = min(sums, key=lambda answer: (-sums[answer], answer))
    return answer, float(sums[answer] / count)


def is_yes_no(people: Sequence[str]) -> bool:
    """Whether more people answered yes or no than anything else.

    >>> is_yes_no(["yes", "No."]), is_yes_no(["2", "no", "3"])
    (True, False)
    """
    return 2 * sum(answer in ("yes", "no") for answer in _normal(people)) > len(people)


def _normal(people: Sequence[str]) -> list[str]:
    return [normalise(answer) for answer in people]


def _agreement(answer: str, people: Sequence[str]) -> Fraction:
    """`accuracy` of normal forms, exactly, so that sums depend on no order."""
    gave = people.count(answer)
    needed = max(1, min(_ENOUGH, len(people) - 1))
    left_out = gave * min(gave - 1, needed) + (len(people) - gave) * min(gave, needed)
    if len(people) == 1:
        return Fraction(gave)
    return Fraction(left_out, needed * len(people))
