"""`vlm duplicates`: lists, moves on request, brings back, remembers what is different."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from cli_runs import run, run_process
from drawn_scenes import scene


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo, its exact copy and a smaller one, indexed; and a photo of something else."""
    place = tmp_path_factory.mktemp("duplicates") / "place"
    photos = place / "photos"
    photos.mkdir(parents=True)
    scene(1).save(photos / "a.png")
    shutil.copy(photos / "a.png", photos / "b.png")
    os.utime(photos / "a.png", ns=(1, 10**18))
    scene(1).resize((200, 150)).save(photos / "small.jpg")
    scene(2).save(photos / "other.png")
    assert run("index", photos, "--library", place / "library", "--model", "fake").code == 0
    shutil.copytree(place, place.with_name("made"))
    return place


@pytest.fixture
def folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The photos as they were drawn and indexed, whatever the last test did with them."""
    monkeypatch.setenv("VLM_LIBRARY", str(place / "library"))
    shutil.rmtree(place)
    shutil.copytree(place.with_name("made"), place)
    return place / "photos"


def test_groups_are_listed_with_the_photo_to_keep(folder: Path) -> None:
    ran = run("duplicates")
    assert ran.code == 0
    assert ran.stdout.splitlines() == [
        f"exact\t1\tkeep\t{folder / 'a.png'}\toldest file",
        f"exact\t1\tcopy\t{folder / 'b.png'}",
        f"near\t2\tkeep\t{folder / 'a.png'}\tmost pixels (400x300)",
        f"near\t2\tcopy\t{folder / 'small.jpg'}",
    ]
    assert "1 exact, 1 near, 0 bursts. 2 copies take" in ran.stderr


def test_the_document_names_every_kind_every_time(folder: Path) -> None:
    found = run("duplicates", "--exact", "--json").document
    assert found.pop("seconds") > 0
    (group,) = found["exact"]
    assert [photo["path"] for photo in group["photos"]] == [
        str(folder / "a.png"),
        str(folder / "b.png"),
    ]
    size = (folder / "a.png").stat().st_size
    for photo in group["photos"]:
        assert (photo["width"], photo["height"], photo["bytes"]) == (400, 300, size)
        assert "taken_at" in photo
    assert (group["best"], group["reason"]) == (str(folder / "a.png"), "oldest file")
    assert found == {
        "exact": [group],
        "near": [],
        "bursts": [],
        "moved": [],
        "skipped": [],
        "undo_file": None,
    }


def test_moved_copies_come_back(folder: Path, tmp_path: Path) -> None:
    before = sorted(folder.iterdir())
    ran = run("duplicates", "--move-to", tmp_path / "away", "--json")
    assert ran.code == 0
    away = tmp_path / "away"
    assert ran.document["moved"] == [
        {"from": str(folder / "b.png"), "to": str(away / "b.png")},
        {"from": str(folder / "small.jpg"), "to": str(away / "small.jpg")},
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["a.png", "other.png"]
    back = run("duplicates", "--undo", ran.document["undo_file"], "--json")
    assert back.code == 0
    assert [move["to"] for move in back.document["moved"]] == [
        str(folder / "small.jpg"),
        str(folder / "b.png"),
    ]
    assert sorted(folder.iterdir()) == before


def test_the_lines_after_moving_say_how_to_undo(folder: Path, tmp_path: Path) -> None:
    ran = run("duplicates", "--exact", "--move-to", tmp_path / "away")
    assert ran.stdout == f"{folder / 'b.png'}\t{tmp_path / 'away' / 'b.png'}\n"
    command = ran.stderr.split("vlm duplicates --undo ")[1].strip().strip("'")
    (folder / "b.png").write_bytes(b"something new")
    back = run("duplicates", "--undo", command)
    assert back.code == 1
    assert "is taken by another file" in back.stderr


def test_what_is_kept_apart_is_listed_no_more(folder: Path) -> None:
    ran = run("duplicates", "--keep-apart", folder / "b.png", folder / "small.jpg")
    assert (ran.code, ran.stdout) == (0, "")
    found = run("duplicates", "--json").document
    assert (len(found["exact"]), found["near"]) == (1, [])


def test_what_cannot_be_done_is_said(folder: Path, tmp_path: Path) -> None:
    apart = ("--keep-apart", folder / "a.png", folder / "b.png")
    cases = {
        ("--undo", tmp_path / "none.jsonl"): "no such file",
        ("--move-to", tmp_path / "x", "--bursts"): "different photos",
        ("--move-to", tmp_path / "x", "--undo", tmp_path / "y"): "three commands",
        apart: "very same content",
        ("--library", tmp_path / "nothing"): "no photo library here",
    }
    for arguments, words in cases.items():
        ran = run("duplicates", *arguments)
        assert (ran.code, ran.stdout) == (2, "")
        assert words in ran.stderr
    assert not (tmp_path / "x").exists()


def test_a_photo_that_cannot_be_looked_at_is_a_line_and_an_exit_code(folder: Path) -> None:
    (folder / "b.png").unlink()
    ran = run_process("duplicates", "--exact")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"skipped: {folder / 'b.png'}: no such file or directory" in ran.stderr
