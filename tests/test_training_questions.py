"""Questions made from captions: every caption here was invented for the test."""

from __future__ import annotations

import doctest
import importlib
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
training: Any = importlib.import_module("questions")
nouns: Any = importlib.import_module("nouns")

DOG = (
    "A brown dog runs along the beach with a stick .",
    "A dog is running on the beach .",
    "The dog carries a stick across the wet sand .",
    "A dog with a stick running by the sea .",
    "A brown dog on the beach .",
)
KITCHEN = (
    "Two women are cooking in a kitchen .",
    "Two women stand in a kitchen by the stove .",
    "A kitchen with two women and a large pot .",
    "Two women cooking soup .",
)
TENNIS = (
    "A man in a red shirt plays tennis .",
    "A man wearing a red shirt hits a ball with his racket .",
    "The tennis player swings at the ball on a court .",
    "A man playing tennis .",
)
SETS = (DOG, KITCHEN, TENNIS) * 6
COCO = """person bicycle car motorcycle airplane bus train truck boat traffic-light fire-hydrant
stop-sign parking-meter bench bird cat dog horse sheep cow elephant bear zebra giraffe backpack
umbrella handbag tie suitcase frisbee skis snowboard sports-ball kite baseball-bat baseball-glove
skateboard surfboard tennis-racket bottle wine-glass cup fork knife spoon bowl banana apple sandwich
orange broccoli carrot hot-dog pizza donut cake chair couch potted-plant bed dining-table toilet tv
laptop mouse remote keyboard cell-phone microwave oven toaster sink refrigerator book clock vase
scissors teddy-bear hair-drier toothbrush"""


def asked(*captions: str, kind: str = "", seeds: int = 12) -> dict[str, str]:
    """Questions of a kind to their answers, over several seeds."""
    proposals = ("cat", "car", "umbrella", "dog", "pizza")
    return {
        question.text: question.answer
        for seed in range(seeds)
        for question in training.questions(
            captions, random.Random(seed), lambda rng: rng.choice(proposals)
        )
        if kind in ("", question.kind)
    }


def answers(*captions: str, kind: str) -> set[str]:
    return set(asked(*captions, kind=kind).values())


@pytest.mark.parametrize(
    "module",
    ["nouns", "vocabulary", "scenes", "noun_reading", "caption_grammar", "phrasings", "questions"],
)
def test_the_examples_in_the_docstrings_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_a_question_is_lower_case_and_of_a_known_kind() -> None:
    for group in training.make(SETS, seed=3):
        for question in group:
            assert question.kind in training.KINDS
            assert question.text == question.text.lower()
            assert question.text.endswith("?")
            assert "{" not in question.text
            assert "  " not in question.text
            assert question.answer == question.answer.lower() != ""


def test_the_same_seed_makes_the_same_questions_and_another_does_not() -> None:
    assert training.make(SETS, seed=1) == training.make(SETS, seed=1)
    assert training.make(SETS, seed=1) != training.make(SETS, seed=2)


def test_every_photo_has_as_many_things_that_are_there_as_things_that_are_not() -> None:
    for group in training.make(SETS, seed=5):
        told = [question.answer for question in group if question.kind == "exists"]
        assert told.count("yes") == told.count("no") > 0


def test_what_is_named_implied_or_wider_is_never_asked_to_be_denied() -> None:
    said = asked("A puppy sleeps on a sofa .", "A small puppy on a couch .", kind="exists")
    denied = [text for text, answer in said.items() if answer == "no"]
    assert denied
    assert not any(word in text for text in denied for word in ("dog", "chair", "animal"))


def test_the_colour_of_a_thing_is_asked_where_captions_agree() -> None:
    assert answers(*DOG, kind="colour") == {"brown"}


@pytest.mark.parametrize(
    "captions",
    [
        ("A brown dog and a black dog .", "Two dogs .", "A brown dog runs ."),
        ("Black and white cats .", "Some cats sit ."),
        ("A red and white ball .", "A blue ball ."),
        ("A dog in the grass .", "A brown dog .", "A white dog ."),
        ("A striped red ball .", "A ball ."),
        ("A white water raft .", "A raft on a river ."),
    ],
)
def test_colours_that_captions_dispute_or_mix_are_not_asked(captions: tuple[str, ...]) -> None:
    assert answers(*captions, kind="colour") == set()


def test_clothes_belong_to_who_wears_them() -> None:
    said = asked(*TENNIS, kind="colour", seeds=40)
    assert set(said.values()) == {"red"}
    assert any("the man's shirt" in text for text in said)


