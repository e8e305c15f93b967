"""Whatever is wrong, a line says what, where and what to do, and the exit code tells scripts."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from cli_runs import run, run_process
from PIL import Image

from index.library import Library


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    return tmp_path / "library"


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 3.6 gigapixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    body = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def truncated(folder: Path) -> bytes:
    Image.effect_noise((256, 256), 80).save(folder / "whole.jpg")
    data = (folder / "whole.jpg").read_bytes()
    (folder / "whole.jpg").unlink()
    return data[: len(data) // 2]


BAD = {
    "truncated.jpg": "damaged or incomplete",
    "text.jpg": "not an image",
    "empty.jpg": "the file is empty",
    "bomb.png": "more than the limit of 200",
}


@pytest.fixture
def bad(photos: Path) -> Path:
    """The folder of good photos with one of each kind of bad file."""
    (photos / "truncated.jpg").write_bytes(truncated(photos))
    (photos / "text.jpg").write_text("Dear diary, this is no photo.")
    (photos / "empty.jpg").touch()
    (photos / "bomb.png").write_bytes(bomb())
    return photos


@pytest.mark.parametrize("command", ["index", "caption", "alt"])
def test_bad_files_are_a_line_each_and_the_good_ones_are_done(bad: Path, command: str) -> None:
    ran = run(command, bad)
    assert ran.code == 1
    for name, reason in BAD.items():
        lines = [line for line in ran.stderr.splitlines() if name in line]
        assert len(lines) == 1, ran.stderr
        assert lines[0].startswith(f"skipped: {bad / name}: ")
        assert reason in lines[0]
    if command == "index":
        assert "3 added" in ran.stdout
        assert "4 skipped" in ran.stdout
    else:
        assert len(ran.stdout.splitlines()) == 3


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_alone_cannot_be_described(bad: Path, name: str) -> None:
    for command in ("caption", "alt"):
        ran = run(command, bad / name)
        assert (ran.code, ran.stdout) == (2, "")
        assert BAD[name] in ran.stderr
    for command in (("ask", bad / name, "what?"), ("similar", bad / name)):
        run("index", bad / "red.png")
        ran = run(*command)
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.stderr.startswith(f"error: {bad / name}: ")


def test_the_whole_story_in_a_real_process(bad: Path) -> None:
    ran = run_process("index", bad)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert ran.stdout.startswith("3 added")
    assert ran.stderr.count("skipped: ") == 4


@pytest.mark.parametrize(
    "command", [("index",), ("similar",), ("caption",), ("alt",)], ids=lambda c: c[0]
)
def test_a_path_that_does_not_exist_is_an_error(
    command: tuple[str, ...], photos: Path, tmp_path: Path
) -> None:
    run("index", photos)
    ran = run(*command, tmp_path / "nowhere")
    assert (ran.code, ran.stdout) == (2, "")
    assert f"error: {tmp_path / 'nowhere'}: no such file or folder" in ran.stderr


def test_asking_about_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    ran = run("ask", tmp_path / "nowhere.jpg", "what is it?")
    assert (ran.code, ran.stdout) == (2, "")
    assert "no such file" in ran.stderr


@pytest.mark.parametrize("wrong", [("nowhere",), ("photos", "--model", "clip-b3")])
def test_a_wrong_path_or_model_leaves_no_library_behind(
    wrong: tuple[str, ...], photos: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos.parent)
    assert run("index", *wrong).code == 2
    assert not library.exists()


@pytest.mark.parametrize("command", ["index", "caption", "alt"])
def test_an_empty_folder_is_an_error(command: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = run(command, tmp_path / "empty")
    assert (ran.code, ran.stdout) == (2, "")
    assert f"error: {tmp_path / 'empty'}: no photos here" in ran.stderr


@pytest.fixture
def locked(photos: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that may not be listed, whoever runs the tests."""
    folder = photos / "locked"
    folder.mkdir()
    list_folder = os.scandir

    def refuse(path: object = ".") -> object:
        if str(path) == str(folder):
            raise PermissionError(13, "Permission denied", str(folder))
        return list_folder(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refuse)
    return folder


def test_a_folder_that_may_not_be_read_is_an_error(locked: Path) -> None:
    for command in ("index", "alt"):
        ran = run(command, locked)
        assert ran.code == 2
        assert f"error: {locked}: the folder cannot be read" in ran.stderr


def test_a_folder_inside_that_may_not_be_read_is_skipped(locked: Path) -> None:
    for command in ("index", "alt"):
        ran = run(command, locked.parent)
        assert ran.code == 1
        assert f"skipped: {locked}: folder cannot be read" in ran.stderr


