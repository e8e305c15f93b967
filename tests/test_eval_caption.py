"""`python -m eval caption` on drawn photos, and captions that were made elsewhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import eval.__main__ as command
from eval.caption import caption_all
from eval.caption_predictions import read_predictions
from eval.cases import captioned_photos
from eval.predictions import PredictionsInvalid
from vlm.errors import TaskUnsupported, VlmError
from vlm.fakes import EchoDescriber
from vlm.protocols import Message, Prompts

CASES: list[dict[str, Any]] = [
    {"image": "dev/12.png", "split": "dev", "captions": ["a red picture", "red paint on a wall"]},
    {"image": "COCO_val_0034.png", "split": "dev", "captions": ["a green picture of grass"]},
    {"image": "sea.png", "split": "test", "captions": ["the blue sea"]},
    {"image": "sea.png", "question": "which colour?", "answers": ["blue"]},
]
COLOURS = {"dev/12.png": "red", "COCO_val_0034.png": "green", "sea.png": "blue"}


def write_cases(folder: Path, cases: Sequence[Any]) -> Path:
    folder.mkdir(exist_ok=True)
    text = "\n".join(json.dumps(case) for case in cases)
    (folder / "cases.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "photos" / "dev").mkdir(parents=True)
    for name, colour in COLOURS.items():
        Image.new("RGB", (30, 20), colour).save(folder / "photos" / name)
    return write_cases(folder, CASES)


def predictions(folder: Path, entries: Any) -> Path:
    file = folder / "said.json"
    file.write_text(json.dumps(entries), encoding="utf-8")
    return file


def run(*arguments: object) -> int:
    return command.main(["caption", "--model", "fake", *map(str, arguments)])


def scores_or_skip() -> None:
    pytest.importorskip("pycocoevalcap.cider.cider", reason="needs the extra [eval]")
    if shutil.which("java") is None:
        pytest.skip("there is no java command")


def test_a_model_and_its_captions_in_a_file_get_the_same_numbers(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scores_or_skip()
    out = tmp_path / "result.json"
    assert run("--data", data, "--json", out) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    assert lines[0].startswith("**fake** on 3 photos: 3 different captions")
    assert lines[2] == "| CIDEr | BLEU-4 | METEOR | ROUGE-L |"
    assert lines[-1].endswith(" s a photo")
    result = json.loads(out.read_text(encoding="utf-8"))
    assert (result["n"], result["n_references"], result["model"]) == (3, 4, "fake")
    assert result["seconds_per_photo"] > 0 and result["skipped"] == []
    first = result["photos"][0]
    assert first["image"] == "dev/12.png"
    assert first["caption"] == "a red picture of 30 by 20 pixels"
    # The first shares four words with what people wrote, the last only "blue".
    for name in ("CIDEr", "BLEU-4", "METEOR", "ROUGE-L"):
        each = [photo[name] for photo in result["photos"]]
        assert 0 <= each[2] < each[0] and 0 < result[name] < 10
    for name in ("CIDEr", "ROUGE-L"):
        low, high = result["ci95"][name]
        each = [photo[name] for photo in result["photos"]]
        assert min(each) <= low < result[name] < high <= max(each)
        assert result[name] == pytest.approx(sum(each) / 3)

    meteor_each = [photo["METEOR"] for photo in result["photos"]]  # starting METEOR takes seconds
    monkeypatch.setattr("eval.caption_scores.meteor", lambda *_: (result["METEOR"], meteor_each))
    said = predictions(tmp_path, result["photos"])
    assert run("--data", data, "--predictions", said, "--json", out) == 0
    again = json.loads(out.read_text(encoding="utf-8"))
    assert again["model"] == "said.json" and again["seconds_per_photo"] is None
    assert "s a photo" not in capsys.readouterr().out
    for key in ("CIDEr", "BLEU-4", "ROUGE-L", "n", "ci95", "photos"):
        assert again[key] == result[key]


def test_a_photo_that_cannot_be_opened_is_left_out_and_named(data: Path) -> None:
    (data / "photos" / "dev" / "12.png").write_bytes(b"not a photo")
    captions = caption_all(captioned_photos(data), EchoDescriber())
    assert [photo.path.name for photo in captions.photos] == ["COCO_val_0034.png", "sea.png"]
    assert [caption.split()[1] for caption in captions.said] == ["green", "blue"]
    [error] = captions.skipped
    assert str(error.path).endswith("12.png")


def test_the_command_names_what_was_left_out_with_exit_code_1(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pycocoevalcap.cider.cider", reason="needs the extra [eval]")
    monkeypatch.setattr("eval.caption_scores.find_java", lambda: "java")
    monkeypatch.setattr("eval.caption_scores.tokenise", list)
    monkeypatch.setattr("eval.caption_scores.meteor", lambda said, wanted: (0.5, [0.5] * len(said)))
    (data / "photos" / "sea.png").write_bytes(b"")
    assert run("--data", data) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("**fake** on 2 photos")
    assert captured.err.startswith("left out: ") and "sea.png" in captured.err


def test_silence_is_an_empty_caption_and_not_a_photo_less(data: Path) -> None:
    class Silent(EchoDescriber):
        def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
            yield " "

    captions = caption_all(captioned_photos(data), Silent())
    assert (captions.said, len(captions.photos), captions.skipped) == (("", "", ""), 3, ())


def test_photos_none_of_which_opens_are_an_error(data: Path) -> None:
    for name in COLOURS:
        (data / "photos" / name).write_bytes(b"")
    with pytest.raises(VlmError, match="None of the photos can be opened"):
        caption_all(captioned_photos(data), EchoDescriber())


def test_a_model_that_cannot_caption_says_so(data: Path) -> None:
    class Answers(EchoDescriber):
        prompts = Prompts(caption=None, detailed=None, answer="{question}", alt_text=None)

    with pytest.raises(TaskUnsupported):
        caption_all(captioned_photos(data), Answers())


@pytest.mark.parametrize(
    ("red", "green"),
    [
        ({"image": "dev/12.png"}, {"image": "COCO_val_0034.png"}),
        ({"image_id": 12}, {"image_id": 34}),
        ({"image_id": "12"}, {"image_id": "COCO_val_0034"}),
    ],
)
def test_photos_are_found_by_name_and_as_coco_results_number_them(
    data: Path, red: dict[str, Any], green: dict[str, Any]
) -> None:
    file = predictions(data, [{**green, "caption": "grass"}, {**red, "caption": "paint"}])
    captions = read_predictions(file, data, split="dev")
    assert [photo.path.name for photo in captions.photos] == ["12.png", "COCO_val_0034.png"]
    assert captions.said == ("paint", "grass")
    assert (captions.source, captions.seconds_per_photo) == ("said.json", None)


def test_captions_of_other_splits_and_beyond_the_limit_are_passed_over(data: Path) -> None:
    file = predictions(data, [{"image": name, "caption": name} for name in COLOURS])
    assert read_predictions(file, data, split="test").said == ("sea.png",)
    assert read_predictions(file, data, limit=1).said == ("dev/12.png",)
    assert len(read_predictions(file, data).said) == 3


SEA = {"image": "sea.png", "caption": "waves"}


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([SEA, {"image": "lake.png", "caption": "a"}], "entry 2: no line of cases.jsonl has"),
        ([{"image_id": 7, "caption": "a"}], "captions for image_id 7."),
        ([{"image_id": "sea.png", "caption": "a"}], "captions for image_id 'sea.png'."),
        ([SEA, SEA], "entry 2: a second caption for sea.png."),
        ([SEA], "no caption for 2 of 3 photos, such as dev/12.png."),
        ([], "no caption for 3 of 3 photos"),
        ([{"image": "sea.png"}], 'entry 1: not an object with the text "caption"'),
        (["waves"], 'entry 1: not an object with the text "caption"'),
        ([{"caption": "waves"}], '"image" or "image_id" must name a photo'),
        ([{"image": ["sea.png"], "caption": "waves"}], '"image" or "image_id" must name a photo'),
        ({"sea.png": "waves"}, "not a JSON list"),
    ],
)
def test_a_file_of_captions_that_does_not_fit_is_refused_with_the_entry(
    data: Path, entries: Any, complaint: str
) -> None:
    with pytest.raises(PredictionsInvalid) as caught:
        read_predictions(predictions(data, entries), data)
    assert "said.json" in str(caught.value) and complaint in str(caught.value)


def test_a_number_that_two_photos_have_is_not_guessed(data: Path) -> None:
    shutil.copy(data / "photos" / "sea.png", data / "photos" / "0012.png")
    write_cases(data, [*CASES, {"image": "0012.png", "captions": ["blue"]}])
    file = predictions(data, [{"image_id": 12, "caption": "a"}])
    with pytest.raises(PredictionsInvalid, match=r"may be dev/12\.png and 0012\.png"):
        read_predictions(file, data)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"{", "not JSON"), (b"\xff\xfe", "not UTF-8"), (b"[" * 100_000, "not JSON")],
)
def test_a_file_that_is_not_json_is_refused(data: Path, content: bytes, complaint: str) -> None:
    (data / "said.json").write_bytes(content)
    with pytest.raises(PredictionsInvalid, match=complaint):
        read_predictions(data / "said.json", data)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--data", "nowhere"), "nowhere/cases.jsonl: no such file"),
        (("--data", ".", "--json", "nowhere/result.json"), "nowhere: no such file or folder"),
        (("--data", ".", "--model", "fakee"), "Unknown model 'fakee'"),
        (("--data", ".", "--split", "train"), "no captioned photo of split 'train'"),
        (("--data", ".", "--predictions", "said.json"), "said.json: no such file"),
        (("--data", ".", "--predictions", "photos"), "photos: cannot be read"),
        (("--data", ".", "--limit", "1"), "two photos or more, and there is 1"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_with_exit_code_2(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    complaint: str,
) -> None:
    scores_or_skip()
    monkeypatch.chdir(data)
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ") and complaint in captured.err
    assert captured.err.count("\n") == 1


def test_without_java_no_photo_is_captioned_in_vain(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pycocoevalcap.cider.cider", reason="needs the extra [eval]")

    def captioned(*_: object, **__: object) -> Iterator[str]:
        raise AssertionError("captioned ahead of looking for java")

    monkeypatch.setattr(EchoDescriber, "describe", captioned)
    monkeypatch.setenv("PATH", "")
    assert run("--data", data) == 2
    assert "there is no 'java' command" in capsys.readouterr().err
