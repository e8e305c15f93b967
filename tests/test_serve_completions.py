"""`vlm serve` as a server that OpenAI's clients talk to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from endless_describer import EndlessDescriber, FailingDescriber
from langchain_core.documents import Document
from PIL import Image
from serving_library import data_url, digest_of, make_library, photo_of, png

openai = pytest.importorskip("openai")
pytest.importorskip("fastapi")

from serving import served  # noqa: E402

from ui.serving import library_chat  # noqa: E402
from ui.serving.limits import Limits  # noqa: E402
from ui.settings import Settings  # noqa: E402
from vlm.assistant import Answered, Found, Said, Turn  # noqa: E402
from vlm.errors import RemoteModelFailed  # noqa: E402
from vlm.openai_compatible import OpenAICompatibleDescriber  # noqa: E402
from vlm.protocols import Message  # noqa: E402

SAID = "what is it? a red picture of 64 by 48 pixels"


def ask(text: str = "what is it?", *urls: str) -> list[dict[str, Any]]:
    images = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [{"role": "user", "content": [*images, {"type": "text", "text": text}]}]


def client_of(url: str, **options: Any) -> Any:
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, **options)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_library(tmp_path_factory.mktemp("completions"))


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with served(settings) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Any]:
    with client_of(url) as client:
        yield client


def test_the_models_are_listed(client: Any) -> None:
    assert [model.id for model in client.models.list()] == ["fake", "vlm-library"]


def test_a_reply_comes_whole_and_in_pieces(client: Any) -> None:
    messages = ask("what is it?", data_url(png()))
    whole = client.chat.completions.create(model="fake", messages=messages, seed=1, user="me")
    assert whole.choices[0].message.content == SAID
    assert (whole.choices[0].finish_reason, whole.usage) == ("stop", None), "nothing was counted"
    pieces = list(client.chat.completions.create(model="fake", messages=messages, stream=True))
    assert len(pieces) > 5
    assert "".join(p.choices[0].delta.content or "" for p in pieces).strip() == SAID
    assert [p.choices[0].finish_reason for p in pieces] == [None] * (len(pieces) - 1) + ["stop"]
    assert len({p.id for p in pieces}) == 1


def test_a_reply_is_as_short_as_asked(client: Any) -> None:
    short = {"model": "fake", "messages": ask("what is it?", data_url(png()))}
    for name in ("max_tokens", "max_completion_tokens"):
        reply = client.chat.completions.create(**short, **{name: 3})
        assert reply.choices[0].message.content == "what is it?"


def test_images_of_earlier_messages_count(client: Any) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        *ask("what is it?", data_url(png("blue"))),
        {"role": "assistant", "content": "A surface."},
        {"role": "user", "content": "which colour?"},
    ]
    reply = client.chat.completions.create(model="fake", messages=messages)
    assert reply.choices[0].message.content == "which colour? a blue picture of 64 by 48 pixels"


def test_our_own_client_talks_to_it(url: str) -> None:
    describer = OpenAICompatibleDescriber(f"openai:fake@{url}/v1")
    message = Message("user", "what is it?", (Image.new("RGB", (64, 48), "red"),))
    assert "".join(describer.describe([message])).strip() == SAID
    with pytest.raises(RemoteModelFailed, match="No model 'other' here"):
        list(OpenAICompatibleDescriber(f"openai:other@{url}/v1").describe([message]))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"messages": ask("?", "http://127.0.0.1:1/a.png")}, "not fetched from http: addresses"),
        ({"messages": ask("?", "https://example.com/a.png")}, "not fetched from https: addresses"),
        ({"messages": ask("?", "file:///etc/passwd")}, "not fetched from file: addresses"),
        ({"messages": ask("?", "/etc/passwd")}, "begins data:image/jpeg;base64,"),
        ({"messages": ask("?", "data:image/png;base64,!!")}, "base64 text of an image is broken"),
        ({"messages": ask("?", data_url(b"<svg/>"))}, "The image cannot be used"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "no tools are called"),
        ({"messages": [{"role": "user", "content": [{"type": "video"}]}]}, "parts are texts"),
        ({"messages": [{"role": "user", "content": 3}]}, "a text or a list of parts"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "must be the user's"),
        ({"messages": []}, "messages: List should have at least 1 item"),
        ({"messages": ask(), "n": 9}, "n: Input should be less than or equal to 8"),
        ({"messages": ask(""), "max_tokens": 0}, "max_tokens: Input should be greater than"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_answered_is_told_in_openais_shape(
    client: Any, asked: dict[str, Any], words: str, stream: bool
) -> None:
    with pytest.raises(openai.BadRequestError) as error:
        client.chat.completions.create(model="fake", stream=stream, **asked)
    assert words in error.value.body["message"]
    assert error.value.body["type"] == "invalid_request_error"


def test_a_model_that_is_not_served_is_told(client: Any) -> None:
    with pytest.raises(openai.NotFoundError, match="Choose one of: fake, vlm-library"):
        client.chat.completions.create(model="gpt-x", messages=ask())


@pytest.fixture
def described_by(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(describer: object) -> Any:
        monkeypatch.setattr("ui.serving.desk.load_describer", lambda name: describer)
        return describer

    return use


def test_a_model_stops_when_the_client_stops_listening(
    settings: Settings, described_by: Any
) -> None:
    endless = described_by(EndlessDescriber())
    with served(settings) as url, client_of(url) as client:
        stream = client.chat.completions.create(model="fake", messages=ask(), stream=True)
        heard = [p.choices[0].delta.content for p in itertools.islice(stream, 4)]
        assert heard == ["", "word ", "word ", "word "]
        stream.close()
        assert endless.stopped.wait(30)


def test_the_librarys_model_stops_when_nobody_waits(settings: Settings, described_by: Any) -> None:
    endless = described_by(EndlessDescriber())
    asked = ask("what is it?", data_url(png()))
    with served(settings) as url, client_of(url, timeout=1) as client:
        with pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(model="vlm-library", messages=asked)
        assert endless.began.is_set()
        assert endless.stopped.wait(30)


def test_a_model_stops_when_nobody_waits_for_the_whole_reply(
    settings: Settings, described_by: Any
) -> None:
    endless = described_by(EndlessDescriber())
    with served(settings) as url, client_of(url, timeout=1) as client:
        with pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(model="fake", messages=ask())
        assert endless.began.is_set()
        assert endless.stopped.wait(30)


def test_a_model_that_fails_in_the_middle_ends_the_stream_with_an_error(
    settings: Settings, described_by: Any
) -> None:
    described_by(FailingDescriber(words=2))
    with served(settings) as url, client_of(url) as client:
        stream = client.chat.completions.create(model="fake", messages=ask(), stream=True)
        heard = []
        with pytest.raises(openai.APIError, match="The model server behind this one failed"):
            heard.extend(piece.choices[0].delta.content for piece in stream)
        with pytest.raises(openai.APIStatusError) as error:
            client.chat.completions.create(model="fake", messages=ask())
        assert error.value.status_code == 502
        assert "models.example" not in str(error.value)


def test_a_model_that_fails_before_it_speaks_is_a_status(
    settings: Settings, described_by: Any
) -> None:
    described_by(FailingDescriber(words=0))
    with served(settings) as url, client_of(url) as client:
        with pytest.raises(openai.APIStatusError) as error:
            client.chat.completions.create(model="fake", messages=ask(), stream=True)
        assert error.value.status_code == 502


def test_a_stream_without_end_is_stopped(settings: Settings, described_by: Any) -> None:
    endless = described_by(EndlessDescriber())
    with served(settings, limits=Limits(reply_seconds=2)) as url, client_of(url) as client:
        stream = client.chat.completions.create(model="fake", messages=ask(), stream=True)
        with pytest.raises(openai.APIError, match="no reply within 2 seconds"):
            list(stream)
        assert endless.stopped.wait(30)


def test_the_whole_library_is_asked_and_cited(client: Any, settings: Settings) -> None:
    asked = [{"role": "user", "content": "find photos of something red"}]
    reply = client.chat.completions.create(model="vlm-library", messages=asked)
    assert "[1]" in reply.choices[0].message.content
    cited = reply.model_extra["citations"][0]
    digest = digest_of(settings, "red")
    assert (cited["number"], cited["digest"]) == (1, digest)
    assert cited["path"] == str(photo_of(settings, "red"))
    assert cited["thumbnail"] == f"/v1/photos/{digest}/thumbnail"
    pieces = list(client.chat.completions.create(model="vlm-library", messages=asked, stream=True))
    assert pieces[-1].model_extra["citations"] == reply.model_extra["citations"]


def test_what_a_turn_found_is_known_in_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[Turn] = []
    document = Document("red.png", metadata={"path": "/x/red.png", "band": "strong"})

    class Fake:
        def stream(self, turn: Turn) -> Iterator[Any]:
            turns.append(turn)
            yield Found((document,))
            yield Said("Here [1].")
            yield Answered((), "Here [1].", Path("/x/red.png"))

    monkeypatch.setattr("vlm.assistant.assistant", lambda tools, describer: Fake())
    with served(settings) as url, client_of(url) as client:
        messages = [{"role": "user", "content": "find red"}]
        for text in ("what is it?", "and the second?"):
            reply = client.chat.completions.create(model="vlm-library", messages=messages)
            said = reply.choices[0].message.content
            messages += [
                {"role": "assistant", "content": said},
                {"role": "user", "content": text},
            ]
        client.chat.completions.create(model="vlm-library", messages=messages)
    assert [len(turn.history) for turn in turns] == [0, 1, 2]
    for past in turns[-1].history:
        assert (past.documents, past.focus) == ((document,), Path("/x/red.png"))
    strange = [{"role": "user", "content": "x"}, {"role": "assistant", "content": "Here [1]."}]
    heard = [library_chat.Heard(m["role"], m["content"]) for m in strange]  # type: ignore[arg-type]
    _, (past,) = library_chat._history(heard, library_chat.Memory())
    assert (past.text, past.reply, past.documents) == ("x", "Here [1].", ())
