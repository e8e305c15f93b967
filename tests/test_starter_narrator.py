"""Captions and answers of the real classes on a small model with random weights: laws only."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tiny_starter import CAN_WRITE, NOUNS, write_manifest, write_tiny_starter

from vlm.errors import ModelFileDamaged
from vlm.starter.captioner import Caption, choose_caption, say_caption
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.narrator import Narrator
from vlm.starter.questions import read_question
from vlm.starter.settings import Bands, Settings, read_settings
from vlm.starter.writer import Draft, Writer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's tracer warns of its own retirement
        write_tiny_starter(folder)
    return folder


@pytest.fixture(scope="module")
def narrator(folder: Path) -> Narrator:
    return Narrator(StarterEmbedder(threads=1, folder=folder))


def picture(colour: str = "teal") -> Image.Image:
    return Image.new("RGB", (60, 40), colour)


def answer(narrator: Narrator, image: Image.Image, text: str) -> str:
    return narrator.answer(image, read_question(text), text)


def test_a_caption_is_a_sentence_of_its_words_and_always_the_same(
    narrator: Narrator, folder: Path
) -> None:
    said = narrator.caption(picture())
    assert said[0].isupper()
    assert said.endswith(".")
    known = {*CAN_WRITE.split(), *NOUNS, "hard", "to", "say", "possibly", "probably"}
    assert set(re.findall(r"\w+", said.lower())) <= known
    assert said == Narrator(StarterEmbedder(threads=1, folder=folder)).caption(picture())


def test_drafts_differ_and_one_is_the_beams_best(folder: Path) -> None:
    embedder = StarterEmbedder(threads=1, folder=folder)
    sight = embedder.see(picture())
    both = Writer(embedder.tokenizer, Settings(beams=3, samples=5), folder).captions(sight)
    alone = Writer(embedder.tokenizer, Settings(beams=3, samples=0), folder).captions(sight)
    assert len({draft.text for draft in both}) == len(both) >= len(alone) >= 1
    assert both[: len(alone)] == alone
    assert all(0 < draft.probability < 1 for draft in both)


def test_choices_share_a_probability_of_one(folder: Path) -> None:
    embedder = StarterEmbedder(threads=1, folder=folder)
    writer = Writer(embedder.tokenizer, Settings(), folder)
    odds = writer.choose(embedder.see(picture()), "what color is this?", ("red", "gray", "blue"))
    assert sum(2.718281828**value for value in odds.values()) == pytest.approx(1, abs=1e-4)


def test_a_description_ends_with_the_colours(narrator: Narrator) -> None:
    assert narrator.describe(picture("red")).endswith("Main colours: red.")
    assert narrator.describe(picture("grey")).endswith("The photo is in black and white.")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(text=st.text(max_size=300))
def test_any_question_gets_a_reply(narrator: Narrator, text: str) -> None:
    assert answer(narrator, picture(), text).endswith((".", ")."))


@pytest.mark.parametrize(
    "text",
    ["Is there a 犬?", "are there any dogs?", "is it a cat or a dog?", "what is this?",
     "how many cats are there?", "what colour is the cat?", "is the cat red?", "where is this?",
     "what is the man holding?", "is it inside?", "inside or outside?", "what is it doing?"],
)  # fmt: skip
@pytest.mark.parametrize("size", [(1, 1), (2000, 100), (60, 40)])
def test_each_kind_of_question_is_answered_on_odd_photos(
    narrator: Narrator, text: str, size: tuple[int, int]
) -> None:
    for colour in ("black", "teal"):
        assert answer(narrator, Image.new("RGB", size, colour), text)


def test_the_draft_closest_to_the_photo_is_chosen_where_all_are_as_likely() -> None:
    drafts = [Draft("a cat", -1.0, 0.1), Draft("a dog .", -1.2, 0.1)]
    assert choose_caption(drafts, [0.1, 0.4], Settings(cosine=2.0)) == Caption("a dog", 0.4)
    assert choose_caption(drafts, [0.1, 0.4], Settings(cosine=0.1)) == Caption("a cat", 0.1)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_surer_caption_is_hedged_no_more(first: float, second: float) -> None:
    order = ["Hard", "Probably", "A"]
    said = [
        say_caption(Caption("a dog", sure), ["dog"], Settings()).split()[0]
        for sure in sorted((first, second))
    ]
    assert order.index(said[0]) <= order.index(said[1])


def test_settings_come_from_the_calibration(folder: Path, tmp_path: Path) -> None:
    assert read_settings(folder) == Settings()
    section = {"beams": 2, "caption": [0.5, 0.3], "answers": {"colour": [0.6, 0.2]}}
    (tmp_path / "calibration.json").write_text(json.dumps({"describer": section}))
    write_manifest(tmp_path)
    found = read_settings(tmp_path)
    assert (found.beams, found.caption) == (2, Bands(0.5, 0.3))
    assert found.bands("colour") == Bands(0.6, 0.2)


@pytest.mark.parametrize("section", ['"x"', '{"beans": 3}', '{"caption": 3}', '{"answers": [1]}'])
def test_damaged_settings_are_one_clear_error(tmp_path: Path, section: str) -> None:
    (tmp_path / "calibration.json").write_text(f'{{"describer": {section}}}')
    write_manifest(tmp_path)
    with pytest.raises(ModelFileDamaged, match=r"calibration\.json: cannot be read"):
        read_settings(tmp_path)


@pytest.mark.parametrize("name", ["memory.onnx", "decoder.onnx", "words.json"])
def test_a_missing_file_of_the_describer_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    for path in folder.iterdir():
        if path.name != name:
            (tmp_path / path.name).symlink_to(path)
    with pytest.raises(ModelFileDamaged, match=rf"{name}: the file is missing\. Reinstall"):
        Narrator(StarterEmbedder(threads=1, folder=tmp_path)).caption(picture())
