"""VQA accuracy against golden cases worked out by hand, the official program, and its own laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.vqa import Answers, evaluate
from eval.vqa_cases import Question
from eval.vqa_metrics import accuracy, best_constant, is_yes_no
from eval.vqa_normalise import normalise, without_punctuation
from eval.vqa_replies import answer_of, spelt_as

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "vqa-eval-ref"
"""What the official program printed, where it is kept beside the checkout."""

MATCHES = {0.0: 0, 30.0: 1, 60.0: 2, 90.0: 3, 100.0: 4}
"""How many of ten people gave the answer, by its accuracy in percent (100: four or more)."""

answers = st.text(alphabet=" .,;-/?!'\":&$10aeotnhdw\n", max_size=12) | st.sampled_from(
    ["a dog", "dog", "Dog.", "two", "2", "the two dogs", "dont", "yes", "10,000"]
)
people = st.lists(answers, min_size=1, max_size=12)


def official(name: str) -> Any:
    if not OFFICIAL.is_dir():
        pytest.skip(f"the official program's results are not in {OFFICIAL}")
    return json.loads((OFFICIAL / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("A red, white and blue flag.", "red white and blue flag"),
        ("The U.S. army", "us army"),
        ("3.5 metres", "3.5 metres"),
        ("1,000 birds/bees", "1000 birdsbees"),
        ("birds/bees", "birds bees"),
        ("7:45 p.m.", "7:45 pm"),
        ("Ten o'clock", "10 o'clock"),
        ("isnt", "isn't"),
        ("couldn'tve", "couldn't've"),
        ("its a girl's", "its girl's"),  # neither is a contraction that lost something
        ("none\tof them\n", "0 of them"),
        ("forty-two", "forty 2"),
        ("", ""),
    ],
)
def test_answers_are_normalised_as_worked_out_by_hand(raw: str, normal: str) -> None:
    assert normalise(raw) == normal


def test_every_official_normalisation_case_is_reproduced() -> None:
    cases = official("official_normalisation_cases.json")
    assert len(cases) == 30
    assert [(without_punctuation(case["raw"]), normalise(case["raw"])) for case in cases] == [
        (case["punct"], case["full"]) for case in cases
    ]


def test_the_official_accuracies_of_four_sets_of_answers_are_reproduced() -> None:
    # The human answers are not in that file: as many of ten as fit a score are put in their place.
    for run in official("official_vqa_accuracy_aokvqa.json"):
        questions, said = [], []
        for number, scored in run["per_question"].items():
            same = [scored["prediction"]] * MATCHES[scored["acc"]]
            others = [f"something else {i}" for i in range(10 - len(same))]
            questions.append(Question(Path(number), "?", (*same, *others), number=number))
            said.append(scored["prediction"])
        result = evaluate(Answers(run["name"], tuple(questions), tuple(said), tuple(said)))
        assert len(questions) == run["n"]
        assert round(100 * result.accuracy, 4) == run["overall"]
        assert [100 * each for each in result.each] == pytest.approx(
            [scored["acc"] for scored in run["per_question"].values()], abs=1e-9
        )


@pytest.mark.parametrize("same", range(11))
def test_of_ten_people_one_two_and_three_make_a_part(same: int) -> None:
    people = ["brown"] * same + ["tan"] * (10 - same)
    assert accuracy("Brown", people) == [0, 0.3, 0.6, 0.9][same] if same < 4 else 1


@pytest.mark.parametrize(
    ("answer", "people", "expected"),
    [
        ("A dog.", ["dog"], 1),
        ("cat", ["dog"], 0),
        ("dog", ["dog", "puppy"], 1 / 2),
        ("dog", ["dog", "puppy", "dog"], 2 / 3),
        ("dog", ["dog"] * 3, 1),
        ("dog", ["dog"] * 3 + ["puppy"], 3 / 4),  # left out: one of the three, or the fourth
        ("two", ["2"] * 10, 1),  # although all agree and the official program would not look
        (None, [""], 0),
    ],
)
def test_accuracies_worked_out_by_hand(
    answer: str | None, people: list[str], expected: float
) -> None:
    assert accuracy(answer, people) == pytest.approx(expected)


@given(answers)
def test_normalising_twice_changes_nothing(answer: str) -> None:
    assert normalise(normalise(answer)) == normalise(answer)


@given(answers, people, st.randoms())
def test_accuracy_is_a_share_that_depends_on_no_order(
    answer: str, people: list[str], draw: Any
) -> None:
    shuffled = draw.sample(people, len(people))
    assert 0 <= accuracy(answer, people) == accuracy(answer, shuffled) <= 1


@given(answers, people)
def test_one_more_person_of_the_same_opinion_never_lowers_it(
    answer: str, people: list[str]
) -> None:
    assert accuracy(answer, [*people, answer]) >= accuracy(answer, people)


@given(answers, people)
def test_an_answer_nobody_gave_is_wrong_and_one_that_all_gave_is_right(
    answer: str, people: list[str]
) -> None:
    assert accuracy(answer, [answer] * len(people)) == 1
    assert (accuracy(answer, people) == 0) == (
        normalise(answer) not in [normalise(person) for person in people]
    )


@given(st.lists(people, min_size=1, max_size=5), answers)
def test_no_constant_answer_beats_the_best_one(questions: list[list[str]], answer: str) -> None:
    best, share = best_constant(questions)
    for constant, bound in ((best, share), (answer, 0)):
        scores = [accuracy(constant, people) for people in questions]
        assert bound - 1e-9 <= sum(scores) / len(scores) <= share + 1e-9


def test_a_question_is_a_yes_no_question_if_most_people_take_it_for_one() -> None:
    assert is_yes_no(["yes", "Yes.", "two"]) and not is_yes_no(["yes", "two"])


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("Brown.", "brown"),
        ("Probably brown.", "brown"),
        ("Maybe,  two dogs.", "two dogs"),
        ("I think it is red.", "it is red"),
        ("Most likely a cat!", "a cat"),
        ("No, there isn\u2019t any.", "no"),
        ("Yes - two of them", "yes"),
        ("No parking", "no parking"),
        ("1.5", "1.5"),
        ("Not sure.", None),
        ("I am not sure. Perhaps brown.", None),
        ("I\u2019m not sure", None),
        ("I cannot answer that with the starter model.", None),
        ("Sorry, I can't count.", None),
        (" . ", None),
        ("", None),
    ],
)
def test_a_reply_is_read_as_an_answer_or_as_none(reply: str, answer: str | None) -> None:
    assert answer_of(reply) == answer


@given(st.text(max_size=30))
def test_an_answer_that_was_read_reads_as_itself(reply: str) -> None:
    answer = answer_of(reply)
    assert answer is None or answer == answer.lower().strip() != ""


def test_grey_and_gray_are_the_same_colour() -> None:
    assert spelt_as(["gray", "gray", "grey"], "light grey and grey") == "light grey and grey"
    assert spelt_as(["gray", "gray", "grey"], "Grey".lower()) == "gray"
    assert spelt_as(["greyhound"], "greyhound") == "greyhound"
