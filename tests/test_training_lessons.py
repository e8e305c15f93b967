"""What the describer is told: its words, its batches, and what counts as said."""

from __future__ import annotations

import doctest
import json
import shutil
import sys
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_lessons import LABELS, NOUNS, WORDS, indices, tiny_describer, tiny_lessons
from tokenizers import Tokenizer

from vlm.starter.embedder import StarterEmbedder
from vlm.starter.weights import FOLDER
from vlm.starter.words import Words as RuntimeWords

sys.path.append(str(Path(__file__).parents[1] / "training"))

import lessons
import words
from lessons import LONGEST, as_lessons
from manifest import write_manifest
from questions import Question
from teacher import Teacher
from train_describer import Config, step_loss, word_loss
from words import ANSWER, CAPTION, END, QUESTION, UNKNOWN, choose_words, padded, read_words

SETS = {
    "train": tiny_lessons(7),
    "coco": tiny_lessons(4, seed=1),
    "texts": tiny_lessons(5, photos=False, seed=2),
}


def teacher(spread: float = 0.5, seed: int = 0) -> Teacher:
    return Teacher(SETS, LABELS, spread, seed)


@pytest.fixture
def shipped_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text tower's package is not installed here; its tokenizer is shipped."""
    path = str(FOLDER / "tokenizer.json")
    monkeypatch.setattr(words, "load_tokenizer", lambda: Tokenizer.from_file(path))


# Words


def test_words_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "describer.safetensors"
    WORDS.write(path, ["dog", "café"])
    assert read_words(path) == WORDS
    kept = json.loads((tmp_path / "describer.words.json").read_text(encoding="utf-8"))
    assert kept["nouns"] == ["dog", "café"]
    for name, piece in (
        ("end", END),
        ("caption", CAPTION),
        ("question", QUESTION),
        ("answer", ANSWER),
        ("unknown", UNKNOWN),
    ):
        assert kept["tokens"][kept[name]] == piece


@pytest.mark.usefixtures("shipped_tokenizer")
def test_words_that_can_be_written_come_first_then_marks_then_what_can_be_read() -> None:
    found = choose_words(["a dog runs", "a dog", "a dog sat"], ["surfboard", "a"])
    written = found.pieces[: found.outputs]
    assert written[0] == END and {"a", "dog", "surf", "##board"} <= {*written}
    assert "runs" not in written and "sat" not in written  # too rare
    marks = found.pieces[found.outputs : found.outputs + 4]
    assert marks == (CAPTION, QUESTION, ANSWER, UNKNOWN)
    assert {"runs", "sat", "where"} <= {*found.pieces[found.outputs + 4 :]}
    assert len({*found.pieces}) == len(found.pieces)


@pytest.mark.usefixtures("shipped_tokenizer")
def test_texts_are_cut_in_training_as_the_package_cuts_them(tmp_path: Path) -> None:
    known = choose_words(["a dog runs on a beach"] * 3, ["yes"])
    text = "Is there a zyzzyva, or a DOG, on the beach of the gray " + "very " * 20 + "sea?"
    lesson = as_lessons(
        known,
        [["A dog runs on a  beach .", "a dog " * LONGEST]],
        [[Question("exists", text, "yes")]],
        {},
        torch.zeros(1, NOUNS, dtype=torch.bool),
    )
    known.write(tmp_path / "x.safetensors", [])
    (tmp_path / "x.words.json").replace(tmp_path / "words.json")
    shutil.copyfile(FOLDER / "tokenizer.json", tmp_path / "tokenizer.json")
    write_manifest(tmp_path)
    runtime = RuntimeWords(StarterEmbedder(folder=tmp_path).tokenizer, tmp_path)
    ((question,),) = (asked["exists"] for asked in lesson.questions)
    assert question == [*runtime.question_prefix(text), *runtime.indices("yes"), runtime.end]
    assert known.index[UNKNOWN] in question
    ((caption, long),) = lesson.captions
    own = runtime.indices("a dog runs on a beach")
    assert caption == [*runtime.caption_prefix(), *own, runtime.end]
    assert len(long) == LONGEST + 2 and long[-1] == runtime.end
    assert lesson.references[0][0] == own


def test_the_examples_of_lessons_hold() -> None:
    result = doctest.testmod(lessons)
    assert result.attempted and not result.failed


# Batches


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(0, 9))
def test_every_photo_comes_once_before_any_comes_again(counts: list[int], seed: int) -> None:
    drawing = teacher(seed=seed)
    drawn = [row for count in counts for row in drawing.rows("train", count).tolist()]
    assert len(drawn) == sum(counts)
    for start in range(0, len(drawn), 7):
        whole = drawn[start : start + 7]
        assert len({*whole}) == len(whole) and {*whole} <= {*range(7)}


def test_every_text_of_a_photo_comes_once_before_any_comes_again() -> None:
    lists = [[[k] for k in range(i)] for i in range(4)]
    rows = teacher().texts(lists, np.array([1, 2, 3]), 5)
    for count, at in ((1, 0), (2, 5), (3, 10)):
        own = [row[0] for row in rows[at : at + 5]]
        for start, end in pairwise([*range(0, 5, count), 5]):
            assert len({*own[start:end]}) == end - start


KINDS = {"colour": [[1], [2]], "exists": [[3], [4], [5]], "count": [[6]], "doing": []}
QUESTIONS = {kind: asked for kind, asked in KINDS.items() if asked}


