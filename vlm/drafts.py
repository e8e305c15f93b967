"""Drafts of alternative texts in a describer's own words, and which replies are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PIL.Image import Image

from vlm.alt.wording import clean
from vlm.errors import ModelDeclined, VlmError
from vlm.protocols import BatchDescriber, Describer
from vlm.tasks import Task, said_of, said_of_many, task_prompt

_DECLINED = re.compile(
    r"""(?:(?:i['\u2019]?\s?a?m\s+(?:very\s+|so\s+)?sorry|sorry|apologies|unfortunately)\b[,.]?\s*
        (?:but\s+)?)?
    (?:i\s+(?:can\s?not|can['\u2019]t|am\s+(?:not\s+able|unable)|won['\u2019]t|do\s+not|don['\u2019]t)
        \s+(?:to\s+)?(?:help|assist|see|view|provide|describe|identify|comply|process|access|do\s+that)
      | i['\u2019]?\s?a?m\s+(?:unable|not\s+able)\s+to
      | as\s+an\s+ai\b
      | (?:no|there\s+is\s+no)\s+image\s+(?:was\s+|is\s+)?(?:provided|attached|visible))""",
    re.IGNORECASE | re.VERBOSE,
)


def draft(image: Image, describer: Describer, task: Task, language: str = "en") -> str:
    """What a model says when asked for a task, on one line.

    Raises `TaskUnsupported`, `ReplyEmpty`, `ModelDeclined`, and what the describer raises.
    """
    said = said_of(image, task_prompt(task, describer, language=language), describer, task)
    if declined(said):
        raise ModelDeclined(describer.name, said)
    return said


def drafts(
    images: Sequence[Image], describer: BatchDescriber, task: Task, language: str = "en"
) -> list[str | VlmError]:
    """The same for several photos at once; what `draft` raises of one stands in its place.

    Raises `TaskUnsupported`, and what concerns all of them.
    """
    prompt = task_prompt(task, describer, language=language)
    return [
        ModelDeclined(describer.name, said) if isinstance(said, str) and declined(said) else said
        for said in said_of_many(images, prompt, describer, task)
    ]


def declined(reply: str) -> bool:
    """Whether a reply says that there will be none.

    >>> declined("I'm sorry, but I can't help with that."), declined("A sorry sight.")
    (True, False)
    """
    return _DECLINED.match(clean(reply)) is not None
