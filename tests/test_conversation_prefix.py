"""The next turn of a conversation: only what is new is read, and the reply is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tiny_chat import FAMILIES, SPEC
from tiny_checkpoints import drawing

from vlm.protocols import Message

pytest.importorskip("torch")
pytest.importorskip("transformers")

from vlm import chat_template, read_before

pytestmark = pytest.mark.usefixtures("on_the_cpu")


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return FAMILIES[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def fresh(folder: Path, on_the_cpu: None) -> Any:
    """A describer that is made to forget before each request."""
    return chat_template.load(SPEC, folder)


@pytest.fixture
def describer(folder: Path, on_the_cpu: None) -> Any:
    return chat_template.load(SPEC, folder)


def reply(describer: Any, messages: list[Message], length: int = 12) -> str:
    return "".join(describer.describe(messages, max_tokens=length))


def forgetting(describer: Any, messages: list[Message], length: int = 12) -> str:
    describer._reader._before._last = None
    return reply(describer, messages, length)


def tokens_read(describer: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Number of tokens that the decoder is given, pass by pass."""
    read: list[int] = []
    inner = describer._model.model
    decoder = getattr(inner, "language_model", None) or inner.text_model
    forward = decoder.forward

    def counted(*arguments: Any, **more: Any) -> Any:
        read.append(int(more["inputs_embeds"].shape[1]))
        return forward(*arguments, **more)

    monkeypatch.setattr(decoder, "forward", counted)
    return read


def test_a_second_question_reads_little_and_gets_the_same_reply(
    describer: Any, fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = drawing(0)
    talk = [Message("user", "what is it?", (photo,))]
    read = tokens_read(describer, monkeypatch)
    said = reply(describer, talk)
    assert said == forgetting(fresh, talk)
    whole = read[0]
    for question in ("and what else?", "are you sure of that?", "why?"):
        talk = [*talk, Message("assistant", said), Message("user", question)]
        del read[:]
        said = reply(describer, talk)
        assert said == forgetting(fresh, talk)
        assert 0 < read[0] < whole + 40  # the former reply and the question, not the photo
        assert read[0] < describer._prompt(talk, 1).length - whole // 2


def test_another_task_on_the_same_photo_reads_only_its_words(
    describer: Any, fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = tokens_read(describer, monkeypatch)
    first = [Message("user", "what is it?", (drawing(0),))]
    other = [Message("user", "tell me all", (drawing(0),))]
    reply(describer, first)
    assert reply(describer, other) == forgetting(fresh, other)
    drawn = describer.samples(other, count=3, seed=5, max_tokens=12)
    fresh._reader._before._last = None
    assert drawn == fresh.samples(other, count=3, seed=5, max_tokens=12)
    assert reply(describer, first) == forgetting(fresh, first)
    assert sum(count > 30 for count in read) <= 1


def test_another_photo_with_the_same_words_is_looked_at(describer: Any, fresh: Any) -> None:
    replies = []
    for number in (0, 1, 0, 2):
        talk = [Message("user", "what is it?", (drawing(number),))]
        replies.append(reply(describer, talk))
        assert replies[-1] == forgetting(fresh, talk)
    assert replies[0] == replies[2]
    assert len(set(replies)) > 1


def test_a_photo_painted_on_is_another_photo(describer: Any, fresh: Any) -> None:
    photo = drawing(0)
    talk = [Message("user", "what is it?", (photo,))]
    before = reply(describer, talk)
    photo.paste((255, 0, 0), (0, 0, 64, 48))
    after = reply(describer, talk)
    assert after == forgetting(fresh, talk)
    assert before == reply(describer, [Message("user", "what is it?", (drawing(0),))])


def test_turns_may_be_edited_taken_back_and_mixed_with_batches(describer: Any, fresh: Any) -> None:
    one = [Message("user", "what is it?", (drawing(0),))]
    two = [*one, Message("assistant", "a barn"), Message("user", "and this?", (drawing(1),))]
    edited = [*one, Message("assistant", "a dog"), Message("user", "red?")]
    alone = [Message("user", "hello")]
    for talk in (one, two, edited, one, alone, two, alone, edited):
        assert reply(describer, talk) == forgetting(fresh, talk)
        describer.describe_many([alone, two], max_tokens=3)
        assert reply(describer, talk) == forgetting(fresh, talk)


def test_a_reply_that_was_stopped_leaves_nothing_wrong_behind(describer: Any, fresh: Any) -> None:
    talk = [Message("user", "what is it?", (drawing(0),))]
    pieces = describer.describe(talk, max_tokens=200)
    next(pieces)
    pieces.close()
    assert reply(describer, talk) == forgetting(fresh, talk)


def test_a_long_conversation_is_not_kept(describer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = [Message("user", "what is it?", (drawing(0),))]
    said = reply(describer, talk)
    assert describer._reader._before._last is not None
    monkeypatch.setattr(read_before, "MOST_BYTES", 1000)
    assert reply(describer, talk) == said
    assert describer._reader._before._last is None


def test_a_model_that_takes_no_encoded_photos_answers_one_by_one(
    describer: Any, fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describer._reader, "batches", False)
    talks = [[Message("user", "what?", (drawing(number),))] for number in range(2)]
    assert describer.batch_size == 1
    alone = [forgetting(fresh, talk) for talk in talks]
    assert [reply(describer, talk) for talk in talks] == alone
    assert describer.describe_many(talks, max_tokens=12) == alone
    fresh._reader._before._last = None
    assert describer.samples(talks[0], count=2, max_tokens=4) == fresh.samples(
        talks[0], count=2, max_tokens=4
    )
