"""BLIP through transformers' own classes, on tiny random checkpoints."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_checkpoints
from PIL import Image

from vlm.errors import ModelFileDamaged, TaskUnsupported
from vlm.models import ModelSpec
from vlm.protocols import Describer, Message

pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from vlm import blip  # noqa: E402

pytestmark = pytest.mark.usefixtures("on_the_cpu")

SPEC = ModelSpec(
    name="tiny-blip", role="describe", factory="", licence="", tier="local", note="", extra="torch"
)
QUESTION = "what is the red dog?"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blip")
    tiny_checkpoints.blip(folder / "caption", blip.CAPTION)
    tiny_checkpoints.blip(folder / "vqa", blip.ANSWER, seed=8)
    return folder


@pytest.fixture(scope="module")
def describer(both: Path, on_the_cpu: None) -> Describer:
    return blip.load(SPEC, both)


@pytest.fixture(params=[0, 1, 2], ids=["photo 0", "photo 1", "photo 2"])
def photo(request: pytest.FixtureRequest) -> Image.Image:
    return tiny_checkpoints.drawing(request.param)


def reference(folder: Path, kind: str, photo: Image.Image, text: str | None, length: int) -> str:
    """The same by transformers alone: no streamer, all tokens decoded at once."""
    model = getattr(transformers, kind).from_pretrained(folder).eval()
    processor = transformers.BlipProcessor.from_pretrained(folder)
    inputs = processor(images=photo, text=text, return_tensors="pt")
    ids = model.generate(**inputs, max_new_tokens=length, do_sample=False, num_beams=1)
    decoded: str = processor.tokenizer.decode(ids[0], skip_special_tokens=True)
    return decoded


def test_an_empty_text_is_captioned_as_transformers_does(
    both: Path, describer: Describer, photo: Image.Image
) -> None:
    pieces = list(describer.describe([Message("user", "", (photo,))], max_tokens=20))
    assert len(pieces) > 1
    assert "".join(pieces) == reference(both / "caption", blip.CAPTION, photo, None, 20)


def test_a_question_is_answered_as_transformers_does(
    both: Path, describer: Describer, photo: Image.Image
) -> None:
    pieces = describer.describe([Message("user", QUESTION, (photo,))], max_tokens=12)
    assert "".join(pieces) == reference(both / "vqa", blip.ANSWER, photo, QUESTION, 12)


def test_the_question_matters(describer: Describer) -> None:
    photo = tiny_checkpoints.drawing(1)
    ask = [f"what is {what}?" for what in ("red", "a barn", "the cat on the dog", "in it")]
    said = {"".join(describer.describe([Message("user", q, (photo,))])) for q in ask}
    assert len(said) > 1


def test_a_later_turn_is_about_the_photo_of_an_earlier_one(describer: Describer) -> None:
    photo, other = tiny_checkpoints.drawing(0), tiny_checkpoints.drawing(1)
    talk = [
        Message("user", "", (other,)),
        Message("user", "", (photo,)),
        Message("assistant", "a red barn"),
        Message("user", QUESTION),
    ]
    alone = [Message("user", QUESTION, (photo,))]
    assert list(describer.describe(talk)) == list(describer.describe(alone))


def test_words_that_close_up_are_said_closed_up(
    both: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    describer: Any = blip.load(SPEC, both / "caption")
    head = describer._heads[blip.CAPTION]()
    tokenizer = head.processor.tokenizer
    monkeypatch.setattr(tokenizer, "clean_up_tokenization_spaces", True)
    said = tokenizer.convert_tokens_to_ids(["the", "dog", "'", "s", "barn", ",", "red", "."])

    def generate(*, streamer: Any, **_: Any) -> None:
        streamer.put(torch.tensor([[0]]))
        for token in said:
            streamer.put(torch.tensor([token]))
        streamer.end()

    monkeypatch.setattr(head.model.text_decoder, "generate", generate)
    pieces = list(describer.describe([Message("user", "", (tiny_checkpoints.drawing(0),))]))
    assert "".join(pieces) == "the dog's barn, red."
    assert len(pieces) > 1


def test_it_declares_its_tasks(describer: Describer) -> None:
    assert isinstance(describer, Describer)
    assert describer.name == "tiny-blip"
    assert (describer.prompts.caption, describer.prompts.detailed) == ("", None)
    assert describer.prompts.answer == "{question}"


def test_a_captioning_checkpoint_alone_does_not_answer(both: Path) -> None:
    describer = blip.load(SPEC, both / "caption")
    assert describer.prompts.answer is None
    with pytest.raises(TaskUnsupported, match=r"tiny-blip.*questions"):
        list(describer.describe([Message("user", QUESTION, (tiny_checkpoints.drawing(0),))]))


def test_an_answering_checkpoint_alone_does_not_caption(both: Path) -> None:
    describer = blip.load(SPEC, both / "vqa")
    assert describer.prompts.caption is None
    with pytest.raises(TaskUnsupported, match="captioning"):
        list(describer.describe([Message("user", "", (tiny_checkpoints.drawing(0),))]))


@pytest.mark.parametrize("photos", [0, 2])
def test_it_needs_exactly_one_photo(describer: Describer, photos: int) -> None:
    images = (tiny_checkpoints.drawing(0),) * photos
    with pytest.raises(TaskUnsupported):
        list(describer.describe([Message("user", QUESTION, images)]))


def test_a_question_longer_than_its_context_is_cut(describer: Describer) -> None:
    message = Message("user", "red barn " * 500, (tiny_checkpoints.drawing(0),))
    assert list(describer.describe([message], max_tokens=1_000_000))


def test_stopping_early_ends_the_thread(describer: Describer) -> None:
    pieces = describer.describe([Message("user", "", (tiny_checkpoints.drawing(0),))])
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("describe")]


def test_the_hub_gives_both_heads(both: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fake_checkpoint_folder(spec: ModelSpec, hub_id: str | None = None) -> Path:
        asked.append(hub_id or spec.hub_id)
        return both / ("vqa" if hub_id else "caption")

    monkeypatch.setattr(blip, "checkpoint_folder", fake_checkpoint_folder)
    describer = blip.load(replace(SPEC, hub_id="them/caption", companion="them/vqa"), None)
    assert asked == ["them/caption"]
    photo = tiny_checkpoints.drawing(0)
    for _ in range(2):
        list(describer.describe([Message("user", QUESTION, (photo,))]))
    assert asked == ["them/caption", "them/vqa"]


def cut_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("<html>")


def other_sizes(folder: Path) -> None:
    edit(folder, lambda config: config["text_config"].update(vocab_size=7))


def another_model(folder: Path) -> None:
    edit(folder, lambda config: config.update(model_type="clip", architectures=["CLIPModel"]))


def more_layers(folder: Path) -> None:
    edit(folder, lambda config: config["text_config"].update(num_hidden_layers=3))


def edit(folder: Path, change: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    change(config)
    (folder / "config.json").write_text(json.dumps(config))


@pytest.mark.parametrize(
    "damage",
    [cut_weights, no_weights, no_tokenizer, broken_config, other_sizes, another_model, more_layers],
)
def test_a_damaged_checkpoint_is_named(both: Path, tmp_path: Path, damage: Any) -> None:
    folder = tmp_path / "checkpoint"
    shutil.copytree(both / "caption", folder)
    damage(folder)
    with pytest.raises(ModelFileDamaged) as caught:
        blip.load(SPEC, folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_pickled_weights_are_not_loaded(both: Path, tmp_path: Path) -> None:
    import torch

    folder = tmp_path / "checkpoint"
    shutil.copytree(both / "caption", folder)
    no_weights(folder)
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(ModelFileDamaged):
        blip.load(SPEC, folder)
