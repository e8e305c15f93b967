"""The OpenAI-compatible describer against a fake server on 127.0.0.1."""

from __future__ import annotations

import base64
import io
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fake_model_server import DONE, GOOD, FakeServer, event, fake_server
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vlm.errors import RemoteModelFailed, UnknownModel
from vlm.models import ModelSpec
from vlm.protocols import Describer, Message

pytest.importorskip("openai")

from vlm import openai_compatible, remote_name

PHOTO = Image.new("RGB", (64, 48), "red")
ASK = [Message("user", "what is it?", (PHOTO,))]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as server:
        yield server


def load(server: FakeServer) -> Describer:
    spec = ModelSpec(
        name=server.name, role="describe", factory="", licence="", tier="remote", note=""
    )
    return openai_compatible.load(spec, None)


def failure(server: FakeServer) -> str:
    with pytest.raises(RemoteModelFailed) as caught:
        list(load(server).describe(ASK))
    message = str(caught.value)
    assert "'tiny-vlm'" in message
    assert server.url.removeprefix("http://") in message
    assert "\n" not in message
    assert message[-1] == "." and message[-2].isalnum()
    return message


def test_the_reply_comes_piece_by_piece(server: FakeServer) -> None:
    describer = load(server)
    assert isinstance(describer, Describer)
    assert describer.name == server.name
    assert list(describer.describe(ASK)) == ["a red", " barn"]


def test_the_first_piece_comes_before_the_server_is_done(server: FakeServer) -> None:
    go_on = threading.Event()
    server.body = [GOOD[0], lambda: assert_set(go_on), *GOOD[1:]]
    pieces = load(server).describe(ASK)
    assert next(pieces) == "a red"
    go_on.set()
    assert list(pieces) == [" barn"]


def assert_set(event: threading.Event) -> None:
    assert event.wait(timeout=30)


def test_the_whole_conversation_is_sent_with_its_photos(server: FakeServer) -> None:
    talk = [
        Message("system", "Be brief."),
        Message("user", "and these?", (PHOTO, PHOTO.rotate(90))),
        Message("assistant", "two barns"),
        Message("user", "sure?"),
    ]
    list(load(server).describe(talk, max_tokens=7))
    [request] = server.requests
    assert (request["model"], request["max_tokens"], request["temperature"]) == ("tiny-vlm", 7, 0)
    assert request["stream"] is True
    assert server.seen[0]["path"] == "/v1/chat/completions"
    assert [m["role"] for m in request["messages"]] == ["system", "user", "assistant", "user"]
    assert [m["content"] for m in request["messages"][::2]] == ["Be brief.", "two barns"]
    kinds = [part["type"] for part in request["messages"][1]["content"]]
    assert kinds == ["image_url", "image_url", "text"]


def test_photos_are_sent_small_and_without_metadata() -> None:
    photo = Image.new("RGBA", (4000, 1000), "blue")
    exif = Image.Exif()
    exif[0x010E] = "at home"
    photo.info.update(exif=exif.tobytes(), comment=b"secret", icc_profile=b"not one")
    head, _, data = openai_compatible.data_url(photo).partition(",")
    assert head == "data:image/jpeg;base64"
    raw = base64.b64decode(data)
    with Image.open(io.BytesIO(raw)) as sent:
        assert (sent.size, sent.mode, len(sent.getexif())) == ((1536, 384), "RGB", 0)
    assert not any(word in raw for word in (b"at home", b"secret", b"not one", b"Exif"))


@pytest.mark.parametrize(
    ("own", "openai", "sent"),
    [("", "", "none"), ("mine", "theirs", "mine"), ("", "theirs", "none")],
    ids=["no key", "our own key", "a key for OpenAI goes to nobody else"],
)
def test_the_key_that_is_sent(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch, own: str, openai: str, sent: str
) -> None:
    monkeypatch.setenv("VLM_OPENAI_API_KEY", own)
    monkeypatch.setenv("OPENAI_API_KEY", openai)
    list(load(server).describe(ASK))
    assert server.seen[0]["authorization"] == f"Bearer {sent}"
    assert remote_name.api_key("api.openai.com") == (own or openai or "none")


