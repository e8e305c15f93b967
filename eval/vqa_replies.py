"""From what a describer says to the answer that is scored. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.vqa_normalise import normalise
from vlm.tasks import is_unsure

_HEDGE = re.compile(
    r"(?:probably|maybe|perhaps|possibly|presumably|(?:most |very |quite )?likely|apparently"
    r"|i (?:think|believe|guess)(?: that)?)\b[,:]? +"
)
_VERDICT = re.compile(r"(yes|no)(?:[,.;:!]| [-\u2013\u2014])")
_GREY = re.compile(r"\bgr[ae]y\b")


def answer_of(reply: str) -> str | None:
    """The answer in a reply: lower case, no hedge, no full stop; None for "not sure" or declined.

    Of "Yes, there is a dog." only the verdict counts. A guess that follows on "I am not sure" is
    none: whoever reads it has been told not to rely on it.

    >>> [answer_of(reply) for reply in ("Probably brown.", "Yes, there is.", "2", "On a beach!")]
    ['brown', 'yes', '2', 'on a beach']
    >>> [answer_of(reply) for reply in ("I am not sure. Perhaps brown.", "I can't count.", " ")]
    [None, None, None]
    """
    if is_unsure(reply):
        return None
    said = " ".join(reply.replace("\u2019", "'").lower().split())
    while hedge := _HEDGE.match(said):
        said = said[hedge.end() :]
    verdict = _VERDICT.match(said)
    return verdict[1] if verdict else said.rstrip(" .!") or None


def spelt_as(people: Sequence[str], answer: str) -> str:
    """The answer with grey or gray as most of the people write it.

    >>> spelt_as(["gray", "silver"], "grey"), spelt_as(["silver"], "grey")
    ('gray', 'grey')
    """
    forms = [answer, _GREY.sub("grey", answer), _GREY.sub("gray", answer)]
    written = [normalise(person) for person in people]
    return max(forms, key=lambda form: written.count(normalise(form)))
