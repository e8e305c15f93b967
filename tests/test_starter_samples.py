"""The starter describer, as shipped, on the sample photos that scikit-image comes with."""

from __future__ import annotations

from pathlib import Path

import pytest

from vlm.images import read_image
from vlm.registry import load_describer
from vlm.starter.describer import StarterDescriber
from vlm.tasks import alt_text, answer, caption


@pytest.fixture(scope="module")
def starter() -> StarterDescriber:
    describer = load_describer("starter")
    assert isinstance(describer, StarterDescriber)
    return describer


@pytest.mark.parametrize(
    ("name", "nouns"),
    [
        ("chelsea.png", ["cat"]),
        ("coffee.png", ["coffee", "espresso", "cup"]),
        ("camera.png", ["camera", "tripod", "photographer", "man"]),
        ("motorcycle_left.png", ["motorcycle"]),
    ],
)
def test_the_subject_of_a_sample_photo_is_named(
    samples: Path, starter: StarterDescriber, name: str, nouns: list[str]
) -> None:
    said = caption(read_image(samples / name, size=512), starter)
    assert any(noun in said for noun in nouns), said


@pytest.mark.parametrize(
    ("name", "question", "reply"),
    [
        ("chelsea.png", "Is there a cat?", "Yes."),
        ("chelsea.png", "Is there an elephant?", "No."),
        ("chelsea.png", "What animal is this?", "A cat."),
        ("coffee.png", "What is this?", "An espresso."),
        ("coffee.png", "Is there a cup in the picture?", "Yes."),
        ("coffee.png", "Is there an elephant?", "No."),
        ("camera.png", "Is there a man?", "Yes."),
        ("motorcycle_left.png", "What vehicle is this?", "A motorcycle."),
        ("rocket.jpg", "Is this indoors or outdoors?", "Outdoors."),
        ("rocket.jpg", "Is there a rocket?", "Yes."),
    ],
)
def test_a_plain_question_about_a_sample_photo_is_answered(
    samples: Path, starter: StarterDescriber, name: str, question: str, reply: str
) -> None:
    assert answer(read_image(samples / name, size=512), question, starter) == reply


@pytest.mark.parametrize("name", ["moon.png", "gravel.png", "microaneurysms.png"])
def test_a_picture_unlike_any_photo_it_knows_is_hedged(
    samples: Path, starter: StarterDescriber, name: str
) -> None:
    said = caption(read_image(samples / name, size=512), starter)
    assert said.startswith(("Hard to say.", "Probably ")), said


def test_an_alt_text_of_a_sample_photo_keeps_the_rules(
    samples: Path, starter: StarterDescriber
) -> None:
    text = alt_text(read_image(samples / "coffee.png", size=512), starter)
    assert text == "An espresso."
