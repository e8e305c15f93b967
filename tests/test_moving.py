"""Moving files away and back: killed at any point, every file is at one of its two places."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.duplicates.carrying import Move
from index.duplicates.moving import Mover
from index.duplicates.undoing import read_moves, undo
from index.records import Skipped
from vlm.errors import MoveRefused, UndoFileUnreadable

MOVING = """
import errno, os, signal, sys
from pathlib import Path
from index.duplicates.moving import Mover
from index.duplicates.undoing import undo
import hashlib

what, folder, kill_at, across = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
if across == "across":
    def link(*_, **__):
        raise OSError(errno.EXDEV, "another file system")
    os.link = link
count = 0
def watch(event, arguments):
    global count
    if event in ("open", "os.link", "os.remove", "os.rename", "shutil.copystat"):
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
if what == "move":
    with Mover(folder / "away", "undo.jsonl") as mover:
        for photo in sorted((folder / "photos").iterdir()):
            mover.move(photo, hashlib.sha256(photo.read_bytes()).digest())
else:
    list(undo(folder / "away" / "undo.jsonl"))
"""


def files(folder: Path, number: int = 4) -> dict[str, bytes]:
    """Some files of different contents, by name; one has a name that is not UTF-8."""
    (folder / "photos").mkdir(parents=True)
    names = [f"photo {n}.jpg" for n in range(number - 1)] + [os.fsdecode(b"caf\xe9.jpg")]
    made = {name: name.encode("utf-8", "surrogateescape") * 1000 for name in names}
    for name, content in made.items():
        (folder / "photos" / name).write_bytes(content)
    return made


def run(what: str, folder: Path, kill_at: int, across: str) -> int:
    command = [sys.executable, "-c", MOVING, what, str(folder), str(kill_at), across]
    return subprocess.run(command, cwd=Path(__file__).parents[1], check=False).returncode


def everywhere(folder: Path, name: str) -> set[bytes]:
    places = [folder / "photos" / name, folder / "away" / name]
    return {place.read_bytes() for place in places if place.exists() and place.stat().st_size}


def digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def left_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("across", ["within", "across"])
def test_killed_at_every_step_no_file_is_lost_and_undo_brings_all_back(
    tmp_path: Path, across: str
) -> None:
    kill_at, ended = 0, False
    while not ended:
        kill_at += 1
        folder = tmp_path / str(kill_at)
        made = files(folder, 2)
        ended = run("move", folder, kill_at, across) == 0
        assert all(everywhere(folder, name) == {made[name]} for name in made)
        log = folder / "away" / "undo.jsonl"
        if log.exists():
            assert all(isinstance(done, Move) for done in undo(log))
        assert left_in(folder / "photos") == made
        if log.exists():
            assert list(left_in(folder / "away")) == ["undo.jsonl"]
    assert kill_at > 8


@pytest.mark.parametrize("across", ["within", "across"])
def test_an_undo_that_is_killed_at_any_step_can_be_done_again(tmp_path: Path, across: str) -> None:
    kill_at, ended = 0, False
    while not ended:
        kill_at += 1
        folder = tmp_path / str(kill_at)
        made = files(folder, 2)
        with Mover(folder / "away", "undo.jsonl") as mover:
            for name in sorted(made):
                mover.move(folder / "photos" / name, digest(made[name]))
        ended = run("undo", folder, kill_at, across) == 0
        assert all(everywhere(folder, name) == {made[name]} for name in made)
        list(undo(folder / "away" / "undo.jsonl"))
        assert left_in(folder / "photos") == made
        assert list(left_in(folder / "away")) == ["undo.jsonl"]
    assert kill_at > 6


def test_killed_at_random_times_no_file_is_lost(tmp_path: Path) -> None:
    chance = random.Random(0)
    for turn in range(8):
        folder = tmp_path / str(turn)
        made = files(folder, 200)
        command = [sys.executable, "-c", MOVING, "move", str(folder), "0", "across"]
        with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as process:
            while not (folder / "away" / "undo.jsonl").exists():
                time.sleep(0.001)
            time.sleep(chance.random() * 0.2)
            process.send_signal(signal.SIGKILL)
        assert all(everywhere(folder, name) == {made[name]} for name in made)
        list(undo(folder / "away" / "undo.jsonl"))
        assert left_in(folder / "photos") == made


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    made = files(tmp_path, 1)
    (name,) = made
    away = tmp_path / "away"
    away.mkdir()
    (away / name).write_bytes(b"another")
    with Mover(away, "undo.jsonl") as mover:
        target = mover.move(tmp_path / "photos" / name, digest(made[name]))
    assert target.name == os.fsdecode(b"caf\xe9-2.jpg")
    assert (away / name).read_bytes() == b"another"
    assert target.read_bytes() == made[name]


def test_a_copy_across_file_systems_keeps_the_time_of_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = files(tmp_path, 1)
    photo = tmp_path / "photos" / next(iter(made))
    os.utime(photo, ns=(5, 1_600_000_000_000_000_000))
    photo.chmod(0o640)

    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", link)
    with Mover(tmp_path / "away", "undo.jsonl") as mover:
        target = mover.move(photo, digest(made[photo.name]))
    assert target.stat().st_mtime_ns == 1_600_000_000_000_000_000
    assert target.stat().st_mode & 0o777 == 0o640
    assert not photo.exists()


@pytest.mark.parametrize("change", ["content", "link", "gone"])
def test_a_file_that_is_not_what_was_indexed_stays(tmp_path: Path, change: str) -> None:
    made = files(tmp_path, 1)
    photo = tmp_path / "photos" / next(iter(made))
    if change == "content":
        photo.write_bytes(b"edited meanwhile")
    else:
        photo.rename(tmp_path / "real.jpg")
    if change == "link":
        photo.symlink_to(tmp_path / "real.jpg")
    before = left_in(tmp_path / "photos")
    with (
        Mover(tmp_path / "away", "undo.jsonl") as mover,
        pytest.raises(MoveRefused, match=r"not moved"),
    ):
        mover.move(photo, digest(made[photo.name]))
    assert left_in(tmp_path / "photos") == before
    assert left_in(tmp_path / "away") == {"undo.jsonl": b""}


def test_a_file_whose_folder_may_not_be_written_stays_and_is_not_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = files(tmp_path, 1)
    photo = tmp_path / "photos" / next(iter(made))
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == photo:
            raise PermissionError(errno.EACCES, "Permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with (
        Mover(tmp_path / "away", "undo.jsonl") as mover,
        pytest.raises(MoveRefused, match="permission denied"),
    ):
        mover.move(photo, digest(made[photo.name]))
    assert photo.read_bytes() == made[photo.name]
    assert list(left_in(tmp_path / "away")) == ["undo.jsonl"]


def test_undo_leaves_alone_what_came_into_the_old_place(tmp_path: Path) -> None:
    made = files(tmp_path, 2)
    names = sorted(made)
    with Mover(tmp_path / "away", "undo.jsonl") as mover:
        for name in names:
            mover.move(tmp_path / "photos" / name, digest(made[name]))
    (tmp_path / "photos" / names[0]).write_bytes(b"newer")
    back = list(undo(mover.undo_file))
    assert [type(item) for item in back] == [Move, Skipped]
    assert (tmp_path / "photos" / names[0]).read_bytes() == b"newer"
    assert (tmp_path / "away" / names[0]).read_bytes() == made[names[0]]


def test_undo_does_not_bring_back_another_file_of_the_name(tmp_path: Path) -> None:
    made = files(tmp_path, 1)
    (name,) = made
    with Mover(tmp_path / "away", "undo.jsonl") as mover:
        mover.move(tmp_path / "photos" / name, digest(made[name]))
    (tmp_path / "away" / name).write_bytes(b"edited there")
    (refused,) = undo(mover.undo_file)
    assert isinstance(refused, Skipped)
    assert "not the file that was moved" in refused.reason


def test_a_second_run_writes_a_second_undo_file(tmp_path: Path) -> None:
    for _ in range(2):
        with Mover(tmp_path, "undo.jsonl"):
            pass
    assert sorted(left_in(tmp_path)) == ["undo-2.jsonl", "undo.jsonl"]


def test_a_line_that_was_not_finished_is_no_move(tmp_path: Path) -> None:
    line = json.dumps({"from": "/a", "to": "/b", "sha256": "00"}).encode()
    file = tmp_path / "undo.jsonl"
    file.write_bytes(line + b"\n" + line[:20])
    assert read_moves(file) == [Move(Path("/a"), Path("/b"), b"\0")]


@pytest.mark.parametrize("content", [b"hello\n", b'{"from": "/a"}\n', b"[]\n", b"\xff\n"])
def test_a_file_that_lists_no_moves_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "undo.jsonl"
    file.write_bytes(content)
    with pytest.raises(UndoFileUnreadable, match="line 1"):
        list(undo(file))


def test_a_missing_undo_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UndoFileUnreadable, match="no such file"):
        list(undo(tmp_path / "none.jsonl"))
