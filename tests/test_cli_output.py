"""Results on stdout, the rest on stderr; file names are data, whatever is in them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from cli_runs import VLM, process_env, run, run_process
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ui.output import columns, printable

CLEAR_SCREEN = "\x1b[2J"


@pytest.fixture(autouse=True)
def _fake_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")


def photo(path: Path | bytes) -> Path:
    Image.new("RGB", (8, 8), "red").save(os.fsdecode(path), "PNG")
    return Path(os.fsdecode(path))


def on_terminal(*arguments: object) -> tuple[int, bytes]:
    """Run with stdout and stderr on a pseudo-terminal: exit code and all that it showed."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*VLM, *map(str, arguments)], stdout=theirs, stderr=theirs, env=process_env({})
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
    return process.returncode, shown


@given(st.text())
def test_what_is_printed_never_steers_a_terminal_nor_breaks_the_line(text: str) -> None:
    shown = printable(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)
    assert not set(shown) & set("\u2028\u2029\u202a\u202d\u202e\u2066\u2069")


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1))
def test_columns_loses_nothing(rows: list[tuple[str, str, str]]) -> None:
    for line, row in zip(columns(rows), rows, strict=True):
        assert all(printable(cell) in line for cell in row)


def test_a_file_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    name = f"a{CLEAR_SCREEN}[bold red]b\nc.png"
    evil = photo(tmp_path / name)
    code, shown = on_terminal("caption", evil)
    assert code == 0
    assert CLEAR_SCREEN.encode() not in shown
    assert rb"a\x1b[2J[bold red]b\nc.png: a red picture" in shown


def test_a_skipped_file_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / f"{CLEAR_SCREEN}[bold]x.jpg").touch()
    code, shown = on_terminal("index", tmp_path / "photos")
    assert code == 1
    assert CLEAR_SCREEN.encode() not in shown
    assert rb"\x1b[2J[bold]x.jpg: the file is empty" in shown


def test_what_a_model_says_cannot_steer_the_terminal(tmp_path: Path) -> None:
    code, shown = on_terminal("ask", photo(tmp_path / "a.png"), f"is it {CLEAR_SCREEN}?")
    assert code == 0
    assert CLEAR_SCREEN.encode() not in shown


LATIN = b"caf\xe9.png"


def test_a_name_that_is_not_utf8_survives_json(tmp_path: Path) -> None:
    path = photo(os.fsencode(tmp_path) + b"/" + LATIN)
    ran = run_process("caption", path, "--json", text=False)
    assert ran.returncode == 0
    ran.stdout.decode("ascii")
    assert os.fsencode(json.loads(ran.stdout)[0]["path"]).endswith(b"/" + LATIN)


def test_a_name_that_is_not_utf8_keeps_its_bytes_in_a_pipe(tmp_path: Path) -> None:
    path = photo(os.fsencode(tmp_path) + b"/" + LATIN)
    ran = run_process("caption", path, text=False)
    assert ran.returncode == 0
    assert LATIN + b": a red picture" in ran.stdout


def test_a_name_that_is_not_utf8_is_escaped_on_a_terminal(tmp_path: Path) -> None:
    path = photo(os.fsencode(tmp_path) + b"/" + LATIN)
    run_process("index", path)
    code, shown = on_terminal("search", "red")
    assert code == 0
    assert rb"caf\udce9.png" in shown


def test_an_output_that_only_takes_ascii_gets_escapes_and_no_traceback(tmp_path: Path) -> None:
    path = photo(tmp_path / "café ☕.png")
    ran = run_process("caption", path, env={"PYTHONIOENCODING": "ascii"})
    assert ran.returncode == 0
    assert r"caf\xe9 \u2615.png: a red picture" in ran.stdout


def test_search_prints_score_band_and_path_between_tabs(photos: Path) -> None:
    run("index", photos)
    lines = run("search", "red").stdout.splitlines()
    score, band, path = lines[0].split("\t")
    assert (float(score) > 0.9, band, path) == (True, "strong", str(photos / "red.png"))


def test_a_search_that_matches_nothing_says_so_beside_the_results(photos: Path) -> None:
    run("index", photos)
    ran = run("search", "elephants")
    assert ran.code == 0
    assert "No photo clearly matches 'elephants'." in ran.stderr


def test_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [*VLM, "models"], stdout=writing, stderr=subprocess.PIPE, text=True, env=process_env({})
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_results_that_cannot_be_written_are_an_error() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*VLM, "models"], stdout=full, stderr=subprocess.PIPE, text=True, env=process_env({})
        )
    assert ran.returncode == 2
    assert ran.stderr.startswith("error: standard output: cannot write the results (No space left")
    assert "Traceback" not in ran.stderr
