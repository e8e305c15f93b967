"""Whether a describer knows what is in photos: ask it for objects that are there or are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from eval.bootstrap import intervals
from eval.presence_metrics import Presence, Verdict, presence, verdict_of
from eval.presence_questions import PresenceQuestion
from eval.vqa_asking import replies
from vlm.errors import ImageUnreadable, VlmError
from vlm.protocols import Describer


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a photo, the whole reply and what it says."""

    path: Path
    question: PresenceQuestion
    reply: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Probing:
    """What one run measured. ``ci95`` is of the accuracy.

    ``seconds_per_question`` is wall time with decoding and without loading the model.
    """

    model: str
    asked: tuple[Asked, ...]
    n_photos: int
    measures: Presence
    ci95: tuple[float, float]
    seconds_per_question: float
    skipped: tuple[ImageUnreadable, ...]


def evaluate(
    photos: Iterable[tuple[Path, list[PresenceQuestion]]], describer: Describer
) -> Probing:
    """Ask each question. A photo that cannot be opened is left out with all its questions.

    Raises `VlmError` when none is left, and what `vlm.tasks.answer` raises.
    """
    asked: list[Asked] = []
    numbers: list[int] = []
    skipped: list[ImageUnreadable] = []
    count = 0
    started = perf_counter()
    for path, questions in photos:
        try:
            said = replies(path, [question.text for question in questions], describer)
        except ImageUnreadable as error:
            skipped.append(error)
            continue
        for question, reply in zip(questions, said, strict=True):
            asked.append(Asked(path, question, reply, verdict_of(reply)))
            numbers.append(count)
        count += 1
    if not asked:
        raise VlmError("None of the photos can be opened, so there is nothing to measure.")
    seconds = (perf_counter() - started) / len(asked)
    right = np.array([one.question.there is one.verdict for one in asked])
    return Probing(
        model=describer.name,
        asked=tuple(asked),
        n_photos=count,
        measures=presence([(one.question.there, one.verdict) for one in asked]),
        ci95=intervals(right, np.array(numbers), {"accuracy": _share})["accuracy"],
        seconds_per_question=seconds,
        skipped=tuple(skipped),
    )


def _share(right: NDArray[np.bool_]) -> float:
    return float(np.mean(right))