@settings(deadline=None)
@given(count=st.integers(1, 9), seed=st.integers(0, 9))
def test_questions_of_a_photo_are_of_every_kind_before_any_is_of_the_same(
    count: int, seed: int
) -> None:
    asked = replace(SETS["coco"], questions=[QUESTIONS, {}, {"where": [[7]]}])
    before = deepcopy(asked.questions)
    rows = teacher(seed=seed).questions(asked, np.array([0, 1, 2]), count)
    assert asked.questions == before
    own = [row[0] for row in rows[:count]]
    assert own[0] in (3, 4, 5)
    kinds = [next(kind for kind in QUESTIONS if [word] in QUESTIONS[kind]) for word in own]
    assert len({*kinds[:3]}) == min(count, 3)
    assert len({*own[:6]}) == min(count, 6) and own[6:] == own[: max(count - 6, 0)]
    assert rows[count : 2 * count] == [[0, 0]] * count  # none: no mark, so nothing counts
    assert rows[2 * count :] == [[7]] * count


def test_a_text_that_stands_for_a_photo_has_no_cells() -> None:
    drawn = teacher().batch({"train": 3, "coco": 0, "texts": 2}, captions=2, questions=1)
    assert drawn.seen.tolist() == [True] * 3 + [False] * 2
    assert not drawn.grid[3:].any() and drawn.grid[:3].abs().sum((1, 2)).min() > 0
    assert drawn.grid.shape == (5, 64, 403) and drawn.label_texts.shape == (5, 5, 384)
    assert drawn.nouns.shape == (5, NOUNS)
    assert len(drawn.captions) == 10 and len(drawn.questions) == 5
    assert torch.allclose(drawn.vectors.norm(dim=1), torch.ones(5), atol=1e-3)


def test_what_stands_for_a_photo_is_as_far_off_as_it_was_told() -> None:
    rows = np.arange(5)
    own = torch.from_numpy(SETS["texts"].features["vectors"][0])
    exact, blurred = (teacher(spread).features("texts", rows)[3] for spread in (0.0, 0.5))
    assert torch.allclose(exact, own, atol=1e-6)
    cosine = (blurred * own).sum(1)
    at_right_angles = torch.full((5,), 1.25**-0.5)
    assert torch.allclose(cosine, at_right_angles, atol=0.05)


def test_the_same_seed_draws_the_same() -> None:
    counts = {"train": 5, "texts": 4}
    for seed, same in ((0, True), (1, False)):
        one, other = teacher(), teacher(seed=seed)
        pairs = [(t.batch(counts, 2, 2), t.batch(counts, 2, 2)) for t in (one, other)]
        assert same == torch.equal(pairs[0][1].grid, pairs[1][1].grid)
        assert same == torch.equal(pairs[0][1].vectors, pairs[1][1].vectors)


# What counts


def losses(texts: list[str], mark: str, smoothing: float = 0.0) -> float:
    describer, rows = tiny_describer(), np.arange(len(texts))
    features = teacher(0.0).features("train", rows, plain=True)
    with torch.no_grad():
        memory, mask, _ = describer.memory(*features)
        tokens = padded([indices(text) for text in texts], -1)
        return float(word_loss(describer, tokens, memory, mask, WORDS.index[mark], smoothing))


def by_hand(text: str, row: int, counted: int) -> list[float]:
    """Minus the log probability of each of the last `counted` words of a text."""
    describer, tokens = tiny_describer(), torch.tensor([indices(text)])
    features = teacher(0.0).features("train", np.array([row]), plain=True)
    with torch.no_grad():
        memory, mask, _ = describer.memory(*features)
        said = describer(tokens[:, :-1], memory, mask).log_softmax(-1)
    places = range(tokens.shape[1] - counted, tokens.shape[1])
    return [-float(said[0, at - 1, tokens[0, at]]) for at in places]


def test_all_words_of_a_caption_count_and_its_end() -> None:
    short, long = "[caption] dog [SEP]", "[caption] dog runs runs [SEP]"
    wanted = np.mean(by_hand(short, 0, 2) + by_hand(long, 1, 4))
    assert losses([short, long], CAPTION) == pytest.approx(wanted, abs=1e-5)


def test_of_a_question_only_the_answer_counts() -> None:
    """The words of the question are no words to be learned, though they could be written."""
    asked = "[question] dog runs dog [answer] yes no [SEP]"
    wanted = np.mean(by_hand(asked, 0, 3))
    assert losses([asked], ANSWER) == pytest.approx(wanted, abs=1e-5)
    nothing = "[SEP] [SEP]"  # a photo without questions
    assert losses([asked, nothing], ANSWER) == pytest.approx(wanted, abs=1e-5)


def test_words_that_cannot_be_written_do_not_count() -> None:
    said = "[caption] dog there [SEP]"
    dog, end = by_hand("[caption] dog [SEP]", 0, 2)[0], by_hand(said, 0, 1)[0]
    assert losses([said], CAPTION) == pytest.approx((dog + end) / 2, abs=1e-5)


def test_training_steps_make_the_loss_of_a_batch_smaller() -> None:
    torch.manual_seed(0)
    describer, drawn = tiny_describer(), teacher().batch({"train": 4, "texts": 2}, 2, 2)
    marks = {"caption": WORDS.index[CAPTION], "answer": WORDS.index[ANSWER]}
    optimiser = torch.optim.AdamW(describer.parameters(), 1e-3)
    seen = []
    for _ in range(8):
        loss, terms = step_loss(describer, drawn, Config(), marks)
        assert loss.item() == pytest.approx(terms[0] + terms[1] + Config().noun_weight * terms[2])
        seen.append(terms)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert all(last < first for first, last in zip(seen[0], seen[-1], strict=True))
