"""A model is downloaded from the Models page: bytes told, stopped, resumed, refused in words."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
import streamlit as st
from app_pages import checked, choose, library_of, opened
from huggingface_hub import constants
from streamlit.testing.v1 import AppTest
from tiny_hub import serve

from ui import resources
from ui.models_page.fetched import Arrived
from vlm.hub import is_cached
from vlm.registry import find_spec

SPEC = find_spec("embed", "clip-b32")[0]
WEIGHTS = b"w" * 30_000_000
FILES = {
    "open_clip_config.json": b"{}",
    "open_clip_model.safetensors": WEIGHTS,
    "tokenizer.json": b"{}",
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photos: Path) -> Iterator[Path]:
    st.cache_resource.clear()
    place = tmp_path / "hub cache"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(place))
    monkeypatch.setenv("HF_HUB_CACHE", str(place))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    choose(monkeypatch, library_of(photos, tmp_path))
    yield place
    resources.downloads().stop()
    resources.downloads().wait(60)
    st.cache_resource.clear()


def refusal(app: AppTest) -> str:
    """What the page says went wrong, without the marks that keep it from being Markdown."""
    return app.error[0].value.replace("\\", "")


def praise(app: AppTest) -> str:
    return app.success[0].value.replace("\\", "")


def begin() -> AppTest:
    app = opened("models")
    app.button(key="use-embed-clip-b32").click().run()
    return checked(app)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to that")


def arrived() -> int:
    job = resources.downloads().last()
    return job.progress.done if job and isinstance(job.progress, Arrived) else 0


def ended(app: AppTest) -> AppTest:
    resources.downloads().wait(60)
    return checked(app.run())


def test_a_download_tells_its_bytes_stops_goes_on_later_and_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = Event()
    with serve({SPEC.hub_id: FILES}, go_on=go_on) as (endpoint, _):
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        app = begin()
        until(lambda: arrived() > 10_000_000)
        app.run()
        told = [text.value for text in app.main.text]
        assert any(line.startswith("34 %: 10 MB of 30 MB") for line in told)
        other = opened("models")  # every session sees it, and none begins a second one
        assert other.button(key="use-describe-florence-2-base").disabled
        assert "Downloading clip-b32…" in [text.value for text in other.sidebar.text]
        other.button(key="stop_job").click().run()
        app = ended(app)
        assert "stopped; what was done until then is kept" in praise(app)
        assert not is_cached(SPEC)

        go_on.set()
        app = begin()
        app = ended(app)
        assert "all of it is on this machine" in praise(app)
        assert is_cached(SPEC)
        assert "Search: clip-b32" in [text.value for text in app.sidebar.text]


def test_what_is_not_there_or_cannot_be_reached_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serve({}) as (endpoint, _):
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        said = refusal(ended(begin()))
    assert "weights of 'clip-b32'" in said and "the hub refused it" in said
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free}")
    assert "the hub cannot be reached" in refusal(ended(begin()))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "HF_HUB_OFFLINE is set" in refusal(ended(begin()))
    assert not is_cached(SPEC)


def test_nothing_is_fetched_where_the_disk_has_no_room(cache: Path) -> None:
    code = (
        "import shutil\n"
        "from collections import namedtuple\n"
        "shutil.disk_usage = lambda path: namedtuple('Usage', 'free')(110_000_000)\n"
        "from vlm.downloading import main\n"
        "raise SystemExit(main('embed', 'clip-b32'))\n"
    )
    with serve({SPEC.hub_id: FILES}) as (endpoint, _):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "HF_ENDPOINT": endpoint},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "it takes 30.0 MB, and the disk has 10.0 MB to spare" in done.stdout
    assert not any(cache.rglob("*.incomplete"))


def test_a_download_that_is_killed_says_how_it_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -9 $$\n")
    dying.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dying))
    assert "ended with exit status -9" in refusal(ended(begin()))
