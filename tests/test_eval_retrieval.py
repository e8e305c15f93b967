"""`python -m eval retrieval` end to end on drawn photos, and what it says to bad data."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import eval.__main__ as command
from eval.cases import CaptionedPhoto, CasesInvalid, captioned_photos
from eval.retrieval import evaluate
from vlm.errors import VlmError
from vlm.fakes import ColourEmbedder

CASES: list[dict[str, Any]] = [
    {"image": "red.png", "split": "dev", "captions": ["a red wall", "red"]},
    {"image": "green.png", "split": "dev", "captions": ["green grass"]},
    {"image": "blue.png", "split": "test", "captions": ["the blue sea", "a grey thing"]},
    {"image": "blue.png", "question": "which colour?", "answers": ["blue"]},
]


def write_cases(folder: Path, lines: list[Any]) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "cases.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "photos").mkdir(parents=True)
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (30, 20), colour).save(folder / "photos" / f"{colour}.png")
    return write_cases(folder, CASES)


def run(*arguments: object) -> int:
    return command.main(["retrieval", "--model", "fake", *map(str, arguments)])


def test_three_colours_give_the_numbers_worked_out_by_hand(data: Path, tmp_path: Path) -> None:
    # "a grey thing" is equally near to all three photos, so it ranks third; all else is first.
    assert run("--data", data, "--json", tmp_path / "result.json") == 0
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    to_image = {"r@1": 0.8, "r@5": 1.0, "r@10": 1.0, "median_rank": 1.0}
    assert result["text_to_image"] == {**to_image, "mrr": pytest.approx((4 + 1 / 3) / 5)}
    perfect = {"r@1": 1.0, "r@5": 1.0, "r@10": 1.0, "mrr": 1.0, "median_rank": 1.0}
    assert result["image_to_text"] == perfect
    assert (result["n_images"], result["n_texts"], result["model"]) == (3, 5, "fake")
    low, high = result["ci95"]["text_to_image"]["r@1"]
    assert 0.5 <= low <= 0.8 <= high == 1.0
    assert result["seconds"] == pytest.approx(sum(result["stages"].values()))
    assert result["version"] and result["fingerprint"] == "fake-1" and result["skipped"] == []


def test_the_table_goes_to_stdout_and_nothing_else_does(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", data) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("**fake** on 3 photos and 5 texts")
    assert lines[2] == "|  | r@1 | r@5 | r@10 | mrr | median_rank |"
    assert lines[4].startswith("| text → image | 80.0 [")
    assert lines[5].startswith("| image → text | 100.0 [100.0, 100.0] |")


def test_python_m_eval_runs_it(data: Path) -> None:
    ask = [sys.executable, "-m", "eval", "retrieval", "--model", "fake", "--data"]
    good = subprocess.run([*ask, str(data)], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("**fake** on 3 photos and 5 texts")
    bad = subprocess.run([*ask, str(data / "x")], capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.startswith("error: ")


def test_split_and_limit_choose_photos(data: Path) -> None:
    names = [photo.path.name for photo in captioned_photos(data, split="dev")]
    assert names == ["red.png", "green.png"]
    assert [photo.path.name for photo in captioned_photos(data, limit=1)] == ["red.png"]


def test_lines_of_one_photo_are_joined_also_behind_the_limit(data: Path) -> None:
    write_cases(data, [*CASES, {"image": "red.png", "captions": ["more red"]}])
    [photo] = captioned_photos(data, limit=1)
    assert photo.captions == ("a red wall", "red", "more red")


def test_a_photo_that_cannot_be_opened_is_left_out_and_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "photos" / "green.png").write_bytes(b"not a photo")
    assert run("--data", data, "--json", tmp_path / "result.json") == 1
    assert "left out: " in (said := capsys.readouterr().err) and "green.png" in said
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert (result["n_images"], result["n_texts"]) == (2, 4)
    assert [Path(entry["path"]).name for entry in result["skipped"]] == ["green.png"]


def test_batches_give_what_single_photos_give(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    photos = []
    for number in range(70):  # more than two batches
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (9, 9), tuple(draw.integers(0, 256, size=3).tolist())).save(path)
        photos.append(CaptionedPhoto(path, ("red",) if number % 2 else ("blue", "green")))
    seen: list[int] = []

    class Watched(ColourEmbedder):
        def embed_images(self, images: Any) -> Any:
            seen.append(len(images))
            assert {image.size for image in images} == {(8, 8)}
            return np.concatenate([super(Watched, self).embed_images([i]) for i in images])

    assert (
        evaluate(photos, Watched()).text_to_image
        == evaluate(photos, ColourEmbedder()).text_to_image
    )
    assert seen == [32, 32, 6]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"image": "red.png", captions: []}', "line 2: not JSON"),
        ("[1, 2]", "line 2: not a JSON object"),
        ({"image": "gone.png", "captions": ["a"]}, "gone.png is not there"),
        ({"image": "../photos/red.png", "captions": ["a"]}, "leads out of the photos folder"),
        ({"image": "/etc/hostname", "captions": ["a"]}, "leads out of the photos folder"),
        ({"captions": ["a"]}, '"image" must be the name of a photo'),
        ({"image": 3, "captions": ["a"]}, '"image" must be the name of a photo'),
        ({"image": "red.png", "captions": "red"}, '"captions" must be a list'),
        ({"image": "red.png", "captions": []}, '"captions" must be a list'),
        ({"image": "red.png", "captions": ["a", " "]}, "is not a text"),
        ({"image": "red.png", "captions": [1]}, "is not a text"),
        ("[" * 100_000, "line 2: "),
    ],
)
def test_a_bad_line_is_named_with_its_number(data: Path, line: Any, complaint: str) -> None:
    write_cases(data, [CASES[0], line])
    with pytest.raises(CasesInvalid) as caught:
        captioned_photos(data)
    assert "cases.jsonl, line 2: " in str(caught.value)
    assert complaint in str(caught.value)


def test_a_file_that_is_not_utf8_is_refused_with_the_line(data: Path) -> None:
    (data / "cases.jsonl").write_bytes(b'{"question": "a"}\n{"image": "\xe9.png"}')
    with pytest.raises(CasesInvalid, match=r"line 2: not UTF-8"):
        captioned_photos(data)


def test_a_caption_may_hold_a_line_separator(data: Path) -> None:
    line = json.dumps({"image": "red.png", "captions": ["red\u2028wall"]}, ensure_ascii=False)
    [photo] = captioned_photos(write_cases(data, [line]))
    assert photo.captions == ("red\u2028wall",)


def test_an_unknown_split_names_those_that_exist(data: Path) -> None:
    with pytest.raises(CasesInvalid, match=r"split 'val'. The file has: dev, test\."):
        captioned_photos(data, split="val")


def test_questions_alone_are_not_enough(data: Path) -> None:
    with pytest.raises(CasesInvalid, match='no line has "image" and "captions"'):
        captioned_photos(write_cases(data, [CASES[3]]))


def test_photos_none_of_which_opens_are_an_error(data: Path) -> None:
    for path in (data / "photos").iterdir():
        path.write_bytes(b"")
    with pytest.raises(VlmError, match="None of the photos can be opened"):
        evaluate(captioned_photos(data), ColourEmbedder())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--data", "nowhere"), "nowhere/cases.jsonl: no such file"),
        (("--data", ".", "--json", "nowhere/result.json"), "nowhere: no such file or folder"),
        (("--data", ".", "--model", "fakee"), "Unknown model 'fakee'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_with_exit_code_2(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    complaint: str,
) -> None:
    monkeypatch.chdir(data)
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ") and complaint in captured.err
    assert captured.err.count("\n") == 1


def test_a_result_that_cannot_be_written_leaves_what_was_there(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "result.json"
    taken.mkdir()
    assert run("--data", data, "--json", taken) == 2
    assert "cannot write the result" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "result.json"]


def test_the_limit_must_be_a_number_of_photos(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run("--data", data, "--limit", "0")
    assert caught.value.code == 2
    assert "'0' is not a number of photos" in capsys.readouterr().err
