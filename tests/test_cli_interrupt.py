"""Ctrl-C, as a terminal sends it: to every process of the command at once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from cli_runs import VLM, process_env, run
from PIL import Image

from index.library import Library
from vlm.errors import LibraryError

PHOTOS = 240


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    return tmp_path / "library"


@pytest.fixture
def slow_photos(tmp_path: Path) -> Path:
    """Many large photos with different contents: a PNG reader ignores what follows the end."""
    folder = tmp_path / "slow"
    folder.mkdir()
    Image.new("RGB", (2000, 2000), "red").save(tmp_path / "one.png")
    data = (tmp_path / "one.png").read_bytes()
    for number in range(PHOTOS):
        (folder / f"{number:03}.png").write_bytes(data + str(number).encode())
    return folder


def interrupted(
    *arguments: object, when: Callable[[], bool], stdout: IO[bytes] | int = subprocess.PIPE
) -> tuple[int, str | None, str]:
    """Run until ``when`` holds, then press Ctrl-C."""
    process = subprocess.Popen(
        [*VLM, *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=process_env({}),
        start_new_session=True,
    )
    while not when() and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, complaints = process.communicate(timeout=60)
    return process.returncode, said, complaints


def test_ctrl_c_while_indexing_leaves_a_good_library(slow_photos: Path, library: Path) -> None:
    def some_are_stored() -> bool:
        try:
            with Library.open(library) as opened:
                return opened.count() > 0
        except LibraryError:
            return False

    code, stdout, stderr = interrupted("index", slow_photos, when=some_are_stored)
    assert code == 130
    assert "Traceback" not in stderr
    with Library.open(library) as opened:
        stored = opened.count()
    assert 0 < stored < PHOTOS
    assert stderr.splitlines()[-1].startswith(f"Interrupted: {stored} photos were stored")
    assert stdout is not None
    assert stdout.startswith(f"{stored} added")
    assert len(run("search", "red", "-k", str(PHOTOS)).stdout.splitlines()) == stored
    for path in sorted(slow_photos.iterdir())[40:]:
        path.unlink()
    assert run("index", slow_photos).code == 0  # and the next run goes on
    with Library.open(library) as opened:
        assert opened.count() == 40


def test_ctrl_c_keeps_the_alt_texts_so_far(slow_photos: Path, tmp_path: Path) -> None:
    def one_is_written() -> bool:
        return any(path.stat().st_size > 0 for path in tmp_path.glob(".alt.jsonl.*"))

    out = tmp_path / "alt.jsonl"
    code, stdout, stderr = interrupted("alt", slow_photos, "--out", out, when=one_is_written)
    assert (code, stdout) == (130, "")
    assert "Traceback" not in stderr
    lines = out.read_text(encoding="utf-8").splitlines()
    assert 0 < len(lines) < PHOTOS
    assert f"{out}: the {len(lines)} alternative texts so far." in stderr
    assert list(tmp_path.glob(".alt.jsonl.*")) == []


def test_ctrl_c_while_captions_come_is_one_line(slow_photos: Path, tmp_path: Path) -> None:
    said = tmp_path / "captions.txt"
    with said.open("wb") as stdout:
        code, _, stderr = interrupted(
            "caption", slow_photos, when=lambda: said.stat().st_size > 0, stdout=stdout
        )
    assert (code, stderr) == (130, "Interrupted.\n")
    lines = said.read_text(encoding="utf-8").splitlines()
    assert 0 < len(lines) < PHOTOS
    assert all(": a red picture" in line for line in lines)
