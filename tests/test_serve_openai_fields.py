"""What OpenAI's clients send along, in the shapes that they send and wait for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from serving_library import data_url, make_library, png

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")

from serving import served  # noqa: E402

from ui.serving.limits import Limits  # noqa: E402
from ui.settings import Settings  # noqa: E402
from vlm.fakes import EchoDescriber  # noqa: E402
from vlm.protocols import Message  # noqa: E402

CHAT = "/v1/chat/completions"
IMAGE = {"type": "image_url", "image_url": {"url": data_url(png()), "detail": "auto"}}
ASKED = [{"role": "user", "content": [IMAGE, {"type": "text", "text": "what is it?"}]}]
SAID = "what is it? a red picture of 64 by 48 pixels"


class DrawingDescriber(EchoDescriber):
    """Fake: its samples are numbered."""

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        said = "".join(self.describe(messages, max_tokens=max_tokens))
        return [f"{seed + number} {said}" for number in range(count)]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_library(tmp_path_factory.mktemp("fields"))


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Any]:
    limits = Limits(body=200_000)
    with served(settings, limits=limits) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def chat(client: Any, **fields: Any) -> Any:
    return client.post(CHAT, json={"model": "fake", "messages": ASKED, **fields})


def texts(reply: Any) -> list[str]:
    return [choice["message"]["content"] for choice in reply.json()["choices"]]


def chunks(reply: Any) -> list[dict[str, Any]]:
    *events, done = reply.text.removesuffix("\n\n").split("\n\n")
    assert done == "data: [DONE]"
    return [json.loads(event.removeprefix("data: ")) for event in events]


def test_a_model_is_looked_up_by_its_name(client: Any) -> None:
    found = client.get("/v1/models/fake").json()
    assert (found["id"], found["object"]) == ("fake", "model")
    reply = client.get("/v1/models/me/other:7b")
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["param"]) == (404, "model_not_found", "model")
    assert "'me/other:7b'" in error["message"]


def test_a_stream_says_first_who_speaks_and_last_that_it_ends(client: Any) -> None:
    reply = chat(client, stream=True, stream_options={"include_usage": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no", "a proxy would hold the pieces back"
    first, *pieces, last = [chunk["choices"][0] for chunk in chunks(reply)]
    assert first["delta"] == {"role": "assistant", "content": ""}
    assert [set(piece["delta"]) for piece in pieces] == [{"content"}] * len(pieces)
    assert (last["delta"], last["finish_reason"]) == ({}, "stop")


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        ("picture", "what is it? a red"),
        (["48", " red pic"], "what is it? a"),
        (["nowhere", ""], SAID),
        ("what", ""),
        (None, SAID),
    ],
)
def test_a_reply_ends_before_a_stop(client: Any, stop: Any, said: str) -> None:
    assert texts(chat(client, stop=stop)) == [said]
    streamed = chunks(chat(client, stop=stop, stream=True))
    words = (chunk["choices"][0]["delta"].get("content", "") for chunk in streamed)
    assert "".join(words).strip() == said


def test_several_replies_are_drawn(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.serving.desk.load_describer", lambda name: DrawingDescriber())
    with served(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        asked = {"n": 2, "seed": 5, "stop": " picture"}
        drawn = [f"{number} what is it? a red" for number in (5, 6)]
        assert texts(chat(client, **asked)) == drawn
        streamed = [chunk["choices"][0] for chunk in chunks(chat(client, **asked, stream=True))]
        for index, text in enumerate(drawn):
            one = [choice for choice in streamed if choice["index"] == index]
            assert "".join(choice["delta"].get("content", "") for choice in one) == text
            assert one[-1]["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("asked", "param", "words"),
    [
        ({"n": 2}, "n", "this model gives one reply"),
        ({"n": 2, "model": "vlm-library"}, "n", "the library gives one reply"),
        ({"n": 9}, "n", "less than or equal to 8"),
        ({"response_format": {"type": "json_object"}}, "response_format", "plain text"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format", ""),
        ({"tool_choice": "required"}, "tool_choice", "call no tools"),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, "tool_choice", ""),
        ({"max_tokens": 0}, "max_tokens", "greater than or equal to 1"),
        ({"stop": 3}, "stop", "valid string"),
        ({"model": None}, "model", "valid string"),
    ],
)
def test_what_cannot_be_heeded_is_refused_by_its_name(
    client: Any, asked: dict[str, Any], param: str, words: str
) -> None:
    for stream in (False, True):
        reply = chat(client, **asked, stream=stream)
        error = reply.json()["error"]
        assert (reply.status_code, error["param"]) == (400, param)
        assert words in error["message"]


def test_what_does_not_matter_is_passed_over(client: Any) -> None:
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {}}}]
    fields = {"tools": tools, "tool_choice": "auto", "parallel_tool_calls": True}
    fields |= {"response_format": {"type": "text"}, "logprobs": True, "max_tokens": 10**9}
    assert texts(chat(client, **fields, temperature=0.7, n=1, metadata={"a": "b"})) == [SAID]


@pytest.mark.parametrize("path", [CHAT, "/v1/ask"])
def test_half_a_character_is_no_reason_to_fail(client: Any, path: str) -> None:
    message = '[{"role": "user", "content": "red \\ud83d"}]'
    body = f'{{"model": "fake", "messages": {message}}}'
    if path == "/v1/ask":
        body = f'{{"image": "{data_url(png())}", "question": "red \\ud83d"}}'
    reply = client.post(path, content=body, headers={"content-type": "application/json"})
    assert (reply.status_code, "red \ufffd" in reply.text) == (200, True)
    whole = body.replace("\\ud83d", "\\ud83d\\ude00")
    reply = client.post(path, content=whole, headers={"content-type": "application/json"})
    assert "red \U0001f600" in reply.text


def test_a_body_is_refused_for_what_is_wrong_with_it(client: Any) -> None:
    kind = {"content-type": "application/json"}
    for body, code, words in (
        (b"\xff", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 413, "larger than the limit"),
        (iter([b"x" * 150_000] * 2), 413, "larger than the limit"),
        (b"[]", 400, "valid dictionary"),
    ):
        reply = client.post(CHAT, content=body, headers=kind)
        assert (reply.status_code, words in reply.json()["error"]["message"]) == (code, True)
    plain = client.post(CHAT, content=b"{}", headers={"content-type": "text/plain"})
    assert "application/json" in plain.json()["error"]["message"]


def test_what_can_be_got_has_a_head_and_other_methods_are_named(client: Any) -> None:
    for path in ("/v1/health", "/v1/models", "/docs"):
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
    for method in ("OPTIONS", "DELETE", "PUT"):
        reply = client.request(method, "/v1/models")
        assert (reply.status_code, reply.headers["allow"]) == (405, "GET")
        assert reply.json()["error"]["type"] == "invalid_request_error"
