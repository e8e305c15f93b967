"""The questions of an evaluation data folder, with what people answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from eval.cases import CasesInvalid, case_lines, photo_of, texts_of
from vlm.alt.wording import clean
from vlm.tasks import MAX_QUESTION

OTHER = "other"
"""The kind of questions that name none."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a photo, and the answers of at least one person, one each.

    ``number`` is how a file of answers made elsewhere may name it.
    """

    path: Path
    text: str
    people: tuple[str, ...]
    kind: str = OTHER
    number: str | int | None = None


def questions(
    folder: Path, *, split: str | None = None, limit: int | None = None, photos: bool = True
) -> list[Question]:
    """The questions in ``cases.jsonl``, those of one photo together, in the order of the photos.

    ``split`` keeps the lines whose ``split`` is that text, ``limit`` those about the first so many
    photos; without ``photos`` the files need not be there. Everything is checked ahead of any
    answer: raises `PathMissing` without ``cases.jsonl``, and `CasesInvalid` for a line that is not
    as documented and when no question remains.
    """
    file = folder / "cases.jsonl"
    asked: dict[Path, list[Question]] = {}
    splits: set[str] = set()
    for line, case in case_lines(file):
        if "question" not in case:
            continue
        if "split" in case:
            splits.add(str(case["split"]))
        if split is not None and case.get("split") != split:
            continue
        path = photo_of(file, line, case, there=photos)
        if path not in asked and len(asked) == limit:
            continue
        asked.setdefault(path, []).append(_question(file, line, case, path))
    if not asked and split is not None:
        there = ", ".join(sorted(splits)) or "no splits at all"
        raise CasesInvalid(file, f"no question of split '{split}'. The file has: {there}.")
    if not asked:
        raise CasesInvalid(file, 'no line has "question" and "answers". See docs/evaluation.md.')
    return [question for group in asked.values() for question in group]


def by_photo(asked: Iterable[Question]) -> Iterator[tuple[Path, list[Question]]]:
    """Neighbouring questions about one photo, together."""
    for path, group in groupby(asked, key=lambda question: question.path):
        yield path, list(group)


def _question(file: Path, line: int, case: dict[str, Any], path: Path) -> Question:
    text, kind, number = case["question"], case.get("type", OTHER), case.get("question_id")
    if not isinstance(text, str) or not clean(text):
        raise CasesInvalid(file, '"question" must be a text.', line)
    if len(clean(text)) > MAX_QUESTION:
        raise CasesInvalid(file, f'"question" has more than {MAX_QUESTION:,} characters.', line)
    if not isinstance(kind, str) or not kind.strip():
        raise CasesInvalid(file, '"type" must be the name of a kind of question.', line)
    if number is not None and (not isinstance(number, str | int) or isinstance(number, bool)):
        raise CasesInvalid(file, '"question_id" must be a text or a number.', line)
    return Question(path, text, tuple(texts_of(file, line, case, "answers")), kind, number)
