"""What the describer learns from: photos, captions, questions, and captions without photos.

Everything becomes a `Lesson`: what is known of one photo, its captions and its questions as
decoder indices, and which nouns its captions name.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from nouns import NOUNS
from questions import Question, make, noun_targets
from torch import Tensor
from words import ANSWER, CAPTION, END, QUESTION, Cutter, Words, choose_words

LONGEST = 22
LONGEST_QUESTION = 24
LABEL_CAPTIONS = ("a {}", "a close up of a {}", "a picture of a {}")
LABEL_QUESTIONS = ("what is this?", "what is in the picture?", "what is shown in the photo?")
TEXT_LABELS = 30.0
"""Inverse temperature that makes labels' similarities to a text as decided as those of photos."""


@dataclass(frozen=True)
class Lessons:
    """One set. `captions[i]` and `questions[i]` belong to photo i; features are looked up by row.

    `features` maps "grid" (views, n, 352, 64), "low" (views, n, 51, 64), "logits" (views, n,
    1000) and "vectors" (views, n, 768) to arrays; a set of texts has "vectors" and "label_rows",
    "label_shares" only.
    """

    captions: list[list[list[int]]]
    questions: list[list[list[int]]]
    nouns: Tensor  # (n, len(NOUNS)) bool
    features: dict[str, np.ndarray]
    references: list[list[list[int]]]  # captions whole, for rewards

    def __len__(self) -> int:
        return len(self.captions)


def plain(caption: str) -> str:
    """Lower case, one space, no stop at the end.

    >>> plain("A dog  runs .")
    'a dog runs'
    """
    return " ".join(caption.lower().split()).rstrip(" .")


def answered(question: Question) -> str:
    return f"{question.text}\t{question.answer}"


def as_lessons(
    words: Words,
    captions: Sequence[Sequence[str]],
    questions: Sequence[Sequence[Question]],
    features: dict[str, np.ndarray],
    nouns: Tensor | None = None,
) -> Lessons:
    """Cut texts into decoder indices, with the special ones around them."""
    cut, index = Cutter(words), words.index
    start, ask, reply, end = (index[p] for p in (CAPTION, QUESTION, ANSWER, END))

    def caption_rows(texts: Sequence[str]) -> list[list[int]]:
        return [[start, *row[:LONGEST], end] for row in cut([plain(t) for t in texts])]

    def question_rows(asked: Sequence[Question]) -> list[list[int]]:
        if not asked:
            return []
        left, right = cut([q.text for q in asked]), cut([q.answer for q in asked])
        return [
            [ask, *q[:LONGEST_QUESTION], reply, *a, end] for q, a in zip(left, right, strict=True)
        ]

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


def photo_features(folder: Path, name: str, rows: Sequence[int] | None = None) -> dict:
    """Cached features of a set of photos, as `extract.py` and `embed_photos.py` left them."""
    keys = ("grid", "low", "logits", "vectors")
    arrays = {key: np.load(folder / f"{name}.{key}.npy", mmap_mode="r") for key in keys}
    return (
        arrays if rows is None else {k: np.ascontiguousarray(v[:, rows]) for k, v in arrays.items()}
    )


def text_features(vectors: Tensor, sentences: Tensor, labels: Tensor) -> dict:
    """What stands for a photo where there are captions only.

    `vectors` (n, 768) in the joint space, moved to where photos are; `sentences` (n, 384) of the
    frozen text tower give the five nearest labels.
    """
    scores = TEXT_LABELS * F.normalize(sentences, dim=-1) @ F.normalize(labels, dim=-1).T
    shares, rows = scores.softmax(-1).topk(5)
    return {"vectors": vectors.numpy()[None], "label_rows": rows, "label_shares": shares}


def label_lessons(words: Words, labels: Sequence[str], features: dict, seed: int) -> Lessons:
    """ImageNet samples: their label is the caption, and the answer to what it is."""
    rng = random.Random(seed)
    captions = [[form.format(label.lower()) for form in LABEL_CAPTIONS] for label in labels]
    asked = []
    for label in labels:
        other = rng.choice([x for x in labels if x != label]).lower()
        label = label.lower()
        asked.append(
            [Question("what", text, label) for text in LABEL_QUESTIONS]
            + [Question("exists", f"is there a {label}?", "yes")]
            + [Question("exists", f"is there a {other}?", "no")]
        )
    nouns = noun_matrix([[f"a {label.lower()}"] for label in labels])
    return as_lessons(words, captions, asked, features, nouns)


def read_cases(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def prepare(
    folder: Path, data: Path, labels: Tensor, text_vectors: Tensor, sentences: Tensor, seed: int
) -> tuple[Words, dict[str, Lessons]]:
    """All sets: "train", "coco", "labels", "texts" to learn from, "dev" to choose by.

    `text_vectors` (sets, 768) and `sentences` (sets, 384) belong to the COCO caption sets.
    """
    rows = {
        name: json.loads((folder / f"{name}.json").read_text())
        for name in ("train", "dev", "coco", "imagenet")
    }
    captioned = [i for i, row in enumerate(rows["coco"]) if row.get("captions")]
    rows["coco"] = [rows["coco"][i] for i in captioned]
    sets = [row["captions"] for row in read_cases(data / "coco-text/captions.jsonl")]
    captions = {name: [r["captions"] for r in rows[name]] for name in ("train", "dev", "coco")}
    asked = {
        name: make(captions[name], seed + i) for i, name in enumerate(("train", "dev", "coco"))
    }
    asked["texts"] = make(sets, seed + 9)
    names = [row["label"] for row in rows["imagenet"]]
    corpus = [
        plain(t) for part in (captions["train"], captions["coco"], sets) for ts in part for t in ts
    ]
    answers = {q.answer for part in ("train", "coco", "texts") for qs in asked[part] for q in qs}
    words = choose_words(corpus, [*answers, *(n.lower() for n in names), *NOUNS])
    out = {
        name: as_lessons(
            words,
            captions[name],
            asked[name],
            photo_features(folder, name, captioned if name == "coco" else None),
        )
        for name in ("train", "dev", "coco")
    }
    out["texts"] = as_lessons(
        words, sets, asked["texts"], text_features(text_vectors, sentences, labels)
    )
    out["labels"] = label_lessons(words, names, photo_features(folder, "imagenet"), seed)
    return words, out
