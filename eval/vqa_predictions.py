"""Answers made elsewhere, read from a file, so that other tools can be compared.

A JSON list of ``{"question_id": ID, "answer": TEXT}``, as the VQA evaluation has it, or of
``{"image": NAME, "question": TEXT, "answer": TEXT}``. An empty answer, or null, is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from eval.predictions import PredictionsInvalid, read_list
from eval.vqa_cases import Question

_Key: TypeAlias = str | int | tuple[str, str]


def read_answers(file: Path, asked: Sequence[Question], root: Path) -> list[str | None]:
    """The answers in ``file`` to the questions, in their order; ``root`` is the photos folder.

    Answers to other questions are passed over. Raises `PathMissing`, and `PredictionsInvalid` for
    entries that are not as documented, for two different answers to one question, and for none.
    """
    said: dict[_Key, str] = {}
    for number, entry in enumerate(read_list(file), 1):
        key, answer = _entry(file, number, entry)
        if said.setdefault(key, answer) != answer:
            raise PredictionsInvalid(file, "a second, different answer to the question.", number)
    found = [_find(said, question, root) for question in asked]
    missing = [question for question, answer in zip(asked, found, strict=True) if answer is None]
    if missing:
        name = missing[0].path.relative_to(root).as_posix()
        raise PredictionsInvalid(
            file,
            f"no answer to {len(missing)} of {len(asked)} questions, such as "
            f"'{missing[0].text}' about {name}.",
        )
    return [answer if answer and answer.strip() else None for answer in found]


def _entry(file: Path, number: int, entry: object) -> tuple[_Key, str]:
    answer = entry.get("answer", 0) if isinstance(entry, dict) else 0
    if not isinstance(entry, dict) or not isinstance(answer, str | None):
        raise PredictionsInvalid(file, 'not an object with the text "answer".', number)
    answer = answer or ""
    key = entry.get("question_id")
    if isinstance(key, str | int) and not isinstance(key, bool):
        return key, answer
    image, text = entry.get("image"), entry.get("question")
    if not isinstance(image, str) or not isinstance(text, str):
        reason = '"question_id", or "image" and "question", must name a question.'
        raise PredictionsInvalid(file, reason, number)
    return (PurePosixPath(image).as_posix(), text), answer


def _find(said: dict[_Key, str], question: Question, root: Path) -> str | None:
    if question.number is not None and question.number in said:
        return said[question.number]
    return said.get((question.path.relative_to(root).as_posix(), question.text))
