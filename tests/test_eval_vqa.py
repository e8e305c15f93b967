"""`python -m eval vqa` on drawn photos, with replies from a table or answers made elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scripted_describer import ScriptedDescriber, data_folder

import eval.__main__ as command
import eval.vqa_command
from eval.cases import CasesInvalid
from eval.predictions import PredictionsInvalid
from eval.vqa_cases import questions
from eval.vqa_predictions import read_answers

COLOUR, DOG, WHERE = "What colour is it?", "Is there a dog?", "Where is this?"


def case(image: str, question: str, *answers: str, **more: Any) -> dict[str, Any]:
    return {"image": image, "split": "dev", "question": question, "answers": answers} | more


CASES: list[dict[str, Any]] = [
    case("a/red.png", COLOUR, "red", "red", "red", "red", type="colour"),
    case("a/red.png", DOG, "yes", type="exists"),
    case("blue.png", COLOUR, "gray", "blue", type="colour"),
    {"image": "blue.png", "captions": ["a blue sea"]},
    case("blue.png", DOG, "no", "No.", type="exists"),
    case("a/red.png", WHERE, "a wall", choices=["a wall", "a sea"]),
    case("sea.png", WHERE, "sea", split="test", question_id=7),
]
PHOTOS = {"a/red.png": "red", "blue.png": "blue", "sea.png": "navy"}
REPLIES = {
    ((255, 0, 0), COLOUR): "Probably red.",
    ((0, 0, 255), COLOUR): "Grey.",
    DOG: "Yes, there is one.",
    WHERE: "I am not sure. Perhaps at a wall.",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", CASES, PHOTOS)


@pytest.fixture
def describer(monkeypatch: pytest.MonkeyPatch) -> ScriptedDescriber:
    scripted = ScriptedDescriber(REPLIES)
    monkeypatch.setattr(eval.vqa_command, "load_describer", lambda name: scripted)
    return scripted


def run(*arguments: object) -> int:
    return command.main(["vqa", *map(str, arguments)])


def result_of(*arguments: object, folder: Path, code: int = 0) -> Any:
    assert run("--json", folder / "result.json", *arguments) == code
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def predictions(folder: Path, entries: Any) -> Path:
    file = folder / "said.json"
    file.write_text(json.dumps(entries), encoding="utf-8")
    return file


def test_the_numbers_are_those_worked_out_by_hand(
    data: Path, tmp_path: Path, describer: ScriptedDescriber
) -> None:
    result = result_of("--data", data, "--split", "dev", folder=tmp_path)
    # red: 1; yes to the dog: 1; grey of gray and blue: 1/2; yes where there is none: 0; where: 0
    assert result["accuracy"] == pytest.approx(2.5 / 5)
    assert result["by_type"] == {"colour": 0.75, "exists": 0.5, "other": 0.0}
    assert (result["n"], result["yes_rate"], result["not_sure"]) == (5, 1.0, 0.2)
    assert result["majority"] == pytest.approx((2 * 0.5 + 2 * 0.5 + 1) / 5)
    assert result["types"]["exists"] == {"n": 2, "majority": 0.5, "majority_answer": "no"}
    low, high = result["ci95"]["accuracy"]
    assert low == pytest.approx(0.25) and high == pytest.approx(2 / 3)  # one photo, or the other
    assert result["model"] == "scripted" and result["skipped"] == []
    said = {(one["image"], one["question"]): one for one in result["questions"]}
    assert said["blue.png", COLOUR]["answer"] == "gray"
    assert said["a/red.png", WHERE]["answer"] is None
    assert said["a/red.png", WHERE]["reply"] == REPLIES[WHERE]
    again = predictions(tmp_path, result["questions"])
    scored = result_of("--data", data, "--split", "dev", "--predictions", again, folder=tmp_path)
    assert scored["accuracy"] == result["accuracy"] and scored["not_sure"] == result["not_sure"]


def test_the_questions_of_a_photo_are_asked_together(
    data: Path, describer: ScriptedDescriber
) -> None:
    assert run("--data", data, "--limit", 1) == 0
    assert describer.asked == [COLOUR, DOG, WHERE]


def test_the_table_names_the_kinds_and_the_constant_answers(
    data: Path, describer: ScriptedDescriber, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", data) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("**scripted** on 6 questions; VQA accuracy in %")
    assert lines[2] == "| type | n | accuracy | always the same answer |"
    assert lines[5] == "| exists | 2 | 50.0 | 50.0 (no) |"
    assert lines[7].startswith("| all | 6 | 41.7 [")
    assert lines[9] == "100.0 % yes where people say yes or no; 33.3 % not sure"


def test_a_constant_yes_is_given_away_by_its_yes_rate_and_beats_no_constant(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = ScriptedDescriber({}, default="Yes.")
    monkeypatch.setattr(eval.vqa_command, "load_describer", lambda name: always)
    result = result_of("--data", data, folder=tmp_path)
    assert result["yes_rate"] == 1 and result["accuracy"] < result["majority"]


def test_a_describer_without_words_is_not_sure(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = ScriptedDescriber({}, default=" ")
    monkeypatch.setattr(eval.vqa_command, "load_describer", lambda name: silent)
    result = result_of("--data", data, folder=tmp_path)
    assert (result["accuracy"], result["not_sure"], result["yes_rate"]) == (0, 1, 0)


def test_a_photo_that_cannot_be_opened_is_left_out_and_named(
    data: Path, tmp_path: Path, describer: ScriptedDescriber, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "photos" / "blue.png").write_bytes(b"no photo")
    result = result_of("--data", data, folder=tmp_path, code=1)
    assert result["n"] == 4 and result["yes_rate"] == 1
    assert [Path(entry["path"]).name for entry in result["skipped"]] == ["blue.png"]
    assert "left out: " in capsys.readouterr().err


def test_photos_none_of_which_opens_are_an_error(
    data: Path, describer: ScriptedDescriber, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in PHOTOS:
        (data / "photos" / name).write_bytes(b"")
    assert run("--data", data) == 2
    assert "None of the photos can be opened" in capsys.readouterr().err


def test_answers_made_elsewhere_are_scored_as_they_stand_and_without_photos(
    data: Path, tmp_path: Path
) -> None:
    (data / "photos" / "sea.png").unlink()
    entries = [
        *({"image": case["image"], "question": case["question"], "answer": answer}
          for case, answer in zip(
              [case for case in CASES if "question" in case],
              ["Red!", "", "grey", "not sure", "the wall", "unused"], strict=True)),
        {"question_id": 7, "answer": "sea"},
        {"question_id": "of another data set", "answer": "tree"},
    ]  # fmt: skip
    result = result_of(
        "--data", data, "--predictions", predictions(tmp_path, entries), folder=tmp_path
    )
    scores = {(one["image"], one["question"]): one["accuracy"] for one in result["questions"]}
    assert scores == {
        ("a/red.png", COLOUR): 1,
        ("a/red.png", DOG): 0,
        ("a/red.png", WHERE): 1,
        ("blue.png", COLOUR): 0,
        ("blue.png", DOG): 0,
        ("sea.png", WHERE): 1,
    }
    assert result["not_sure"] == pytest.approx(1 / 6)
    assert result["model"] == "said.json" and result["seconds_per_question"] is None


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({"7": "sea"}, "said.json: not a JSON list"),
        (["sea"], 'said.json, entry 1: not an object with the text "answer"'),
        ([{"question_id": 7, "answer": 3}], 'entry 1: not an object with the text "answer"'),
        ([{"image": "sea.png", "answer": "sea"}], "entry 1: .*must name a question"),
        ([{"question_id": 7, "answer": a} for a in "xy"], "entry 2: a second"),
        ([{"question_id": 8, "answer": "sea"}], "no answer to 1 of 1 questions, such as 'Where"),
    ],
)  # fmt: skip
def test_a_bad_file_of_answers_is_refused(
    data: Path, tmp_path: Path, entries: Any, complaint: str
) -> None:
    asked = questions(data, split="test")
    with pytest.raises(PredictionsInvalid, match=complaint):
        read_answers(predictions(tmp_path, entries), asked, data / "photos")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ({"question": " "}, '"question" must be a text'),
        ({"question": 3}, '"question" must be a text'),
        ({"question": "why? " * 1000}, "more than 2,000 characters"),
        ({"answers": []}, '"answers" must be a list with at least one text'),
        ({"answers": "red"}, '"answers" must be a list'),
        ({"answers": None}, '"answers" must be a list'),
        ({"answers": [1]}, 'in "answers" is not a text'),
        ({"type": 3}, '"type" must be the name'),
        ({"question_id": [1]}, '"question_id" must be'),
        ({"image": "gone.png"}, "gone.png is not there"),
        ({"image": "../photos/red.png"}, "leads out of the photos folder"),
    ],
)
def test_a_bad_line_is_named_with_its_number(
    data: Path, line: dict[str, Any], complaint: str
) -> None:
    data_folder(data, [CASES[0], CASES[0] | line], PHOTOS)
    with pytest.raises(CasesInvalid, match=r"cases\.jsonl, line 2: ") as caught:
        questions(data)
    assert complaint in str(caught.value)


def test_what_cannot_be_done_is_said_in_one_line_with_exit_code_2(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    captions_only = data_folder(tmp_path / "captions", [CASES[3]], PHOTOS)
    for arguments, complaint in (
        (("--data", captions_only), 'no line has "question" and "answers"'),
        (
            ("--data", data, "--split", "val"),
            "no question of split 'val'. The file has: dev, test.",
        ),
        (("--data", data / "x"), "no such file or folder"),
        (("--data", data, "--predictions", data / "x.json"), "x.json: no such file or folder"),
        (("--data", data, "--json", data / "x" / "y"), "no such file or folder"),
        (("--data", data, "--model", "clip-b32"), "'clip-b32' cannot do this"),
    ):
        assert run(*arguments) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1
        assert captured.err.startswith("error: ") and complaint in captured.err
