"""Photos of several conversations, prepared and encoded together, mean what they do alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tiny_chat import FAMILIES, SPEC
from tiny_checkpoints import drawing

from vlm.protocols import Message

pytest.importorskip("torch")
pytest.importorskip("transformers")

from vlm import chat_prompts, chat_template, photo_encoder

pytestmark = pytest.mark.usefixtures("on_the_cpu")

TEXTS = ["what is it?", "", "is the red dog on the barn, or what?", "and now?", "which?"]


@pytest.fixture(scope="module", params=FAMILIES)
def folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, on_the_cpu: None
) -> Path:
    return FAMILIES[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture
def describer(folder: Path) -> Any:
    """One that has seen no photo yet."""
    return chat_template.load(SPEC, folder)


def asked(count: int = 5) -> list[list[Message]]:
    """Photos of one size but for the fourth, with texts of several lengths."""
    photos = [drawing(number) for number in range(count)]
    photos[3] = photos[3].resize((96, 40))
    return [[Message("user", text, (photo,))] for text, photo in zip(TEXTS, photos, strict=False)]


def spied(describer: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of photos' pixels of each call of the encoder, in its first dimension."""
    sizes: list[int] = []
    encode = describer._reader._encoder._encode

    def counted(**given: Any) -> Any:
        sizes.append(len(given.get("image_grid_thw", given["pixel_values"])))
        return encode(**given)

    monkeypatch.setattr(describer._reader._encoder, "_encode", counted)
    return sizes


def test_together_they_get_what_each_gets_alone(
    describer: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = spied(describer, monkeypatch)
    together = describer.describe_many(asked(), max_tokens=12)
    alone = chat_template.load(SPEC, folder)
    assert together == ["".join(alone.describe(one, max_tokens=12)) for one in asked()]
    assert len(set(together)) > 2
    assert sum(sizes) == 5
    assert len(sizes) <= 3


def test_tensors_of_several_are_those_of_each(describer: Any) -> None:
    import torch

    turns = [chat_prompts.conversation(messages) for messages in asked()]
    several = chat_prompts.processed(describer._processor, turns)
    for row, one in zip(several, turns, strict=True):
        (alone,) = chat_prompts.processed(describer._processor, [one])
        assert row.keys() == alone.keys()
        assert all(torch.equal(row[key], alone[key]) for key in alone)


def test_without_a_token_to_pad_with_each_is_prepared_alone(describer: Any) -> None:
    describer._processor.tokenizer.pad_token = None
    turns = [chat_prompts.conversation(messages) for messages in asked()]
    assert len(chat_prompts.processed(describer._processor, turns)) == 5


def test_no_more_pixels_go_through_the_encoder_at_once_than_it_has_room_for(
    describer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_encoder, "AT_ONCE", 1)
    sizes = spied(describer, monkeypatch)
    assert all(isinstance(said, str) for said in describer.describe_many(asked(), max_tokens=2))
    assert sizes == [1] * 5


def test_an_architecture_that_counts_its_tokens_otherwise_encodes_each_alone(
    describer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = describer.describe_many(asked(), max_tokens=12)
    describer._reader._encoder = photo_encoder.PhotoEncoder(describer._model)
    monkeypatch.setattr(describer._reader._encoder, "_image_token", -1)
    sizes = spied(describer, monkeypatch)
    assert describer.describe_many(asked(), max_tokens=12) == expected
    assert sizes.count(1) >= 5
