"""What a short English question asks for, read by rules. Knows nothing about photos or models."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vlm.alt.wording import clean
from vlm.starter.question_rules import COLOURS, DETERMINER, RULES, Kind

__all__ = ["COLOURS", "Kind", "Question", "read_question", "tidy_question"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its kind, the thing that it is about, and what is claimed of it."""

    kind: Kind
    thing: str = ""
    detail: str = ""


_LONGEST = 200
"""Characters; what is longer was not meant as one of these short questions."""


def tidy_question(text: str) -> str:
    """A question in lower case, without politeness before it or punctuation around it.

    Far too long ones are cut. Grey is spelt as the captions of the training data do.

    >>> tidy_question("Please, is the CAT grey?")
    'is the cat gray'
    """
    asked = clean(text[: 4 * _LONGEST]).lower().strip(" ?!.,;:\u00bf\u00a1\"'")
    asked = re.sub(r"^(?:(?:please|hey|hi|hello|ok|so|and|also|now)\b[\s,]*)+", "", asked)
    asked = re.sub(
        r"^(?:(?:can|could|would) you )?tell me (?=what|which|where|how|is|are)", "", asked
    )
    return re.sub(r"\bgrey\b", "gray", asked)


def read_question(text: str) -> Question:
    """Say what kind of question a text is; ``other`` for all that no rule knows.

    >>> read_question("Is there a dog in the picture?")
    Question(kind='exists', thing='dog', detail='')
    >>> read_question("What color is the man's shirt?")
    Question(kind='colour', thing="man's shirt", detail='')
    >>> read_question("Why is the sky blue?").kind
    'other'
    """
    asked = tidy_question(text)
    if not asked or len(asked) > _LONGEST:
        return Question("other")
    for kind, pattern in RULES:
        found = pattern.fullmatch(asked)
        if found:
            groups = found.groupdict()
            detail = _noun(groups.get("d"))
            if kind == "is_place":
                detail = "indoors" if detail.startswith("in") else "outdoors"
            return Question(kind, _noun(groups.get("t")), detail)
    bare = text.rstrip().endswith("?") and re.fullmatch(r"[a-z-]+(?: [a-z-]+)?", asked)
    return Question("noun", asked) if bare else Question("other")


def _noun(words: str | None) -> str:
    kept = (words or "").strip(" ?!.,;:\"'")
    kept = DETERMINER.sub("", kept)
    return {"gray": "grey"}.get(kept, kept)
