"""How the starter turns what its decoder thinks into a reply: rules, on a fake writer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vlm.starter.answerer import (
    CANNOT_READ,
    DECLINED,
    NONE_SEEN,
    NOT_SURE,
    answer_question,
)
from vlm.starter.colours import Colours
from vlm.starter.nouns import Nouns
from vlm.starter.presence import Witnesses, presence
from vlm.starter.questions import COLOURS, read_question
from vlm.starter.settings import Bands, Presence, Settings
from vlm.starter.writer import Draft

NOUNS = Nouns(("dog", "car", "snow"), {"puppy": "dog"}, mass=frozenset(("snow",)))
SETTINGS = Settings(
    known=Presence(0.0, 1.0, 1.0, 0.0),
    unknown=Presence(0.0, 1.0, 0.0, 1.0),
    similarity=(0.0, 0.1),
    colour=(1.0, 1.0, 0.0),
    answers={"colour": Bands(0.6, 0.3), "exists": Bands(0.6, 0.55)},
)


@dataclass
class FakeWriter:
    """Answers with what it is told: odds of a choice, or free drafts; keeps what it was asked."""

    odds: dict[str, float] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    class words:
        nouns = NOUNS
        labels = ("tow car", "pylon")

    def choose(self, sight: Any, question: str, choices: Sequence[str]) -> dict[str, float]:
        self.asked.append(question)
        raw = np.array([self.odds.get(choice, 0.0) for choice in choices])
        return dict(zip(choices, (raw - np.logaddexp.reduce(raw)).tolist(), strict=True))

    def answers(self, sight: Any, question: str) -> list[Draft]:
        self.asked.append(question)
        return self.drafts


class FakeSight:
    """Log odds of the three nouns: a dog, no car, no snow."""

    class memory:
        nouns = np.array([3, -3, -3], np.float32)

    def __init__(self, *labels: float) -> None:
        self._labels = np.array(labels, np.float32)

    def labels(self) -> Any:
        return self._labels


def photo(writer: FakeWriter, fit: float = 0.0, *, colourless: bool = False) -> Witnesses:
    """Of a photo that is green on the left and blue on the right, or grey."""
    sight: Any = FakeSight()
    image = Image.new("RGB", (96, 96), "grey" if colourless else "green")
    if not colourless:
        image.paste("blue", (60, 0, 96, 96))
    return Witnesses(sight, writer, lambda text: fit, unseen, Colours(image), SETTINGS)


def unseen(thing: str) -> dict[str, float]:
    """Every colour is as likely as any other; all that may be asked for are known."""
    return dict.fromkeys((*COLOURS, "gray", "tan", "golden", "beige", "blond", "blonde"), -2.5)


def seen(*colours: str) -> Callable[[str], dict[str, float]]:
    """The dog has these colours, all else any."""
    clear = dict.fromkeys(colours, -0.1)
    return lambda thing: unseen(thing) | (clear if thing == "dog" else {})


def say(question: str, fit: float = 0.0, **odds: float) -> str:
    writer = FakeWriter({name.lstrip("_"): value for name, value in odds.items()})
    return answer_question(read_question(question), question.lower(), photo(writer, fit))


def free(question: str, *answers: tuple[str, float], labels: tuple[float, ...] = (0, 0)) -> str:
    drafts = [Draft(text, math.log(share), share) for text, share in answers]
    sees = replace(photo(FakeWriter(drafts=drafts)), sight=FakeSight(*labels))
    return answer_question(read_question(question), question.lower(), sees)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Is there a dog?", "Yes."),
        ("Do you see any puppies?", "Yes."),
        ("Is there a car?", "No."),
        ("Is there any snow?", "No."),
        ("Is it a car or a dog?", "Dog."),
        ("How many cars are there?", NONE_SEEN),
        ("What does the sign say?", CANNOT_READ),
        ("Why is the dog sad?", DECLINED),
        ("Puppies?", "Yes."),
        ("Really?", DECLINED),
        ("Who is he?", DECLINED),
        ("¿Qué hay en la foto?", DECLINED),
        ("What colours?", "Green and blue."),
    ],
)
def test_a_question_gets_a_short_answer(question: str, reply: str) -> None:
    assert say(question) == reply


def test_a_noun_that_the_head_does_not_know_is_judged_by_decoder_and_similarity() -> None:
    assert say("Is there a unicorn?", fit=0.2) == "Yes."
    assert say("Is there a unicorn?", fit=-0.2) == "No."
    assert say("Is there a unicorn?", fit=0.1, no=1.0) == "I am not sure. Perhaps no."


def test_a_red_car_needs_a_car() -> None:
    assert say("Is there a red car?", fit=0.9) == "No."
    assert say("Is there a red dog?", fit=0.9) == "Yes."


def test_the_decoder_is_asked_as_it_was_trained() -> None:
    writer = FakeWriter()
    for thing in ("dog", "dogs", "snow", "umbrella"):
        presence(thing, photo(writer))
    assert writer.asked == [
        "is there a dog?",
        "are there any dogs?",
        "is there any snow?",
        "is there an umbrella?",
    ]


def test_a_colour_is_one_of_eleven_and_grey_is_spelt_as_here() -> None:
    assert say("What colour is the dog?", gray=9) == "Grey."
    assert say("What colour is the dog?", brown=3, black=2.5) == "Probably brown."
    assert say("What colour is the dog?") == f"{NOT_SURE} Perhaps red."
    assert say("What colour is the dog?", blond=9) == f"{NOT_SURE} Perhaps red."


def test_one_of_two_colours() -> None:
    assert say("Is the dog black or grey?", gray=2, red=9) == "Grey."
    assert say("Is the dog black or grey?", black=2, red=9) == "Black."


def test_a_photo_in_black_and_white_has_no_colours() -> None:
    said = [
        answer_question(read_question(text), text, photo(FakeWriter(), colourless=True))
        for text in ("what colour is the dog?", "is the dog brown?", "what colours?")
    ]
    assert set(said) == {"The photo is in black and white."}


def test_a_count_is_a_digit() -> None:
    assert say("How many dogs are there?", _3=5) == "3."


def test_a_colour_that_is_seen_outweighs_a_slight_preference() -> None:
    sees = photo(FakeWriter({"blue": 1.0}))
    read, asked = read_question("What colour is the dog?"), "what colour is the dog?"
    assert answer_question(read, asked, sees).endswith("blue.")
    assert answer_question(read, asked, replace(sees, near=seen("green"))).endswith("reen.")
    read, asked = read_question("What colour is the car?"), "what colour is the car?"
    assert answer_question(read, asked, replace(sees, near=seen("green"))).endswith("blue.")


def test_a_thing_may_have_two_colours_and_only_hair_is_blond() -> None:
    both = photo(FakeWriter({"black and white": 6.0, "blond": 9.0}))
    for thing, reply in (("dog", "Black and white."), ("woman's hair", "Blond.")):
        asked = f"what colour is the {thing}?"
        sees = replace(both, near=seen("black", "white"))
        assert answer_question(read_question(asked), asked, sees) == reply


def test_in_and_out_of_doors() -> None:
    assert say("Is this indoors or outdoors?", outdoors=3) == "Outdoors."
    assert say("Was this taken outside?", outdoors=3) == "Yes."
    assert say("Is it inside?", outdoors=3) == "No."


def test_a_claim_about_a_thing_is_yes_or_no() -> None:
    assert say("Is the dog running?", yes=2) == "Yes."
    assert say("Is the shirt red?", no=2) == "No."


def test_free_answers_are_hedged_by_their_probability() -> None:
    assert free("What is the dog doing?", ("running", 0.6), ("jumping", 0.2)) == "Running."
    assert free("Where is this?", ("beach", 0.3)) == "Probably beach."
    assert free("What is he holding?", ("ball", 0.1)) == f"{NOT_SURE} Perhaps ball."
    assert free("What is this?", ("yes", 0.9), ("dog", 0.5)) == "A dog."
    assert free("What is this?", ("yes", 0.9)) == NOT_SURE


def test_what_the_decoder_is_not_sure_of_may_be_known_to_the_classifier() -> None:
    unsure = ("dog", 0.1)
    assert free("What is this?", unsure, labels=(0.8, 0.1)) == "A car."
    assert free("What is this?", unsure, labels=(0.1, 0.4)) == "Probably a pylon."
    assert free("What is this?", unsure, labels=(0.2, 0.2)) == f"{NOT_SURE} Perhaps a dog."
    assert free("What is this?", ("dog", 0.9), labels=(0.8, 0.1)) == "A dog."
    assert free("Who is this?", unsure, labels=(0.8, 0.1)) == f"{NOT_SURE} Perhaps a dog."


def test_what_is_declined_is_offered_a_larger_model() -> None:
    for reply in (DECLINED, CANNOT_READ):
        assert "--model blip-base" in reply
        assert "vlm models" in reply


@given(st.floats(-8, 8), st.floats(-0.5, 0.5))
def test_a_thing_is_likelier_where_the_decoder_and_the_words_say_so(yes: float, fit: float) -> None:
    odds = [
        presence("unicorn", photo(FakeWriter({"yes": said}), near))
        for said, near in ((yes, fit), (yes + 1, fit), (yes, fit + 0.1))
    ]
    assert odds[0] < odds[1]
    assert odds[0] < odds[2]
