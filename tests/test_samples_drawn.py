"""Replies drawn at random: transformers' families on tiny checkpoints, the starter, a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import tiny_chat
import tiny_checkpoints
from fake_model_server import FakeServer, fake_server
from PIL import Image

from vlm.errors import TaskUnsupported
from vlm.models import ModelSpec
from vlm.protocols import Message, Sampler
from vlm.starter.describer import StarterDescriber
from vlm.starter.embedder import StarterEmbedder

PHOTO = tiny_checkpoints.drawing(0)
SPEC = ModelSpec(name="tiny", role="describe", factory="", licence="", tier="local", note="")


def tiny_blip(folder: Path) -> Any:
    from vlm import blip

    tiny_checkpoints.blip(folder / "caption", blip.CAPTION)
    return blip.load(SPEC, folder / "caption")


def tiny_florence(folder: Path) -> Any:
    from vlm import florence

    return florence.load(SPEC, tiny_checkpoints.florence(folder))


def chat(write: Callable[[Path], Path]) -> Callable[[Path], Any]:
    def load(folder: Path) -> Any:
        from vlm import chat_template

        return chat_template.load(SPEC, write(folder))

    return load


FAMILIES: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "blip": (tiny_blip, "", "_heads"),
    "florence": (tiny_florence, "<CAPTION>", "_model"),
    "llava": (chat(tiny_chat.llava), "what is it?", "_model"),
    "smolvlm": (chat(tiny_chat.smolvlm), "what is it?", "_model"),
    "qwen": (chat(tiny_chat.qwen), "what is it?", "_model"),
}


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def describer(family: str, tmp_path_factory: pytest.TempPathFactory, on_the_cpu: None) -> Any:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    return FAMILIES[family][0](tmp_path_factory.mktemp(family))


@pytest.fixture
def ask(family: str) -> list[Message]:
    return [Message("user", FAMILIES[family][1], (PHOTO,))]


def test_samples_vary_and_a_seed_repeats_them(describer: Any, ask: list[Message]) -> None:
    assert isinstance(describer, Sampler)
    first = describer.samples(ask, count=4, seed=1, max_tokens=12)
    assert len(first) == 4
    assert len(set(first)) > 1
    assert describer.samples(ask, count=4, seed=1, max_tokens=12) == first
    assert describer.samples(ask, count=4, seed=2, max_tokens=12) != first


def test_samples_with_no_choice_are_the_reply_itself(
    describer: Any, ask: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vlm import sampling

    monkeypatch.setitem(cast(dict[str, Any], sampling.DRAWN), "top_k", 1)
    reply = "".join(describer.describe(ask, max_tokens=12))
    drawn = describer.samples(ask, count=3, max_tokens=12)
    assert [text.strip() for text in drawn] == [reply.strip()] * 3


def test_the_photo_is_encoded_once_for_all_samples(
    describer: Any, ask: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def count(module: Any, inputs: Any, keywords: Any) -> None:
        pixels = next(iter([*inputs, *keywords.values()]))
        looks.append(len(pixels))

    tower = vision_tower(describer)
    hook = tower.register_forward_pre_hook(count, with_kwargs=True)
    describer.samples(ask, count=1, max_tokens=4)
    alone = list(looks)
    describer.samples(ask, count=5, max_tokens=4)
    hook.remove()
    assert looks == alone * 2


def vision_tower(describer: Any) -> Any:
    if hasattr(describer, "_heads"):
        [head] = describer._heads.values()
        return head().model.vision_model
    towers = ("vision_tower", "vision_model", "visual")
    return next(
        module
        for name, module in describer._model.named_modules()
        if name.rpartition(".")[2] in towers
    )


def test_elsewhere_random_numbers_stay_as_they_were(describer: Any, ask: list[Message]) -> None:
    import torch

    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    describer.samples(ask, count=2, max_tokens=4)
    assert torch.equal(torch.rand(3), expected)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as server:
        yield server


def test_a_server_is_asked_once_for_each_sample_with_a_seed_of_its_own(server: FakeServer) -> None:
    pytest.importorskip("openai")
    from vlm import openai_compatible

    spec = ModelSpec(
        name=server.name, role="describe", factory="", licence="", tier="remote", note=""
    )
    remote: Any = openai_compatible.load(spec, None)
    message = Message("user", "what is it?", (PHOTO,))
    assert remote.samples([message], count=3, seed=7) == ["a red barn"] * 3
    assert sorted(request["seed"] for request in server.requests) == [7, 8, 9]
    assert {request["temperature"] for request in server.requests} == {0.8}


@pytest.fixture(scope="module")
def starter() -> StarterDescriber:
    """As shipped: a tiny one ends most texts at once."""
    return StarterDescriber(StarterEmbedder(threads=1))


def test_the_starter_draws_the_same_for_a_seed_and_no_answers(starter: StarterDescriber) -> None:
    photo = Image.new("RGB", (60, 40), "teal")
    ask = [Message("user", "", (photo,))]
    first = starter.samples(ask, count=5, seed=3)
    assert 1 < len(set(first)) <= len(first) <= 5
    assert starter.samples(ask, count=5, seed=3) == first
    assert starter.samples(ask, count=5, seed=4) != first
    with pytest.raises(TaskUnsupported, match="several answers"):
        starter.samples([Message("user", "Is there a dog?", (photo,))], count=2)


def test_the_starter_says_how_likely_things_are_to_be_named(starter: StarterDescriber) -> None:
    photo = Image.new("RGB", (60, 40), "teal")
    dog, unknown = starter.chances(photo, ["dog", "zorp"])
    assert dog is not None and 0 <= dog <= 1
    assert unknown is None
    chances = [chance for _, chance in starter.likely(photo, 0.01)]
    assert chances == sorted(chances, reverse=True)
