"""`vlm index --text` and `--captions`: a library is filled with words behind everything else."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest
from cli_runs import VLM, process_env, run
from drawn_text import with_text
from PIL import Image
from test_ocr import installed

from index.decoding.shape import Short, shaped
from index.library import Library
from index.note_makers import NoteMaker
from index.noting import fill_notes
from ui.filling_notes import NICE, filling_beside
from vlm.errors import ExtraMissing, LibraryError

DEADLINE = 60.0


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    monkeypatch.setattr("ui.filling_notes.step_back", lambda: None)  # these tests go on after it
    return tmp_path / "library"


def until(condition: Callable[[], bool]) -> None:
    end = monotonic() + DEADLINE
    while not condition():
        assert monotonic() < end, "it did not happen"
        sleep(0.05)


def noted(library: Path) -> int:
    try:
        with Library.open(library) as opened:
            return opened.catalogue.count_noted("caption")
    except LibraryError:
        return 0


@installed
def test_text_is_read_after_indexing_and_found(photos: Path) -> None:
    with_text((240, 90), [(20, 20, "Platform 9")]).save(photos / "station.png")
    ran = run("index", photos, "--text", "--json")
    assert (ran.code, ran.document["added"]) == (0, 4)
    assert ran.document["noted"] == {"ocr": 4, "caption": 0}
    assert run("search", 'text:"platform 9"').stdout.split("\t")[2] == f"{photos}/station.png\n"
    again = run("index", "--text")
    assert (again.code, again.stdout) == (0, "text read in 0 photos\n")


def test_captions_are_said_of_photos_that_were_indexed_before(photos: Path) -> None:
    run("index", photos)
    ran = run("index", photos, "--captions")
    assert ran.stdout.splitlines()[1:] == ["3 photos captioned"]
    assert run("search", 'caption:"a red picture"').stdout.count("\n") == 1


def test_what_cannot_be_read_is_a_line_and_exit_code_1(photos: Path) -> None:
    run("index", photos)
    (photos / "red.png").unlink()
    ran = run("index", "--captions", "--json")
    assert (ran.code, ran.document["noted"]) == (1, {"ocr": 0, "caption": 2})
    reason = "no such file or directory"
    assert ran.document["skipped"] == [{"path": str(photos / "red.png"), "reason": reason}]
    assert ran.stderr.splitlines()[-1] == f"skipped: {photos / 'red.png'}: {reason}"


def test_without_the_extra_nothing_is_indexed(
    photos: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> NoteMaker:
        raise ExtraMissing("reading text in photos", "rapidocr", "ocr")

    monkeypatch.setattr("index.note_makers.text_reader", missing)
    ran = run("index", photos, "--text")
    assert (ran.code, library.exists()) == (2, False)
    assert "pip install 'vlm-assistant[ocr]'" in ran.stderr


@pytest.mark.parametrize("flags", [[], ["--json"], ["--text", "--watch"]])
def test_photos_must_be_named_unless_words_are_asked_for(flags: list[str]) -> None:
    ran = run("index", *flags)
    assert ran.code == 2 and "Name photos or folders." in ran.stderr


def test_words_for_a_library_that_is_not_there_are_refused(library: Path) -> None:
    ran = run("index", "--captions")
    assert (ran.code, library.exists()) == (2, False)
    assert "no photo library here" in ran.stderr


def many(photos: Path, number: int) -> None:
    """Photos of different contents: a PNG reader ignores what follows the end."""
    data = (photos / "red.png").read_bytes()
    for at in range(number):
        (photos / f"{at}.png").write_bytes(data + str(at).encode())


SLOW = """
import sys, time
from ui.cli import main
from vlm import tasks
from index import noting
noting.BATCH = 4
really = tasks.caption
def slow(image, describer):
    time.sleep(0.05)
    return really(image, describer)
