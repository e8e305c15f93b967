"""`python -m eval presence`: what captions mention, which questions follow, and how they score."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_describer import ScriptedDescriber, data_folder

import eval.__main__ as command
import eval.presence_command
from eval.cases import CasesInvalid
from eval.presence_cases import contents
from eval.presence_mentions import OBJECTS, mentioned, object_named, plural
from eval.presence_metrics import Verdict, presence, verdict_of
from eval.presence_objects import HINTED
from eval.presence_questions import NEGATIVES, PAIRS, Contents, Negatives, ask

CASES: list[dict[str, Any]] = [
    {"image": "red.png", "split": "dev", "captions": ["A man and his dog .", "Two people"]},
    {"image": "green.png", "split": "dev", "captions": ["A woman throws a ball to her puppy"]},
    {
        "image": "blue.png",
        "split": "dev",
        "captions": ["The blue sea"],
        "objects": ["Boats", "man"],
    },
    {"image": "white.png", "split": "test", "captions": ["Nothing but snow"]},
]
PHOTOS = {"red.png": "red", "green.png": "lime", "blue.png": "blue", "white.png": "white"}

pairs = st.lists(st.tuples(st.booleans(), st.sampled_from([True, False, None])), min_size=1)
names = st.lists(st.sampled_from(OBJECTS), unique=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", CASES, PHOTOS)


def asked_of(describer: ScriptedDescriber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval.presence_command, "load_describer", lambda name: describer)


def run(*arguments: object) -> int:
    return command.main(["presence", *map(str, arguments)])


def result_of(*arguments: object, folder: Path, code: int = 0) -> Any:
    assert run("--json", folder / "result.json", *arguments) == code
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def test_the_table_has_the_80_classes_and_hints_at_no_other() -> None:
    assert len(OBJECTS) == len(set(OBJECTS)) == 80
    hinted = {line.rpartition(":")[2].strip() for line in HINTED.replace("\n  ", " ").splitlines()}
    assert hinted - {""} <= set(OBJECTS)
    assert all(object_named(name) == object_named(plural(name)) == name for name in OBJECTS)


@pytest.mark.parametrize(
    ("caption", "surely", "perhaps"),
    [
        ("Two women ride ponies past parked cars .", {"person", "horse", "car"}, set()),
        ("A hot dog beside a teddy bear", {"hot dog", "teddy bear"}, set()),
        ("a man in an orange shirt", {"person"}, {"orange"}),
        ("three oranges and a glass of wine", {"orange", "wine glass"}, set()),
        ("A toy train by the bus stop", set(), {"train", "bus"}),
        ("There are no people on the bench.", {"bench"}, {"person"}),
        ("A wine-glass near the T.V.", {"wine glass"}, set()),
        ("Carpets and catalogues", set(), set()),  # neither cars nor cats
        ("An animal on a couch", {"couch"}, {"dog", "cat", "bird", "horse", "sheep", "cow",
                                             "elephant", "bear", "zebra", "giraffe"}),
    ],
)  # fmt: skip
def test_captions_mention_objects_surely_or_perhaps(
    caption: str, surely: set[str], perhaps: set[str]
) -> None:
    assert mentioned([caption]) == (surely, perhaps)


@given(st.lists(st.sampled_from(["a dog", "an orange cat", "a toy dog", "the sea"])))
def test_more_captions_never_take_an_object_away(captions: list[str]) -> None:
    for count in range(len(captions)):
        assert mentioned(captions[:count]).surely <= mentioned(captions).surely


@given(names, names, st.sampled_from(NEGATIVES), st.integers(0, 9))
def test_half_of_the_questions_are_about_what_is_not_there(
    there: list[str], others: list[str], negatives: Negatives, seed: int
) -> None:
    absent = tuple(name for name in others if name not in there)
    photo = Contents(Path("a.png"), tuple(there), absent)
    for _, questions in ask([photo], negatives, seed=seed):
        assert len({question.text for question in questions}) == len(questions) <= 2 * PAIRS
        assert Counter(question.there for question in questions) == {
            True: len(questions) // 2,
            False: len(questions) // 2,
        }
        assert all(question.name in (there if question.there else absent) for question in questions)


def negatives_of(photos: list[Contents], kind: Negatives) -> list[set[str]]:
    return [{q.name for q in questions if not q.there} for _, questions in ask(photos, kind)]


def test_popular_negatives_are_frequent_and_adversarial_ones_go_with_what_is_there() -> None:
    def photo(number: int, *there: str) -> Contents:
        absent = tuple(name for name in OBJECTS if name not in there)
        return Contents(Path(f"{number}.png"), there, absent)

    photos = [photo(0, "fork"), photo(1, "fork", "knife"), *(photo(i, "dog") for i in range(2, 7))]
    assert negatives_of(photos, "popular")[0] == {"dog"}
    assert negatives_of(photos, "adversarial")[0] == {"knife"}
    assert negatives_of(photos, "popular")[2:] == [{"fork"}] * 5
    drawn = set().union(*negatives_of(photos, "random"))
    assert len(drawn) > 4  # and another run draws the same:
    assert list(ask(photos, "random")) == list(ask(photos, "random"))
    assert list(ask(photos, "random")) != list(ask(photos, "random", seed=1))


def test_the_limit_counts_photos_that_are_asked_about_and_changes_no_question() -> None:
    photos = [
        Contents(Path("0.png"), (), OBJECTS),
        *(Contents(Path(f"{i}.png"), ("dog",), OBJECTS[20:]) for i in range(1, 4)),
    ]
    for negatives in NEGATIVES:
        assert list(ask(photos, negatives, limit=2)) == list(ask(photos, negatives))[:2]


def test_captions_or_lists_say_what_is_in_a_photo(data: Path) -> None:
    found = {photo.path.name: photo for photo in contents(data)}
    assert found["red.png"].there == ("person", "dog")
    assert "dog" not in found["red.png"].absent and "cat" in found["red.png"].absent
    assert found["blue.png"].there == ("person", "boat")  # the list counts, not the caption
    assert len(found["blue.png"].absent) == 78


def test_a_describer_that_says_yes_to_everything_is_found_out(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_of(ScriptedDescriber({}, default="Yes."), monkeypatch)
    for negatives in NEGATIVES:
        result = result_of("--data", data, "--negatives", negatives, folder=tmp_path)
        assert result["accuracy"] == result["precision"] == 0.5
        assert (result["recall"], result["yes_rate"], result["not_sure"]) == (1, 1, 0)
        assert result["f1"] == pytest.approx(2 / 3)
        assert (result["n"], result["n_images"]) == (14, 3)
        assert result["ci95"]["accuracy"] == [0.5, 0.5]
        assert result["negatives"] == negatives


def test_replies_are_scored_as_worked_out_by_hand(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = ("person", "dog", "sports ball", "boat")
    replies = {f"Is there a {name} in the picture?": "Probably yes." for name in there}
    replies["Is there a dog in the picture?"] = "I am not sure."
    asked_of(ScriptedDescriber(replies, default="No, there is none."), monkeypatch)
    arguments = ("--data", data, "--negatives", "random")
    result = result_of(*arguments, folder=tmp_path)
    unsure = sum(one["object"] == "dog" for one in result["questions"])
    wrong = sum(one["object"] in there and not one["there"] for one in result["questions"])
    assert unsure >= 2 and result["not_sure"] == unsure / 14
    assert result["accuracy"] == pytest.approx(1 - (2 + wrong) / 14)
    assert result["recall"] == pytest.approx(5 / 7)
    assert capsys.readouterr().out.splitlines()[2].startswith("| accuracy | precision | recall |")
    again = result_of(*arguments, folder=tmp_path)
    assert {**again, "seconds_per_question": 0} == {**result, "seconds_per_question": 0}


def test_a_photo_that_cannot_be_opened_is_left_out_and_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "photos" / "red.png").write_bytes(b"no photo")
    asked_of(ScriptedDescriber({}), monkeypatch)
    result = result_of("--data", data, folder=tmp_path, code=1)
    assert (result["n"], result["n_images"]) == (10, 2)
    assert [Path(entry["path"]).name for entry in result["skipped"]] == ["red.png"]


@given(pairs, st.randoms())
def test_presence_measures_are_shares_that_depend_on_no_order(
    pairs: list[tuple[bool, Verdict]], draw: Any
) -> None:
    measures = presence(pairs)
    assert measures == presence(draw.sample(pairs, len(pairs)))
    assert all(0 <= share <= 1 for share in measures)
    right = presence([(truth, truth) for truth, _ in pairs])
    assert right.accuracy == 1 and measures.accuracy <= right.accuracy
    low, high = sorted((measures.precision, measures.recall))
    assert low - 1e-9 <= measures.f1 <= high + 1e-9


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("Yes", True),
        ("yes, two of them", True),
        ("There is a dog on the lawn.", True),
        ("No.", False),
        ("Probably no.", False),
        ("There is no dog.", False),
        ("I can't tell.", None),
        ("Nobody knows", None),
        ("", None),
    ],
)
def test_a_reply_says_yes_or_no_or_neither(reply: str, verdict: Verdict) -> None:
    assert verdict_of(reply) is verdict


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ({"objects": "dog"}, '"objects" must be a list of names'),
        ({"objects": ["dog", "fountain"]}, "'fountain' is none of the 80 COCO objects"),
        ({"objects": [3]}, "3 is none of the 80 COCO objects"),
        ({"captions": []}, '"captions" must be a list with at least one text'),
    ],
)
def test_a_bad_line_is_named_with_its_number(
    data: Path, line: dict[str, Any], complaint: str
) -> None:
    data_folder(data, [CASES[0], CASES[0] | line], PHOTOS)
    with pytest.raises(CasesInvalid, match=r"cases\.jsonl, line 2: ") as caught:
        contents(data)
    assert complaint in str(caught.value)


def test_what_cannot_be_done_is_said_in_one_line_with_exit_code_2(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = {"image": "red.png", "question": "why?", "answers": ["so"]}
    questions_only = data_folder(tmp_path / "questions", [question], PHOTOS)
    for arguments, complaint in (
        (("--data", questions_only), 'no line has "captions" or "objects"'),
        (("--data", data, "--split", "val"), "no photo of split 'val'. The file has: dev, test."),
        (("--data", data, "--split", "test"), "none of the 80 COCO objects is in any photo"),
        (("--data", data, "--model", "clip-b32"), "'clip-b32' cannot do this"),
    ):
        assert run(*arguments) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1
        assert captured.err.startswith("error: ") and complaint in captured.err