def test_closing_early_hangs_up(server: FakeServer) -> None:
    server.body = [GOOD[0], *[event("x" * 1000)] * 20_000]  # more than any buffer takes
    pieces = load(server).describe(ASK)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(timeout=30)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, '{"error": {"message": "Incorrect API key"}}', "Incorrect API key.*VLM_OPENAI_API"),
        (403, '{"error": {"message": "Not for you"}}', "Not for you"),
        (404, '{"error": {"message": "no such model"}}', r"no model 'tiny-vlm'.*/v1"),
        (400, '{"error": {"message": "image input is off"}}', r"image input is off.*takes photos"),
        (413, "too large", "status 413"),
        (429, '{"error": {"message": "Slow down"}}', "too many requests.*Slow down.*Wait"),
        (500, "<html>oops</html>", "status 500.*Try again later"),
        (503, "", "status 503"),
    ],
)
def test_a_refusal_says_why_and_what_to_do(
    server: FakeServer, status: int, body: str, says: str
) -> None:
    server.answers(status, body)
    with pytest.raises(RemoteModelFailed, match=says):
        list(load(server).describe(ASK))
    failure(server)


def test_trouble_of_a_server_is_tried_once_more(server: FakeServer) -> None:
    server.answers(500, "{}")
    failure(server)
    assert len(server.requests) == 2


def test_a_redirect_is_not_followed(server: FakeServer) -> None:
    server.answers(307, "", location="http://127.0.0.1:9/elsewhere")
    assert "points to another URL" in failure(server)


def test_a_web_page_is_no_reply(server: FakeServer) -> None:
    server.answers(200, "<!doctype html>\n<h1>Welcome</h1>", "text/html")
    assert "text/html" in failure(server)
    assert "/v1" in failure(server)


@pytest.mark.parametrize(
    "body",
    [
        [],
        [DONE],
        ["data: {not json}\n\n"],
        ["data: [1, 2]\n\n", DONE],
        ['data: "text"\n\n', DONE],
        ["data: null\n\n", DONE],
        [b"data: \xff\xfe\n\n"],
        ['data: {"choices": []}\n\n', DONE],
        ['data: {"choices": 7}\n\n', DONE],
        ['data: {"choices": [null]}\n\n', DONE],
        ['data: {"choices": [{"delta": null}]}\n\n', DONE],
        ['data: {"choices": [{"delta": {"content": 7}, "finish_reason": "stop"}]}\n\n', DONE],
        [event(None, "stop"), DONE],
        [event(None, "content_filter"), DONE],
        ['data: {"error": {"message": "out of memory"}}\n\n'],
    ],
)
def test_nonsense_is_one_clear_line(server: FakeServer, body: list[Any]) -> None:
    server.body = body
    failure(server)


def test_a_reply_that_breaks_off_is_no_whole_reply(server: FakeServer) -> None:
    server.body, server.length = [GOOD[0]], 10_000
    pieces = load(server).describe(ASK)
    assert next(pieces) == "a red"
    with pytest.raises(RemoteModelFailed, match="tiny-vlm"):
        next(pieces)


def test_a_reply_without_an_end_is_no_whole_reply(server: FakeServer) -> None:
    server.body = GOOD[:2]
    pieces = load(server).describe(ASK)
    assert [next(pieces), next(pieces)] == ["a red", " barn"]
    with pytest.raises(RemoteModelFailed, match="broke off"):
        next(pieces)


def test_a_silent_server_is_given_up(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_compatible, "SECONDS_BETWEEN_PIECES", 0.2)
    done = threading.Event()
    server.body = [GOOD[0], lambda: assert_set(done)]
    try:
        assert "too long" in failure(server)
    finally:
        done.set()


def test_nobody_listening_is_explained(server: FakeServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert "Check that it is running" in failure(server)


def test_control_characters_of_a_server_never_come_out(server: FakeServer) -> None:
    server.body = [event("a\x1b[2J"), event("\u202e\x00"), event("b", "stop"), DONE]
    assert list(load(server).describe(ASK)) == ["a[2J", "b"]
    server.answers(400, json.dumps({"error": {"message": "\x1b[31m" + "very long " * 100}}))
    message = failure(server)
    assert "\x1b" not in message
    assert len(message) < 400


@pytest.mark.parametrize(
    "name",
    [
        "gpt",
        "openai:",
        "openai:model",
        "openai:@http://x",
        "openai:m@ftp://x",
        "openai:m@http://",
        "openai:m@http://[::1",
        "openai:m@http://x:99999/",
        "openai:m@http:///v1",
        "openai:m @ http",
    ],
)
def test_a_name_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(UnknownModel, match="openai:MODEL@http"):
        remote_name.parse_name(name)


@given(
    model=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1),
    host=st.from_regex(r"[a-z]{1,9}(\.[a-z]{1,9})?(:[1-9][0-9]{0,3})?", fullmatch=True),
    scheme=st.sampled_from(["http", "https"]),
)
def test_a_name_is_put_together_as_it_was_taken_apart(model: str, host: str, scheme: str) -> None:
    name = f"openai:{model}@{scheme}://{host}/v1"
    assert remote_name.parse_name(name) == (model, f"{scheme}://{host}/v1")
    assert remote_name.server_of(f"{scheme}://{host}/v1") == host