tasks.caption = slow
sys.argv[0] = "vlm"
main()
"""


def start(*arguments: object) -> subprocess.Popen[str]:
    """`vlm` in another process, where every caption takes a moment."""
    return subprocess.Popen(
        [VLM[0], "-c", SLOW, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=process_env({}),
        start_new_session=True,
    )


def test_another_process_searches_and_indexes_while_captions_are_said(
    photos: Path, library: Path
) -> None:
    many(photos, 200)
    run("index", photos)
    process = start("index", "--captions")
    until(lambda: noted(library) > 0)
    assert run("search", "red", "-k", "3").stdout.count("\n") == 3
    found = run("search", 'caption:"red picture"', "-k", "300").stdout.count("\n")
    Image.new("RGB", (30, 30), "lime").save(photos / "late.png")
    assert run("index", photos).code == 0
    assert process.poll() is None and 0 < found < 200
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == NICE
    os.killpg(process.pid, signal.SIGINT)
    said, complaints = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in complaints
    assert complaints.endswith("Interrupted: what was written is stored. Run it again to go on.\n")
    before = noted(library)
    # Ctrl-C may fall between a caption that is stored and the count of it.
    assert int(said.split()[0]) in (before - 1, before) and found <= before < 204
    assert run("index", "--captions").stdout == f"{204 - before} photos captioned\n"


def test_watching_keeps_captions_filled(photos: Path, library: Path) -> None:
    process = start("index", photos, "--watch", "--captions")
    until(lambda: noted(library) == 3)
    Image.new("RGB", (30, 30), "lime").save(photos / "late.png")
    until(lambda: noted(library) == 4)
    os.killpg(process.pid, signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert "Traceback" not in complaints and complaints.endswith("Stopped watching.\n")


def test_a_maker_that_fails_while_watching_is_told_and_watching_goes_on(
    photos: Path, library: Path
) -> None:
    def fails(image: Image.Image) -> str:
        raise ExtraMissing("it", "something", "ocr")

    run("index", photos)
    heard: list[str] = []
    maker = NoteMaker("caption", "fails", "", Short(32), fails)
    with filling_beside(library, [maker], heard.append) as fill:
        fill()
        until(lambda: bool(heard))
    assert heard[0].startswith("error: 'it' needs something.")


def test_what_runs_beside_ends_with_the_photo_in_hand(photos: Path, library: Path) -> None:
    run("index", photos)
    begun, go_on = threading.Event(), threading.Event()

    def write(image: Image.Image) -> str:
        begun.set()
        go_on.wait(DEADLINE)
        return "words"

    maker = NoteMaker("caption", "waits", "", Short(32), write)
    with filling_beside(library, [maker], pytest.fail) as fill:
        fill()
        assert begun.wait(DEADLINE)
        threading.Timer(0.1, go_on.set).start()
    assert noted(library) == 1


def test_stepping_back_is_for_all_threads() -> None:
    code = (
        "import os, threading, time; from pathlib import Path; import ui.filling_notes as f\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); f.step_back()\n"
        "tasks = Path('/proc/self/task')\n"
        "tasks = [int(t.name) for t in tasks.iterdir()] if tasks.exists() else [0]\n"
        "print({os.getpriority(os.PRIO_PROCESS, task) for task in tasks})"
    )
    ran = subprocess.run([VLM[0], "-c", code], capture_output=True, text=True, env=process_env({}))
    assert ran.stdout == f"{{{NICE}}}\n"


@pytest.mark.parametrize(
    ("size", "becomes"),
    [((400, 300), (133, 100)), ((300, 4000), (54, 730)), ((60, 40), (60, 40)), ((9, 1), (9, 1))],
)
def test_short_bounds_the_short_side_and_the_pixels(
    size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    made = shaped(Image.new("RGB", size), Short(100)).size
    assert made == pytest.approx(becomes, abs=1) and made[0] * made[1] <= 4 * 101**2


def test_nothing_is_noted_of_an_empty_library(library: Path) -> None:
    Library.open(library, create=True).close()
    maker = NoteMaker("ocr", "eye", None, Short(32), lambda image: "words")
    assert list(fill_notes(library, maker)) == []
