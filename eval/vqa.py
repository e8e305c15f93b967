"""Visual questions: let a describer answer them, or read answers made elsewhere, and score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from eval.bootstrap import intervals
from eval.metrics import Owners
from eval.vqa_asking import replies
from eval.vqa_cases import Question
from eval.vqa_metrics import accuracy, best_constant, is_yes_no
from eval.vqa_normalise import normalise
from eval.vqa_replies import answer_of, spelt_as
from vlm.errors import ImageUnreadable, VlmError
from vlm.protocols import Describer


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered to which questions; None where nothing was, or not surely.

    ``replies`` holds the whole texts. ``seconds_per_question`` is wall time with decoding and
    without loading the model; None where the answers were made elsewhere.
    """

    source: str
    questions: tuple[Question, ...]
    answers: tuple[str | None, ...]
    replies: tuple[str, ...]
    seconds_per_question: float | None = None
    skipped: tuple[ImageUnreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """The questions of one kind; shares in [0, 1].

    ``majority`` is the accuracy of ``constant``, the answer that does best when always given.
    """

    n: int
    accuracy: float
    majority: float
    constant: str


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers with their measures; shares in [0, 1].

    ``yes_rate`` is the share of "yes" among the questions that most people answer with yes or no;
    None where there are none. ``not_sure`` is the share of questions without an answer.
    """

    answers: Answers
    each: tuple[float, ...]
    accuracy: float
    ci95: tuple[float, float]
    majority: float
    by_kind: dict[str, Kind]
    yes_rate: float | None
    not_sure: float


def answer_all(photos: Iterable[tuple[Path, list[Question]]], describer: Describer) -> Answers:
    """Ask each question. A photo that cannot be opened is left out with all its questions.

    Raises `VlmError` when none is left, and what `vlm.tasks.answer` raises.
    """
    asked: list[Question] = []
    said: list[str] = []
    skipped: list[ImageUnreadable] = []
    started = perf_counter()
    for path, group in photos:
        try:
            said += replies(path, [question.text for question in group], describer)
        except ImageUnreadable as error:
            skipped.append(error)
            continue
        asked += group
    if not asked:
        raise VlmError("None of the photos can be opened, so there is nothing to measure.")
    seconds = (perf_counter() - started) / len(asked)
    answers = tuple(
        None if (answer := answer_of(reply)) is None else spelt_as(question.people, answer)
        for question, reply in zip(asked, said, strict=True)
    )
    return Answers(describer.name, tuple(asked), answers, tuple(said), seconds, tuple(skipped))


def evaluate(answers: Answers) -> Answering:
    """Measure answers to at least one question."""
    asked = answers.questions
    pairs = list(zip(asked, answers.answers, strict=True))
    each = np.array([accuracy(answer, question.people) for question, answer in pairs])
    places: dict[str, list[int]] = {}
    for place, question in enumerate(asked):
        places.setdefault(question.kind, []).append(place)
    by_kind = {
        kind: _kind([asked[place].people for place in own], each[own])
        for kind, own in sorted(places.items())
    }
    verdicts = [answer for question, answer in pairs if is_yes_no(question.people)]
    yes = sum(answer is not None and normalise(answer) == "yes" for answer in verdicts)
    return Answering(
        answers=answers,
        each=tuple(each.tolist()),
        accuracy=_mean(each),
        ci95=intervals(each, _photo_numbers(asked), {"accuracy": _mean})["accuracy"],
        majority=sum(kind.n * kind.majority for kind in by_kind.values()) / len(asked),
        by_kind=by_kind,
        yes_rate=yes / len(verdicts) if verdicts else None,
        not_sure=answers.answers.count(None) / len(asked),
    )


def _kind(people: list[tuple[str, ...]], each: NDArray[np.float64]) -> Kind:
    constant, majority = best_constant(people)
    return Kind(len(people), _mean(each), majority, constant)


def _photo_numbers(asked: Sequence[Question]) -> Owners:
    numbers = {path: at for at, path in enumerate(dict.fromkeys(q.path for q in asked))}
    return np.array([numbers[question.path] for question in asked])


def _mean(scores: NDArray[np.float64]) -> float:
    return float(np.mean(scores))