def test_an_unknown_model_names_the_known_ones(photos: Path) -> None:
    run("index", photos)
    for command in (("index", photos), ("search", "red"), ("similar", photos / "red.png")):
        ran = run(*command, "--model", "clip-b23")
        assert (ran.code, ran.stdout) == (2, "")
        assert "error: Unknown model 'clip-b23'. Did you mean 'clip-b32'?" in ran.stderr
    for command in (("caption", photos), ("ask", photos / "red.png", "?"), ("alt", photos)):
        ran = run(*command, "--model", "blip")
        assert (ran.code, ran.stdout) == (2, "")
        assert "Unknown model 'blip'. Did you mean 'blip-base'?" in ran.stderr


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the extra [torch]")
@pytest.mark.parametrize(
    ("command", "model"), [(("index",), "clip-b32"), (("caption",), "smolvlm-256m")]
)
def test_a_hub_that_cannot_be_reached_is_explained(
    command: tuple[str, ...], model: str, photos: Path, library: Path
) -> None:
    ran = run_process(*command, photos, "--model", model, env={"HF_HUB_OFFLINE": "1"})
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Traceback" not in ran.stderr
    error = ran.stderr.splitlines()[-1]
    assert error.startswith("error: ")
    for named in (f"'{model}'", os.environ["HF_HOME"], "--model starter", "/path/to/checkpoint"):
        assert named in error
    assert not library.exists()


@pytest.mark.parametrize("command", [("search", "red"), ("similar", "red.png"), ("library",)])
def test_a_missing_library_says_how_to_make_one(
    command: tuple[str, ...], photos: Path, monkeypatch: pytest.MonkeyPatch, library: Path
) -> None:
    monkeypatch.chdir(photos)
    ran = run(*command)
    assert (ran.code, ran.stdout) == (2, "")
    assert f"error: {library}: no photo library here" in ran.stderr
    assert "vlm index" in ran.stderr


def test_a_damaged_catalogue_is_an_error_and_is_kept(photos: Path, library: Path) -> None:
    run("index", photos)
    for extra in library.glob("catalogue.db-*"):
        extra.unlink()
    (library / "catalogue.db").write_bytes(b"no database" * 1000)
    for command in (("search", "red"), ("index", photos), ("library",)):
        ran = run_process(*command)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert f"error: {library / 'catalogue.db'}: the catalogue is damaged" in ran.stderr
        assert "Traceback" not in ran.stderr
    assert (library / "catalogue.db").read_bytes().startswith(b"no database")


def test_a_damaged_or_missing_faiss_file_is_made_again(photos: Path, library: Path) -> None:
    run("index", photos)
    run("search", "red")
    (faiss,) = library.glob("*.faiss")
    before = run("search", "red").stdout
    faiss.write_bytes(b"no index")
    assert run_process("search", "red").stdout == before
    faiss.unlink()
    assert run_process("search", "red").stdout == before


def test_a_library_that_another_process_writes_is_busy(photos: Path, library: Path) -> None:
    run("index", photos / "red.png")
    with Library.open(library) as other, other.writing():
        ran = run_process("index", photos)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert f"error: {library}: another process is indexing" in ran.stderr
        assert run_process("search", "red").returncode == 0
    assert run("index", photos).code == 0


def small_disk() -> None:
    """As on a full disk, no file may grow beyond 8 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


def test_a_full_disk_is_an_error_and_what_was_stored_stays(photos: Path, library: Path) -> None:
    run("index", photos / "red.png")
    shutil.copytree(library, library.with_name("before"))
    ran = run_process("index", photos, preexec_fn=small_disk)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Traceback" not in ran.stderr
    assert f"error: {library}: cannot write the library" in ran.stderr.splitlines()[-1]
    assert run("search", "red").stdout.splitlines() != []
    assert run("index", photos).code == 0
    assert run("library", "--json").document["photos"] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",),
        ("search", "red", "-k", "0"),
        ("search", "red", "-k", "many"),
        ("alt", ".", "--max-length", "3"),
        ("chat", "--port", "99999"),
        ("serch", "red"),
        ("index", ".", "--jsn"),
        (),
    ],
)
def test_a_wrong_command_line_exits_with_2_and_says_where_to_look(
    arguments: tuple[str, ...],
) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.stdout) == (2, "")
    assert "Usage: " in ran.stderr


def test_a_query_that_cannot_be_read_is_an_error(photos: Path) -> None:
    run("index", photos)
    ran = run("search", "in:")
    assert (ran.code, ran.stdout) == (2, "")
    assert "Cannot read the query" in ran.stderr


def test_a_model_that_was_not_used_for_indexing_is_an_error(photos: Path) -> None:
    run("index", photos)
    ran = run("search", "red", "--model", "starter")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ")


def test_a_folder_that_may_not_be_read_is_told_in_our_words(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests may run as root, who may read everything, so the system's two answers are played."""

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    monkeypatch.setattr(os, "scandir", refuse)
    ran = run("index", photos)
    assert (ran.code, ran.stdout) == (2, "")
    assert f"{photos}: the folder cannot be read (permission denied). Allow" in ran.stderr
