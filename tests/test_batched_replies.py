"""Several requests at once: the replies of one by one, refusals in their places, photos once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import tiny_checkpoints
from tiny_chat import FAMILIES, SPEC
from tiny_checkpoints import drawing

from vlm.errors import RuntimeUnavailable, TaskUnsupported, VlmError
from vlm.protocols import BatchDescriber, Message

pytest.importorskip("torch")
pytest.importorskip("transformers")

from vlm import batching, blip, chat_template, florence

pytestmark = pytest.mark.usefixtures("on_the_cpu")

WIDE = drawing(5).resize((96, 40))


def both_heads(folder: Path) -> Path:
    tiny_checkpoints.blip(folder / "caption", blip.CAPTION)
    tiny_checkpoints.blip(folder / "vqa", blip.ANSWER, seed=8)
    return folder


@pytest.fixture(scope="module", params=[*FAMILIES, "blip", "florence"])
def describer(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, on_the_cpu: None
) -> Any:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "blip":
        return blip.load(SPEC, both_heads(folder))
    if request.param == "florence":
        return florence.load(SPEC, tiny_checkpoints.florence(folder))
    return chat_template.load(SPEC, FAMILIES[request.param](folder))


def asked(describer: Any) -> list[list[Message]]:
    """Requests of several lengths and shapes, one of them twice, and two that are refused."""
    texts = {
        "blip": ["", "what is it?", "is the red dog on the barn?", ""],
        "florence": list(florence.TASKS),
        "chat": ["what is it?", "", "is the red dog on the barn, or what?", "and now?"],
    }[describer.prompts.family]
    some = [
        [Message("user", text, (WIDE if number == 2 else drawing(number),))]
        for number, text in enumerate(texts)
    ]
    if describer.prompts.family == "chat":
        some += [
            [Message("user", "which?", (drawing(0), WIDE))],
            [Message("user", "hello")],
            [*some[0], Message("assistant", "a barn"), Message("user", "sure?", (drawing(3),))],
            [Message("user", "word " * 400, (drawing(0),))],
        ]
    else:
        some += [[Message("user", texts[0])], [Message("user", texts[0], (WIDE, WIDE))]]
    return [*some, some[1]]


def one_by_one(describer: Any, requests: Sequence[Sequence[Message]]) -> list[str | type]:
    said: list[str | type] = []
    for messages in requests:
        try:
            said.append("".join(describer.describe(messages, max_tokens=12)))
        except VlmError as error:
            said.append(type(error))
    return said


def kinds(replies: Sequence[str | VlmError]) -> list[str | type]:
    return [type(reply) if isinstance(reply, VlmError) else reply for reply in replies]


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_a_batch_says_what_one_by_one_says(
    describer: Any, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(type(describer), "batch_size", size)
    requests = asked(describer)
    alone = one_by_one(describer, requests)
    assert TaskUnsupported in alone
    assert len({said for said in alone if isinstance(said, str)}) > 2
    assert kinds(describer.describe_many(requests, max_tokens=12)) == alone
    backwards = describer.describe_many(requests[::-1], max_tokens=12)
    assert kinds(backwards) == alone[::-1]


def test_it_says_that_it_answers_several(describer: Any) -> None:
    assert isinstance(describer, BatchDescriber)
    assert describer.batch_size == 16
    assert describer.describe_many([]) == []


def test_a_photo_is_encoded_once_for_all_tasks(
    describer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = drawing(77)
    tasks = {"blip": ("", ""), "florence": ("<CAPTION>", "<MORE_DETAILED_CAPTION>")}
    texts = tasks.get(describer.prompts.family, ("what is it?", "say more"))
    encoded = count_photos(describer, monkeypatch)
    for text in texts:  # other objects with the same pixels
        list(describer.describe([Message("user", text, (photo.copy(),))], max_tokens=4))
    describer.samples([Message("user", texts[1], (photo.copy(),))], count=3, max_tokens=4)
    describer.describe_many([[Message("user", text, (photo,))] for text in texts], max_tokens=4)
    assert encoded == [1]
    photo.putpixel((0, 0), (1, 2, 3))
    list(describer.describe([Message("user", texts[0], (photo,))], max_tokens=4))
    assert encoded == [1, 1]


def count_photos(describer: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that photos are encoded."""
    calls: list[int] = []
    if isinstance(describer, blip.BlipDescriber):
        model = describer._heads[blip.CAPTION]().model
        part, name = model.vision_model, "forward"
    elif isinstance(describer, florence.FlorenceDescriber):
        part, name = describer._model.model.vision_tower, "forward"
    else:
        inner = describer._model.model
        known = ("visual", "vision_model", "vision_tower")
        part = next(getattr(inner, name) for name in known if hasattr(inner, name))
        name = "forward"
    encode = getattr(part, name)

    def counted(*arguments: Any, **more: Any) -> Any:
        calls.append(1)
        return encode(*arguments, **more)

    monkeypatch.setattr(part, name, counted)
    return calls


def test_a_batch_too_large_for_the_memory_is_halved() -> None:
    sizes: list[int] = []

    def reply(batch: list[str]) -> list[str]:
        sizes.append(len(batch))
        if len(batch) > 2 or "huge" in batch:
            raise RuntimeUnavailable("memory for 'tiny'", "2 GiB are missing")
        return [text.upper() for text in batch]

    texts = ["a", "bb", "huge", "cc", "d"]
    replies = batching.in_batches(
        [[Message("user", text)] for text in texts],
        5,
        prepare=batching.one_by_one(lambda messages: messages[-1].text),
        length=len,
        reply=reply,
    )
    assert kinds(replies) == ["A", "BB", RuntimeUnavailable, "CC", "D"]
    assert sizes[0] == 5


def test_requests_of_similar_length_share_a_batch() -> None:
    seen: list[list[int]] = []

    def reply(batch: list[str]) -> list[str]:
        seen.append([len(text) for text in batch])
        return batch

    texts = ["x" * n for n in (1, 9, 2, 8, 3, 7)]
    replies = batching.in_batches(
        [[Message("user", text)] for text in texts],
        2,
        prepare=batching.one_by_one(lambda messages: messages[-1].text),
        length=len,
        reply=reply,
    )
    assert replies == texts
    assert seen == [[9, 8], [7, 3], [2, 1]]
