"""Batches with a remote model that fails, refuses or counts: told, gone on with, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_runs import run
from drawn_photos import draw
from fake_model_server import DONE, FakeServer, event, fake_server

from index.catalogue.catalogue import Catalogue


class Watched(list[dict[str, Any]]):
    """Requests so far; each is told to a function by its number before it is answered."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__()
        self._tell = tell

    def append(self, request: dict[str, Any]) -> None:
        super().append(request)
        self._tell(len(self))


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with fake_server() as server:
        yield server


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: FakeServer) -> Path:
    pytest.importorskip("openai")
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_DESCRIBER", server.name)
    monkeypatch.setattr("ui.alt.contents.FEW", 1000)  # photos of a few pixels
    return tmp_path / "library"


def test_a_server_that_fails_now_and_then_costs_a_line_a_photo(
    photos: Path, server: FakeServer
) -> None:
    good = server.body

    def spoil(number: int) -> None:
        server.body = ["no stream at all"] if number == 2 else good

    server.requests = Watched(spoil)
    ran = run("alt", photos, "--json")
    assert (ran.code, len(ran.document)) == (1, 2)
    assert ran.stderr.count("skipped: ") == 1
    assert "instead of a stream of chat completions" in ran.stderr
    assert len(run("alt", photos, "--json").document) == 3
    assert len(server.requests) == 4  # what was described is not sent again


@pytest.mark.parametrize(
    ("status", "said"), [(429, "it has had too many requests"), (503, "it is in trouble")]
)
def test_after_some_failures_in_a_row_it_stops_and_goes_on_later(
    photos: Path, library: Path, server: FakeServer, status: int, said: str
) -> None:
    draw(photos, 9)
    good = server.status, server.headers, server.body
    server.answers(status, json.dumps({"error": {"message": "slow down"}}))
    ran = run("alt", photos, "--write", "xmp")
    assert ran.code == 2
    assert ran.stderr.count("skipped: ") == 4
    assert "error: Stopped after 5 failures in a row" in ran.stderr
    assert said in ran.stderr
    assert list(photos.rglob("*.xmp")) == []
    server.status, server.headers, server.body = good
    assert run("alt", photos, "--write", "xmp").code == 0
    assert len(list(photos.rglob("*.xmp"))) == 12
    with closing(Catalogue(library)) as catalogue:
        assert len(catalogue.runs()) == 1


def test_a_refusal_in_words_is_no_alternative_text(photos: Path, server: FakeServer) -> None:
    server.body = [event("I'm sorry, but I can't help with that."), event(None, "stop"), DONE]
    ran = run("alt", photos / "red.png", "--write", "xmp")
    assert ran.code == 2
    assert "declined to describe this photo: I'm sorry" in ran.stderr
    assert list(photos.rglob("*.xmp")) == []


def test_tokens_and_cost_are_told_where_the_server_tells_them(
    photos: Path, server: FakeServer
) -> None:
    usage = {"prompt_tokens": 500, "completion_tokens": 20, "cost": 0.001}
    last = {"object": "chat.completion.chunk", "choices": [], "usage": usage}
    server.body.insert(-1, f"data: {json.dumps(last)}\n\n")
    ran = run("alt", photos, "--json")
    assert f"{server.name}: 1,500 tokens read, 60 written, cost 0.0030." in ran.stderr
    assert server.requests[0]["stream_options"] == {"include_usage": True}


def test_a_server_that_does_not_know_how_to_count_is_asked_without(
    photos: Path, server: FakeServer
) -> None:
    good = server.status, server.headers, server.body
    server.answers(400, json.dumps({"error": {"message": "unknown field: stream_options"}}))

    def learn(number: int) -> None:
        if number == 2:
            server.status, server.headers, server.body = good

    server.requests = Watched(learn)
    ran = run("alt", photos, "--json")
    assert (ran.code, len(ran.document)) == (0, 3)
    assert ["stream_options" in one for one in server.requests] == [True, False, False, False]


def test_a_model_that_speaks_it_is_asked_for_another_language(
    photos: Path, server: FakeServer
) -> None:
    run("alt", photos / "red.png", "--language", "de")
    (asked,) = server.requests
    assert "Reply in German." in json.dumps(asked)
    run("alt", photos / "red.png", "--language", "fr")
    assert len(server.requests) == 2  # a text in another language is another text
