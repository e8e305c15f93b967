"""The starter describer's face: messages in, words out, on a small model with random weights."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tiny_starter import write_tiny_starter

from vlm.protocols import Describer, Message
from vlm.starter.answerer import DECLINED
from vlm.starter.describer import NO_PHOTO, StarterDescriber
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.memory import Sight
from vlm.tasks import alt_text, answer, caption


class CountingEmbedder(StarterEmbedder):
    """Counts the photos that it looks at."""

    looks = 0

    def _look(self, image: Image.Image) -> Sight:
        self.looks += 1
        return super()._look(image)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's tracer warns of its own retirement
        write_tiny_starter(folder)
    return folder


@pytest.fixture
def embedder(folder: Path) -> CountingEmbedder:
    return CountingEmbedder(threads=1, folder=folder)


@pytest.fixture
def starter(embedder: CountingEmbedder) -> StarterDescriber:
    return StarterDescriber(embedder)


def photo(colour: str = "teal") -> Image.Image:
    return Image.new("RGB", (64, 48), colour)


def say(describer: StarterDescriber, text: str, *images: Image.Image) -> str:
    return "".join(describer.describe([Message("user", text, images)]))


def test_it_is_a_describer(starter: StarterDescriber) -> None:
    assert isinstance(starter, Describer)
    assert starter.name == "starter"


def test_an_empty_text_asks_for_a_caption_and_so_does_describe(starter: StarterDescriber) -> None:
    said = caption(photo(), starter)
    assert said == say(starter, "Describe the photo.", photo())
    assert said == say(starter, "  ", photo())


def test_details_are_the_caption_and_more(starter: StarterDescriber) -> None:
    said = caption(photo("red"), starter, detailed=True)
    assert said.startswith(caption(photo("red"), starter))
    assert said.endswith("Main colours: red.")


def test_an_alt_text_is_short_enough(starter: StarterDescriber) -> None:
    assert len(alt_text(photo(), starter, max_length=12)) <= 12


def test_without_a_photo_it_asks_for_one(starter: StarterDescriber) -> None:
    assert say(starter, "Is there a dog?") == NO_PHOTO
    assert "".join(starter.describe([])) == NO_PHOTO


def test_two_photos_get_a_reply_each(starter: StarterDescriber) -> None:
    red, blue = photo("red"), photo("blue")
    said = say(starter, "", red, blue)
    assert said == f"[1] {caption(red, starter)} [2] {caption(blue, starter)}"


def test_a_later_question_is_about_the_earlier_photo_which_is_not_looked_at_again(
    starter: StarterDescriber, embedder: CountingEmbedder
) -> None:
    image = photo()
    say(starter, "", image)
    turns = [Message("user", "", (image,)), Message("user", "Is there a dog?")]
    assert "".join(starter.describe(turns)) == answer(image, "Is there a dog?", starter)
    assert embedder.looks == 1


def test_only_a_few_photos_are_remembered(
    starter: StarterDescriber, embedder: CountingEmbedder
) -> None:
    first, others = photo(), [photo(f"rgb({10 * shade}, 9, 9)") for shade in range(9)]
    for image in (first, *others, first):
        say(starter, "", image)
    assert embedder.looks == 11


def test_a_photo_that_is_opened_anew_is_not_looked_at_again(
    starter: StarterDescriber, embedder: CountingEmbedder
) -> None:
    photos = [photo("olive") for _ in range(3)]
    assert len({say(starter, "", image) for image in photos}) == 1
    assert embedder.looks == 1


def test_a_reply_comes_in_words_and_stops_at_the_limit(starter: StarterDescriber) -> None:
    message = Message("user", "Why?", (photo(),))
    pieces = list(starter.describe([message]))
    assert "".join(pieces) == DECLINED
    assert pieces[:3] == ["I ", "cannot ", "answer "]
    assert "".join(starter.describe([message], max_tokens=2)) == "I cannot "


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(text=st.text(max_size=300))
def test_any_text_gets_a_reply(starter: StarterDescriber, text: str) -> None:
    assert say(starter, text, photo()).strip()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16", "F"])
def test_a_photo_of_one_pixel_in_any_mode_gets_a_reply(
    starter: StarterDescriber, mode: str
) -> None:
    image = Image.new(mode, (1, 1))
    assert say(starter, "", image)
    assert say(starter, "What colour is it?", image)
    assert say(starter, "why " * 3000, image) == DECLINED


def test_without_an_embedder_it_shares_the_registrys(
    embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vlm.registry.load_embedder", lambda name: embedder)
    assert caption(photo(), StarterDescriber())
    assert embedder.looks == 1
