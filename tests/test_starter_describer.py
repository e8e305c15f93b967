"""The starter describer: its rules on a fake embedder, and its sense on real photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_phrases import FakeWordEmbedder, photo, write_numbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from vlm.errors import ModelFileDamaged
from vlm.protocols import Describer, Message
from vlm.starter.answers import CANNOT_COUNT, CANNOT_READ, DECLINED, NOT_SURE
from vlm.starter.describer import NO_PHOTO, StarterDescriber
from vlm.starter.phrases import NUMBERS, VOCABULARY, PhraseScores, read_vocabulary
from vlm.starter.sight import TextMemory
from vlm.tasks import alt_text, answer, caption


@pytest.fixture
def embedder() -> FakeWordEmbedder:
    return FakeWordEmbedder()


@pytest.fixture
def starter(tmp_path: Path, embedder: FakeWordEmbedder) -> StarterDescriber:
    return StarterDescriber(embedder, write_numbers(tmp_path))


def say(describer: StarterDescriber, text: str, *images: Image.Image) -> str:
    return "".join(describer.describe([Message("user", text, images)]))


def test_it_is_a_describer(starter: StarterDescriber) -> None:
    assert isinstance(starter, Describer)
    assert starter.name == "starter"


def test_a_caption_is_a_subject_with_what_it_does_and_where(starter: StarterDescriber) -> None:
    assert caption(photo("dog running beach"), starter) == "A dog running on a beach."


def test_a_role_is_said_rather_than_a_person_and_not_repeated(starter: StarterDescriber) -> None:
    assert caption(photo("person surfer surfing"), starter) == "A surfer."


def test_a_likely_look_is_said(starter: StarterDescriber) -> None:
    assert caption(photo("dog brown"), starter) == "A brown dog."
    assert caption(photo("man person red"), starter) == "A man in red."


def test_a_photo_without_colour_has_no_coloured_dog(starter: StarterDescriber) -> None:
    assert caption(photo("dog brown", colour="grey"), starter) == "A dog."


def test_what_fits_badly_is_only_possible(starter: StarterDescriber) -> None:
    assert caption(photo("spectrogram"), starter).startswith("Hard to say. Possibly: ")


def test_details_name_place_and_colours(starter: StarterDescriber) -> None:
    said = caption(photo("dog forest outdoors"), starter, detailed=True)
    assert said.endswith("It seems to be taken outdoors. Main colours: green.")
    grey = caption(photo("dog", colour="grey"), starter, detailed=True)
    assert "black and white" in grey


def test_an_alt_text_is_short_enough(starter: StarterDescriber) -> None:
    assert alt_text(photo("dog running beach"), starter, max_length=12) == "A dog."


@pytest.mark.parametrize(
    ("words", "question", "reply"),
    [
        ("dog", "Is there a dog?", "Yes."),
        ("dog", "Are there any cats?", "No."),
        ("bicycle", "Do you see a bicycle?", "Yes."),
        ("bicycle", "Do you see a tram?", "No."),
        ("dog", "Is it a cat or a dog?", "Dog."),
        ("dog", "Is it a tram or a dog?", NOT_SURE),
        ("cat", "What is this?", "A cat."),
        ("forest dog", "What animal is it?", "A dog."),
        ("dog running", "What is the dog doing?", "Running."),
        ("surfing person", "What are they doing?", "Surfing."),
        ("dog beach", "Where is this?", "On a beach."),
        ("dog", "Where is this?", NOT_SURE),
        ("kitchen indoors", "Indoors or outdoors?", "Indoors."),
        ("dog", "Indoors or outdoors?", NOT_SURE),
        ("red clock", "What colour is the clock?", "Red."),
        ("red clock", "Is the clock red?", "Yes."),
        ("red clock", "Is the clock blue?", "No."),
        ("dog running", "Is the dog running?", "Yes."),
        ("dog", "How many dogs are there?", CANNOT_COUNT),
        ("dog", "What does the sign say?", CANNOT_READ),
        ("dog", "Why is the dog sad?", DECLINED),
        ("dog", "¿Qué hay en la foto?", DECLINED),
        ("dog", "Describe the photo", "A dog."),
    ],
)
def test_a_question_gets_a_short_answer(
    starter: StarterDescriber, words: str, question: str, reply: str
) -> None:
    assert answer(photo(words), question, starter) == reply


def test_colours_of_the_whole_photo_are_measured(starter: StarterDescriber) -> None:
    assert answer(photo("dog", "blue"), "What colours?", starter) == "Blue."
    grey = answer(photo("dog", "grey"), "What colour is the dog?", starter)
    assert grey == "The photo is in black and white."


def test_what_it_declines_it_offers_a_larger_model_for() -> None:
    for reply in (DECLINED, CANNOT_COUNT, CANNOT_READ):
        assert "--model blip-base" in reply
        assert "vlm models" in reply


def test_without_a_photo_it_asks_for_one(starter: StarterDescriber) -> None:
    assert say(starter, "Is there a dog?") == NO_PHOTO
    assert "".join(starter.describe([])) == NO_PHOTO


def test_two_photos_get_a_reply_each(starter: StarterDescriber) -> None:
    assert say(starter, "", photo("dog"), photo("cat")) == "[1] A dog. [2] A cat."


def test_a_later_question_is_about_the_earlier_photo_which_is_not_embedded_again(
    starter: StarterDescriber, embedder: FakeWordEmbedder
) -> None:
    image = photo("dog")
    say(starter, "", image)
    turns = [Message("user", "", (image,)), Message("user", "Is there a dog?")]
    assert "".join(starter.describe(turns)) == "Yes."
    assert embedder.photos == 1


def test_only_a_few_photos_are_remembered(
    starter: StarterDescriber, embedder: FakeWordEmbedder
) -> None:
    first = photo("dog")
    for image in (first, *(photo("cat") for _ in range(9)), first):
        say(starter, "", image)
    assert embedder.photos == 11


def test_a_reply_comes_in_words_and_stops_at_the_limit(starter: StarterDescriber) -> None:
    pieces = list(starter.describe([Message("user", "", (photo("dog running beach"),))]))
    assert pieces == ["A ", "dog ", "running ", "on ", "a ", "beach."]
    short = starter.describe([Message("user", "", (photo("dog running beach"),))], max_tokens=2)
    assert "".join(short) == "A dog "


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(max_size=300))
def test_any_text_gets_a_reply(starter: StarterDescriber, text: str) -> None:
    assert say(starter, text, photo("dog")).strip()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16", "F"])
def test_a_photo_of_one_pixel_in_any_mode_gets_a_reply(
    starter: StarterDescriber, mode: str
) -> None:
    image = Image.new(mode, (1, 1))
    assert say(starter, "", image)
    assert say(starter, "What colour is it?", image)
    assert say(starter, "why " * 3000, image) == DECLINED


def test_numbers_of_another_embedder_are_refused(tmp_path: Path) -> None:
    write_numbers(tmp_path)
    with pytest.raises(ModelFileDamaged, match=r"phrases\.npz.*fake-words-1, not other-2"):
        PhraseScores("other-2", tmp_path)


@pytest.mark.parametrize("damage", ["missing", "truncated", "text", "short"])
def test_damaged_numbers_are_one_clear_error(tmp_path: Path, damage: str) -> None:
    write_numbers(tmp_path)
    path = tmp_path / NUMBERS
    match damage:
        case "missing":
            path.unlink()
        case "truncated":
            path.write_bytes(path.read_bytes()[:500])
        case "text":
            path.write_text("not numbers")
        case _:
            with np.load(path) as file:
                kept = dict(file)
            kept["weights"] = kept["weights"][:3]
            np.savez(path, **kept)
    with pytest.raises(ModelFileDamaged, match=r"phrases\.npz"):
        PhraseScores("fake-words-1", tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"group": "smell"}]'])
def test_a_damaged_vocabulary_is_one_clear_error(tmp_path: Path, content: str) -> None:
    (tmp_path / VOCABULARY).write_text(content)
    with pytest.raises(ModelFileDamaged, match=r"phrases\.json"):
        read_vocabulary(tmp_path)


def test_the_shipped_phrases_are_sound() -> None:
    vocabulary = read_vocabulary()
    said = [(phrase.group, phrase.kind, phrase.say) for phrase in vocabulary]
    assert len(set(said)) == len(said)
    assert {phrase.say for phrase in vocabulary} >= {"a person", "indoors", "outdoors"}
    assert all(phrase.say == phrase.say.strip() for phrase in vocabulary)


def test_a_text_is_embedded_once_for_all_photos(embedder: FakeWordEmbedder) -> None:
    memory = TextMemory(embedder)
    first = memory.vectors(["a dog", "a cat", "a dog"])
    assert first.shape == (3, embedder.dim)
    assert np.array_equal(first[0], first[2])
    memory.vectors(["a cat", "a dog"])
    assert embedder.texts == 2