def test_a_thing_of_two_colours_has_both_unless_most_captions_name_one() -> None:
    assert answers("A white and black cat .", "A cat .", kind="colour") == {"black and white"}
    most = ("A white cat .", "A white cat sits .", "A white and brown cat .", "A cat .")
    assert answers(*most, kind="colour") == {"white"}


def test_grey_and_gray_are_one_answer() -> None:
    assert answers("A grey cat .", "A gray cat .", kind="colour") == {"gray"}


def test_blond_is_an_answer_about_hair_alone() -> None:
    said = asked("A blond boy eats .", "A boy with blond hair .", kind="colour")
    assert set(said.values()) == {"blond"}
    assert all("hair" in text for text in said)


def test_things_are_counted_where_numbers_agree() -> None:
    said = asked(*KITCHEN, kind="count")
    assert "2" in said.values()
    assert all(answer == "2" for text, answer in said.items() if "women" in text)
    assert answers("Two dogs .", "Three dogs .", "A dog .", kind="count") == set()


def test_what_is_done_is_told_by_most_captions() -> None:
    assert answers(*DOG, kind="doing") == {"running"}
    assert answers(*TENNIS, kind="doing") == {"playing tennis"}


def test_a_verb_is_not_taken_for_a_noun() -> None:
    captions = ("A man in red stands on a rock .", "A man stands on a rock .")
    assert "black" not in answers(*captions, kind="colour")
    assert not any("stands" in text for text in asked(*captions))


def test_what_is_held_ridden_or_carried_is_asked() -> None:
    assert "stick" in answers(*DOG, kind="what")
    captions = ("A boy rides a bike .", "A boy riding a bicycle .")
    assert "bicycle" in answers(*captions, kind="what")


def test_the_place_is_asked_and_whether_it_is_indoors() -> None:
    assert "beach" in answers(*DOG, kind="where")
    assert answers(*KITCHEN, kind="indoors") == {"indoors"}
    assert answers(*DOG, kind="indoors") == {"outdoors"}
    assert answers("A cat on a bed by a beach .", "A beach .", kind="indoors") == set()


def test_claims_are_answered_by_yes_or_no_and_both_occur() -> None:
    told = [
        question.answer
        for group in training.make(SETS * 5, seed=0)
        for question in group
        if question.kind == "attribute"
    ]
    assert set(told) == {"yes", "no"}
    assert 0.4 < told.count("yes") / len(told) < 0.6


def test_a_denied_thing_is_no_mention() -> None:
    assert training.noun_targets(
        ["A man without a hat .", "A man with no shoes ."], nouns.NOUNS
    ) == {
        "man",
        "adult",
        "person",
    }


def test_targets_fold_synonyms_plurals_and_kinds() -> None:
    captions = ["Two puppies on sofas .", "A surfer rides a wave .", "Women with cellphones ."]
    wanted = (
        "puppy",
        "dog",
        "animal",
        "couch",
        "surfboard",
        "woman",
        "person",
        "cell phone",
        "car",
    )
    assert training.noun_targets(captions, wanted) == set(wanted) - {"car"}


def test_the_80_coco_classes_are_nouns_and_names_are_unique() -> None:
    classes = {name.replace("-", " ") for name in COCO.split()}
    assert len(classes) == 80
    assert classes <= set(nouns.NOUNS)
    assert len(set(nouns.NOUNS)) == len(nouns.NOUNS)
    counted = {name for name in classes if not nouns.LEXICON[name].mass}
    assert {nouns.FORMS[nouns.plural(name)].noun for name in counted} == counted


def test_the_command_writes_a_folder_for_the_evaluation(tmp_path: Path) -> None:
    source = tmp_path / "flickr8k"
    (source / "photos").mkdir(parents=True)
    cases = [
        {"image": f"{number}.jpg", "split": "dev" if number % 2 else "train", "captions": captions}
        for number, captions in enumerate(SETS)
    ]
    (source / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)))
    kinds = training.write_cases(source, "dev", tmp_path / "out", most=2, seed=0)
    rows = [json.loads(line) for line in (tmp_path / "out/cases.jsonl").read_text().splitlines()]
    assert sum(kinds.values()) == len(rows) == 2 * len(SETS) // 2
    assert all(row.keys() == {"image", "question", "answers", "type"} for row in rows)
    assert {int(row["image"].split(".")[0]) % 2 for row in rows} == {1}
    assert (tmp_path / "out/photos").is_dir()
