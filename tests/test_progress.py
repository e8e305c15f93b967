from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from cli_runs import VLM, process_env, run_process
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from index.records import Progress
from ui import progress as progress_module
from ui.progress import describe_progress, pace, progress


def test_without_a_terminal_lines_come_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(progress_module, "monotonic", lambda: now)
    with progress("Indexing") as show:
        for second in range(12):
            now = 100.0 + second
            show(Progress(second, 12, 0, 1.0, 12.0 - second))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Indexing: 5 of 12, 1.0 photos/s, 7 s left",
        "Indexing: 10 of 12, 1.0 photos/s, 2 s left",
    ]


def test_a_short_job_says_nothing_where_there_is_no_terminal(photos: Path) -> None:
    ran = run_process("index", photos, "--model", "fake")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_on_a_terminal_there_is_a_bar_with_speed_and_skipped_files_above_it(
    tmp_path: Path,
) -> None:
    for number in range(40):
        Image.effect_noise((64, 64), number + 1).save(tmp_path / f"{number}.png")
    (tmp_path / "[red]bad.jpg").touch()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*VLM, "index", str(tmp_path), "--model", "fake", "--json"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=process_env({"TERM": "xterm", "COLUMNS": "120"}),
    ) as process:
        os.close(theirs)
        shown = _until_closed(ours)
        assert process.stdout is not None
        stdout = process.stdout.read()
    assert process.returncode == 1
    assert stdout.startswith(b"{")
    assert b"\x1b" not in stdout
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"4\d of 41, [\d.]+ photos/s", plain), plain
    assert "skipped: " in plain
    assert "[red]bad.jpg: the file is empty" in plain


def _until_closed(descriptor: int) -> str:
    shown = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(descriptor)
    return shown.decode()


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.floats(0.001, 1e6))
def test_the_time_left_is_what_the_rest_takes_at_the_speed_so_far(
    done: int, skipped: int, rest: int, seconds: float
) -> None:
    now = pace(done, skipped, done + skipped + rest, seconds)
    assert now.done == done + skipped
    if now.done:
        assert now.seconds_left == pytest.approx(rest * seconds / now.done)
    else:
        assert now.seconds_left is None
    assert f"{now.done} of {now.total}" in describe_progress(now)
