"""Servers that are busy: waited for, told, bounded; several requests at once, in order."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fake_model_server import DONE, FakeServer, event, fake_server
from PIL import Image

from vlm.errors import RemoteModelFailed
from vlm.models import ModelSpec
from vlm.protocols import BatchDescriber, Message
from vlm.side_by_side import GivenUp, rest_until, side_by_side

pytest.importorskip("openai")

from vlm import openai_compatible, remote_waiting

PHOTO = Image.new("RGB", (64, 48), "red")


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as server:
        yield server


@pytest.fixture
def rested(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that would have been waited."""
    seconds: list[float] = []
    monkeypatch.setattr(openai_compatible, "sleep", seconds.append)
    monkeypatch.setattr(openai_compatible, "rest_until", lambda _: seconds.append)
    return seconds


def load(server: FakeServer) -> Any:
    spec = ModelSpec(
        name=server.name, role="describe", factory="", licence="", tier="remote", note=""
    )
    return openai_compatible.load(spec, None)


def load_usage(describer: Any) -> Any:
    return describer.usage


def ask(text: str = "what is it?") -> list[Message]:
    return [Message("user", text, (PHOTO,))]


class Recovering(list[dict[str, Any]]):
    """Requests so far; after so many the server is well again."""

    def __init__(self, server: FakeServer, after: int) -> None:
        super().__init__()
        self._server, self._after = server, after
        self._good = server.status, server.headers, server.body

    def append(self, request: dict[str, Any]) -> None:
        super().append(request)
        if len(self) > self._after:
            self._server.status, self._server.headers, self._server.body = self._good


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_waited_for_and_that_is_told(
    server: FakeServer, rested: list[float], caplog: pytest.LogCaptureFixture, status: int
) -> None:
    server.requests = Recovering(server, 2)
    server.status, server.body = status, ["{}"]
    server.headers = {"content-type": "application/json", "retry-after": "20"}
    assert "".join(load(server).describe(ask())) == "a red barn"
    assert rested == [20.0, 20.0]
    assert [record.getMessage() for record in caplog.records] == [
        f"{server.url.removeprefix('http://')} is busy: waiting 20 s, then try {n} of 5."
        for n in (2, 3)
    ]


def test_waiting_has_an_end(server: FakeServer, rested: list[float]) -> None:
    server.answers(503, "{}", **{"retry-after-ms": "5000"})
    with pytest.raises(RemoteModelFailed, match="in trouble"):
        list(load(server).describe(ask()))
    assert rested == [5.0] * 4
    assert len(server.requests) == 5


def test_without_a_time_each_wait_is_longer(server: FakeServer, rested: list[float]) -> None:
    server.status, server.body, server.headers = 429, ["{}"], {"content-type": "application/json"}
    with pytest.raises(RemoteModelFailed, match="too many requests"):
        list(load(server).describe(ask()))
    assert [round(seconds / 2**n, 1) >= 1 for n, seconds in enumerate(rested)] == [True] * 4
    assert sum(rested) < 20


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"retry-after": "3600"}, {}),
        ({"retry-after": "inf"}, {}),
        ({"retry-after": "1"}, {"error": {"message": "no money", "code": "insufficient_quota"}}),
    ],
)
def test_what_waiting_does_not_heal_is_said_at_once(
    server: FakeServer, rested: list[float], headers: dict[str, str], body: dict[str, Any]
) -> None:
    server.status, server.body = 429, [json.dumps(body)]
    server.headers = {"content-type": "application/json", **headers}
    with pytest.raises(RemoteModelFailed):
        list(load(server).describe(ask()))
    assert (rested, len(server.requests)) == ([], 1)


def test_a_request_that_is_wrong_is_not_sent_again(server: FakeServer) -> None:
    server.answers(400, "{}")
    with pytest.raises(RemoteModelFailed):
        list(load(server).describe(ask()))
    assert len(server.requests) == 1


def test_several_requests_are_on_their_way_at_once_and_replies_keep_their_order(
    server: FakeServer,
) -> None:
    barrier = threading.Barrier(openai_compatible.IN_FLIGHT)

    def together() -> None:  # all of them are here before one is answered
        barrier.wait(timeout=30)

    describer: Any = load(server)
    assert isinstance(describer, BatchDescriber)
    [first] = describer.describe_many([ask("0")])
    usage = {"prompt_tokens": 10, "completion_tokens": 2, "cost": 0.5}
    last = {"object": "chat.completion.chunk", "choices": [], "usage": usage}

    class Echoing(list[dict[str, Any]]):
        def append(self, request: dict[str, Any]) -> None:
            super().append(request)
            text = request["messages"][-1]["content"][-1]["text"]
            server.body = [
                together,
                *(event(text), event(None, "stop"), f"data: {json.dumps(last)}\n\n", DONE),
            ]

    server.requests = Echoing()
    replies = describer.describe_many([ask(str(n)) for n in range(4)])
    assert first == "a red barn"
    assert replies == ["0", "1", "2", "3"]
    assert str(load_usage(describer)) == "40 tokens read, 8 written, cost 2.0000"


def test_a_request_that_fails_leaves_the_others_their_replies(server: FakeServer) -> None:
    good = server.body

    class Spoiling(list[dict[str, Any]]):
        def append(self, request: dict[str, Any]) -> None:
            super().append(request)
            bad = request["messages"][-1]["content"][-1]["text"] == "bad"
            server.body = ["no stream"] if bad else good

    server.requests = Spoiling()
    replies = load(server).describe_many([ask(text) for text in ("a", "bad", "b", "c", "d")])
    assert isinstance(replies[1], RemoteModelFailed)
    assert [*replies[:1], *replies[2:]] == ["a red barn"] * 4


def test_samples_are_asked_for_with_seeds_of_their_own(server: FakeServer) -> None:
    assert load(server).samples(ask(), count=3, seed=7) == ["a red barn"] * 3
    assert sorted(request["seed"] for request in server.requests) == [7, 8, 9]


def test_an_interruption_ends_all_that_wait() -> None:
    resting = threading.Event()
    ended: list[str] = []

    def busy(given_up: threading.Event) -> None:
        resting.set()
        try:
            rest_until(given_up)(600)
        except GivenUp:
            ended.append("given up")
            raise

    def interrupted(_: threading.Event) -> None:
        assert resting.wait(timeout=30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side([busy, interrupted], 2)
    until = time.monotonic() + 30
    while not ended and time.monotonic() < until:
        time.sleep(0.01)
    assert ended == ["given up"]


def test_no_more_than_so_many_run_at_a_time() -> None:
    running, most, lock = [0], [0], threading.Lock()

    def task(_: threading.Event) -> int:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.01)
        with lock:
            running[0] -= 1
        return running[0]

    assert len(side_by_side([task] * 12, 3)) == 12
    assert most[0] <= 3
    assert side_by_side([], 3) == []


def test_a_longest_wait_is_set_and_tries_are_counted() -> None:
    assert remote_waiting.LONGEST * remote_waiting.TRIES <= 600
