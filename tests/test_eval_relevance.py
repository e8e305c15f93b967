"""`python -m eval relevance`: what is asked for, what is counted, and what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_describer import data_folder

import eval.__main__ as command
import eval.relevance
import eval.relevance_command
from eval.relevance import PHOTOS_EACH, queries
from eval.relevance_absent import things, without_named
from eval.relevance_metrics import balanced, matches, nothing, share_right
from eval.relevance_named import concepts
from eval.relevance_shelf import Shelf, answers
from vlm.fakes import ColourEmbedder

COLOURS = {"red": "red", "green": "lime", "blue": "blue"}
SAID = (
    ["A {} ball on a table ."],
    ["The {} ball is on the table ."],
    ["The {} ball and a zebra", "A {} ball", "a ball on the floor"],
)
CASES: list[dict[str, Any]] = [
    {
        "image": f"{colour}{number}.png",
        "split": "dev",
        "captions": [caption.format(colour) for caption in captions],
    }
    for colour in COLOURS
    for number, captions in enumerate(SAID)
]
PHOTOS = {f"{name}{number}.png": value for name, value in COLOURS.items() for number in range(3)}

outcomes = st.lists(st.integers(0, 3), min_size=1).map(lambda codes: np.array([*codes, 0, 3]))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", CASES, PHOTOS)


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval.relevance_command, "load_embedder", lambda name: ColourEmbedder())


def run(*arguments: object) -> int:
    return command.main(["relevance", *map(str, arguments)])


@pytest.mark.parametrize(
    ("caption", "named"),
    [
        ("A brown dog runs on the grass .", {"grass"}),  # "runs" may be a noun, so no noun phrase
        ("a brown dog in a boat", {"brown dog", "boat"}),
        ("Two dogs and a cat", {"cat", "dog"}),
        ("the group of people is in the air", {"people"}),
        ("dogs play", {"dog"}),
        ("a very large brown dog with the swing", {"brown dog", "swing"}),
    ],
)
def test_captions_name_things(caption: str, named: set[str]) -> None:
    known = ["a dog and the cat", "the grass in a boat", "the people on a swing", "a brown dog is"]
    found = concepts([[caption], *([text] for text in known * 3)])
    assert named <= {concept.name for concept in found if concept.says[0]}
    assert not {c.name for c in found} & {"group", "air", "brown", "large", "dogs", "very"}


def test_captions_are_counted_once_each_in_singular_and_plural() -> None:
    captions = [["A dog and another dog", "the dogs", "a cat"], ["a dog"], ["a cat with the cat"]]
    says = {concept.name: concept.says.tolist() for concept in concepts(captions)}
    assert says == {"dog": [2, 1, 0], "cat": [1, 0, 1]}


def test_the_list_of_absent_things_is_long_and_names_each_once() -> None:
    names = [entry[0] for entry in things()]
    assert len(names) == len(set(names)) >= 150
    assert all(word and word == word.lower() for entry in things() for word in entry)


def test_a_thing_is_left_out_where_a_caption_has_one_of_its_words() -> None:
    listed = [("hot air balloon", "balloon"), ("bow and arrow",), ("x-ray", "x ray"), ("fox",)]
    captions = ["Two BALLOONS .", "bow, and arrow", "an X-ray of a foxglove"]
    kept, left_out = without_named(listed, captions)
    assert (kept, left_out) == (["bow and arrow", "fox"], ["hot air balloon", "x-ray"])


@given(outcomes)
def test_both_answers_are_measured_alike(codes: Any) -> None:
    assert nothing(codes) == pytest.approx(matches(3 - codes))
    assert all(0 <= share <= 1 for share in (*matches(codes), *nothing(codes)))


@given(outcomes, st.integers(1, 4))
def test_a_longer_list_of_absent_things_changes_nothing(codes: Any, times: int) -> None:
    more = np.concatenate([codes[codes >= 2], *([codes[codes < 2]] * times)])
    assert matches(more) == pytest.approx(matches(codes))
    assert balanced(more >= 2).sum() == pytest.approx(1)


def test_hits_of_absent_things_are_wrong_hits() -> None:
    shown = np.array([[True, True], [True, False], [False, False]])
    right = np.array([[True, True], [False, False], [True, True]])
    weights = balanced(np.array([True, False, True]))
    assert share_right(shown, right, weights) == pytest.approx(0.5 / (0.5 + 0.5))
    assert share_right(shown & False, right, weights) is None


def test_what_no_photo_of_a_smaller_library_surely_shows_is_not_asked_for() -> None:
    vectors = ColourEmbedder().embed_texts(["red", "green", "blue"])
    surely = np.array([[True, False, False], [False, False, False], [False, False, False]])
    shelf = Shelf(vectors, surely, surely, np.array([False, False, True]))
    texts = ColourEmbedder().embed_texts(["red", "green", "zebra"])
    told = answers(shelf, texts, vectors, ColourEmbedder.calibration)
    assert told.asked.tolist() == [0, 2]
    assert told.outcomes.tolist() == [3, 0]
    assert told.right.tolist() == [[True, False, False], [False] * 3]
    two = list(shelf.drawn(2, 5, seed=0))
    assert len(two) == 5 and all(s.vectors.shape == (2, 3) for s in two)
    assert all(s.surely.sum() == (s.vectors == vectors[0]).all(axis=1).sum() for s in two)


def test_a_thing_needs_photos_that_surely_show_it() -> None:
    captions = [["a ball on a table", "the ball is"]] * PHOTOS_EACH + [["a table", "a ball is"]] * 9
    asked = queries(captions, np.eye(len(captions), dtype=np.float32))
    there = [name for name, away in zip(asked.names, asked.shelf.absent, strict=True) if not away]
    assert there == ["ball"]
    assert asked.shelf.surely[0].sum() == PHOTOS_EACH and asked.shelf.named[0].all()
    assert not asked.shelf.named[1:].any()


def test_a_model_that_knows_colours_only_finds_those(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", data, "--split", "dev", "--json", tmp_path / "result.json") == 0
    told = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    answered = {one["query"]: one["answer"] for one in told["queries"] if one["there"]}
    assert answered == {"ball": "nothing", "table": "nothing"} | {
        f"{colour} ball": "matches" for colour in COLOURS
    }
    assert (told["precision"], told["recall"]) == (1, pytest.approx(3 / 5))
    assert told["f1"] == pytest.approx(2 * 0.6 / 1.6)
    assert told["nothing"]["recall"] == 1
    assert told["bands"] == {"strong": 1, "maybe": None} and told["shown"] == pytest.approx(3 / 5)
    assert (told["n_present"], told["n_images"], told["libraries"]) == (5, 9, 1)
    assert told["n_absent"] == len(things()) - len(told["left_out"]) and told["smaller"] == []
    assert "zebra" in told["left_out"] and "zebra" not in {q["query"] for q in told["queries"]}
    low, high = told["ci95"]["recall"]
    assert low < 3 / 5 < high
    printed = capsys.readouterr().out
    assert "| 9 | 75.0 [" in printed and "Missed: ball, table" in printed


def test_without_things_to_ask_for_there_is_nothing_to_measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [{"image": "red0.png", "captions": ["red"]}]
    assert run("--data", data_folder(tmp_path / "data", cases, {"red0.png": "red"})) == 2
    assert "name 0 things often enough" in capsys.readouterr().err


def test_a_photo_that_cannot_be_opened_is_left_out(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "photos" / "red1.png").write_bytes(b"no photo")
    cases = [*CASES, {"image": "red3.png", "split": "dev", "captions": ["A red ball is"]}]
    data_folder(data, cases, {"red3.png": "red"})
    assert run("--data", data) == 1
    told = capsys.readouterr()
    assert "left out:" in told.err and "red1.png" in told.err
    assert "| 9 |" in told.out


def test_smaller_libraries_are_drawn_from_the_photos(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eval.relevance, "SMALLER", {4: 3, 9: 1})
    assert run("--data", data, "--json", tmp_path / "result.json") == 0
    (smaller,) = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["smaller"]
    assert (smaller["n_images"], smaller["libraries"]) == (4, 3)
    assert smaller["precision"] == 1 and 0 < smaller["recall"] < 1
