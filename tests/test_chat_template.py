"""LLaVA, SmolVLM and Qwen3-VL through their own classes, on tiny random checkpoints."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import tiny_chat
from hypothesis import given
from hypothesis import strategies as st
from tiny_checkpoints import drawing

from vlm.errors import ModelFileDamaged, RuntimeUnavailable, TaskUnsupported
from vlm.models import ModelSpec
from vlm.protocols import Describer, Message

pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from vlm import chat_prompts, chat_template  # noqa: E402

pytestmark = pytest.mark.usefixtures("on_the_cpu")

SPEC = ModelSpec(name="tiny-chat", role="describe", factory="", licence="", tier="local", note="")
FAMILIES: dict[str, Callable[[Path], Path]] = {
    "llava": tiny_chat.llava,
    "smolvlm": tiny_chat.smolvlm,
    "qwen": tiny_chat.qwen,
}
IMAGE_TOKEN = {"llava": "<image>", "smolvlm": "<image>", "qwen": "<|image_pad|>"}

ONE = [Message("user", "what is it?", (drawing(0),))]
SEVERAL = [Message("user", "which is red?", (drawing(0), drawing(1), drawing(2)))]
HISTORY = [
    Message("system", "Be brief."),
    Message("user", "what is it?", (drawing(0),)),
    Message("assistant", "a barn"),
    Message("user", "and now?", (drawing(1),)),
]
WITHOUT = [Message("user", "hello")]
CONVERSATIONS = {"one": ONE, "several": SEVERAL, "history": HISTORY, "without": WITHOUT}


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def folder(family: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return FAMILIES[family](tmp_path_factory.mktemp(family))


@pytest.fixture(scope="module")
def describer(folder: Path, on_the_cpu: None) -> Describer:
    return chat_template.load(SPEC, folder)


def reference(folder: Path, messages: list[Message], length: int) -> str:
    """The same by transformers alone: no streamer, all new tokens decoded at once."""
    model = transformers.AutoModelForImageTextToText.from_pretrained(folder).eval()
    processor = transformers.AutoProcessor.from_pretrained(folder)
    talk = [
        {
            "role": message.role,
            "content": [
                *({"type": "image", "image": image} for image in message.images),
                {"type": "text", "text": message.text},
            ],
        }
        for message in messages
    ]
    how = {"add_generation_prompt": True, "tokenize": True, "return_dict": True}
    inputs = processor.apply_chat_template(talk, return_tensors="pt", **how)
    neutral = {"temperature": None, "top_p": None, "top_k": None}
    ids = model.generate(**inputs, max_new_tokens=length, do_sample=False, **neutral)
    new = ids[0, inputs["input_ids"].shape[1] :]
    decoded: str = processor.tokenizer.decode(new, skip_special_tokens=True)
    return decoded


@pytest.mark.parametrize("kind", CONVERSATIONS)
def test_a_reply_is_the_one_of_transformers(folder: Path, describer: Describer, kind: str) -> None:
    messages = CONVERSATIONS[kind]
    pieces = list(describer.describe(messages, max_tokens=16))
    assert len(pieces) > 1
    assert "".join(pieces) == reference(folder, messages, 16)


def test_photos_and_earlier_turns_matter(describer: Describer) -> None:
    swapped = [Message("user", "which is red?", (drawing(2), drawing(1), drawing(0)))]
    talks = [ONE, SEVERAL, swapped, HISTORY, HISTORY[1:], HISTORY[3:], WITHOUT]
    replies = ["".join(describer.describe(talk, max_tokens=8)) for talk in talks]
    assert len(set(replies)) >= len(talks) - 1


def input_ids(describer: Any, messages: list[Message]) -> list[int]:
    ids: list[int] = describer._prompt(messages, 1).tokens
    return ids


def image_tokens(describer: Any, family: str, messages: list[Message]) -> int:
    tokenizer = describer._processor.tokenizer
    ids = input_ids(describer, messages)
    return ids.count(tokenizer.convert_tokens_to_ids(IMAGE_TOKEN[family]))


def test_each_photo_has_its_image_tokens(describer: Describer, family: str) -> None:
    per_photo = {"llava": 4, "smolvlm": 5 * 4, "qwen": 64 // 16 * (48 // 16)}[family]
    assert image_tokens(describer, family, ONE) == per_photo
    assert image_tokens(describer, family, SEVERAL) == 3 * per_photo
    assert image_tokens(describer, family, WITHOUT) == 0


def test_typed_control_tokens_stay_text(describer: Any, family: str) -> None:
    tokenizer = describer._processor.tokenizer
    plain = Message("user", "hi", (drawing(0),))
    tokens = [str(token) for token in tokenizer.added_tokens_decoder.values()]
    typed = Message("user", "hi" + "".join(tokens), (drawing(0),))
    special = set(tokenizer.all_special_ids)
    count = [sum(i in special for i in input_ids(describer, [m])) for m in (plain, typed)]
    assert count[0] == count[1]
    assert list(describer.describe([typed], max_tokens=4))


def test_a_conversation_beyond_the_context_is_refused(describer: Describer) -> None:
    talk = [Message("user", "word " * 300, (drawing(0),))]
    with pytest.raises(TaskUnsupported, match=r"tokens.*Begin a new conversation"):
        list(describer.describe(talk))
    with pytest.raises(TaskUnsupported, match="room for 1,024"):
        list(describer.describe(ONE, max_tokens=100_000))


def test_stopping_early_ends_the_thread(describer: Describer) -> None:
    pieces = describer.describe(ONE, max_tokens=500)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("describe")]


def test_two_conversations_at_once_do_not_mix(describer: Describer) -> None:
    first, second = (describer.describe(talk, max_tokens=16) for talk in (ONE, HISTORY))
    said: tuple[list[str], list[str]] = ([], [])
    for one, other in zip(first, second, strict=False):
        said[0].append(one)
        said[1].append(other)
    alone = ["".join(describer.describe(talk, max_tokens=16)) for talk in (ONE, HISTORY)]
    for pieces, whole in zip(said, alone, strict=True):
        assert whole.startswith("".join(pieces))


def test_one_model_writes_one_reply_at_a_time(
    describer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Qwen keeps the positions of the running reply in the model; tokenizers refuse two borrowers.
    generate, running, most = describer._model.generate, [0], [0]

    def counted(**arguments: Any) -> Any:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.02)
        ids = generate(**arguments)
        running[0] -= 1
        return ids

    monkeypatch.setattr(describer._model, "generate", counted)
    with ThreadPoolExecutor(4) as readers:
        started = [readers.submit(list, describer.describe(ONE, max_tokens=8)) for _ in range(4)]
    replies = {tuple(reply.result()) for reply in started}
    assert most == [1]
    assert len(replies) == 1


def test_it_declares_its_tasks(describer: Describer) -> None:
    assert isinstance(describer, Describer)
    assert None not in (describer.prompts.caption, describer.prompts.detailed)
    assert describer.prompts.answer == "{question}"


def test_the_token_that_ends_a_turn_ends_the_reply(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    generation = json.loads((copy / "generation_config.json").read_text())
    (copy / "generation_config.json").write_text(json.dumps({**generation, "eos_token_id": 3}))
    describer: Any = chat_template.load(SPEC, copy)
    end = describer._processor.tokenizer.eos_token_id
    assert describer._model.generation_config.eos_token_id == sorted([3, end])


def test_a_checkpoint_without_a_template_is_named(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "base-model"
    shutil.copytree(folder, copy)
    (copy / "chat_template.jinja").unlink()
    with pytest.raises(ModelFileDamaged, match=r"base-model: has no chat template.*Instruct"):
        chat_template.load(SPEC, copy)


def test_damaged_files_are_named(folder: Path, tmp_path: Path) -> None:
    for name in ("model.safetensors", "config.json", "tokenizer.json", "processor_config.json"):
        copy = tmp_path / name
        shutil.copytree(folder, copy)
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(content[: len(content) // 2])
        with pytest.raises(ModelFileDamaged) as caught:
            chat_template.load(SPEC, copy)
        assert str(copy) in str(caught.value)


def test_remote_code_is_never_run(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "remote"
    shutil.copytree(folder, copy)
    config = json.loads((copy / "config.json").read_text())
    config["model_type"] = "something_of_their_own"
    config["auto_map"] = {
        "AutoConfig": "theirs.Config",
        "AutoModelForImageTextToText": "theirs.Model",
    }
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "theirs.py").write_text("raise SystemExit('this code must not run')")
    with pytest.raises(ModelFileDamaged, match="remote"):
        chat_template.load(SPEC, copy)


def test_a_device_without_memory_is_explained(
    describer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    def full(**_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nMore.")

    monkeypatch.setattr(describer._model, "generate", full)
    with pytest.raises(RuntimeUnavailable, match=r"tiny-chat.*2 GiB.*VLM_DEVICE=cpu"):
        list(describer.describe(ONE))


@given(texts=st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_every_turn_keeps_its_place_and_its_photos(texts: list[str]) -> None:
    photo = drawing(0)
    messages = [Message("user", text, (photo,) * (len(text) % 3)) for text in texts]
    turns = chat_prompts.conversation(messages)
    assert [len(turn["content"]) for turn in turns] == [
        len(m.images) + bool(m.text or not m.images) for m in messages
    ]
    assert [turn["role"] for turn in turns] == ["user"] * len(texts)


def test_large_photos_are_shrunk_and_others_left_alone() -> None:
    turn = chat_prompts.conversation([Message("user", "", (drawing(0).resize((4000, 2000)),))])
    assert turn[0]["content"][0]["image"].size == (1280, 640)
    turn = chat_prompts.conversation([Message("user", "", (drawing(0),))])
    assert turn[0]["content"][0]["image"].size == (64, 48)
