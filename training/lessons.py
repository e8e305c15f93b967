"""What the describer learns from: photos, captions, questions, and captions without photos."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from nouns import NOUNS
from questions import Question, noun_targets
from torch import Tensor
from words import ANSWER, CAPTION, END, QUESTION, Cutter, Words

LONGEST = 22
LONGEST_QUESTION = 24

Features = dict[str, np.ndarray]


@dataclass(frozen=True)
class Lessons:
    """One set. `captions[i]` and `questions[i]` belong to photo i; features are looked up by row.

    `features` maps "grid" (views, n, 352, 64), "low" (views, n, 51, 64), "logits" (views, n,
    1000) and "vectors" (views, n, 768) to arrays. A set of texts has "vectors" (1, n, 768),
    "label_rows" and "label_shares" (n, 5) only.
    """

    captions: list[list[list[int]]]
    questions: list[dict[str, list[list[int]]]]  # by kind
    nouns: Tensor  # (n, len(NOUNS)) bool
    features: Features
    references: list[list[list[int]]]  # captions whole, for rewards

    def __len__(self) -> int:
        return len(self.captions)


def plain(caption: str) -> str:
    """Lower case, one space, no stop at the end.

    >>> plain("A dog  runs .")
    'a dog runs'
    """
    return " ".join(caption.lower().split()).rstrip(" .")


def as_lessons(
    words: Words,
    captions: Sequence[Sequence[str]],
    questions: Sequence[Sequence[Question]],
    features: Features,
    nouns: Tensor | None = None,
) -> Lessons:
    """Cut texts into decoder indices, with the special ones around them.

    Where `nouns` are not given, they are those that the captions name.
    """
    cut, index = Cutter(words), words.index
    start, ask, reply, end = (index[p] for p in (CAPTION, QUESTION, ANSWER, END))

    def caption_rows(texts: Sequence[str]) -> list[list[int]]:
        return [[start, *row[:LONGEST], end] for row in cut([plain(t) for t in texts])]

    def question_rows(asked: Sequence[Question]) -> dict[str, list[list[int]]]:
        by_kind: dict[str, list[list[int]]] = {}
        left, right = cut([q.text for q in asked]), cut([q.answer for q in asked])
        for question, text, answer in zip(asked, left, right, strict=True):
            row = [ask, *text[:LONGEST_QUESTION], reply, *answer, end]
            by_kind.setdefault(question.kind, []).append(row)
        return by_kind

    rows = [caption_rows(texts) for texts in captions]
    if nouns is None:
        nouns = noun_matrix(captions)
    return Lessons(
        rows,
        [question_rows(asked) for asked in questions],
        nouns,
        features,
        [[row[1:-1] for row in texts] for texts in rows],
    )


def noun_matrix(captions: Sequence[Sequence[str]]) -> Tensor:
    """Which of `NOUNS` each set of captions names: `(sets, nouns)` bool."""
    column = {noun: i for i, noun in enumerate(NOUNS)}
    out = torch.zeros(len(captions), len(NOUNS), dtype=torch.bool)
    for row, texts in enumerate(captions):
        for noun in noun_targets(texts, NOUNS):
            out[row, column[noun]] = True
    return out
