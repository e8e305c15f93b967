"""Texts into files: whole or not at all, and nothing else about the file changes."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from photo_containers import PACKET, jpeg

from index.metadata.writing import planning, replacing
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.packet import ALT, EXTENDED
from index.metadata.writing.planning import plan_embedding
from index.metadata.writing.write import carry_out, embed, restore, texts_of, write_sidecar
from vlm.errors import PathMissing

OLD_NS = 1_600_000_000_000_000_000


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(PACKET))
    os.utime(path, ns=(OLD_NS, OLD_NS))
    return path


def alt_of(path: Path) -> str | None:
    return dict(texts_of(path).get(ALT, ())).get("en")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_record_of_a_change_is_small(photo: Path) -> None:
    assert len(plan_embedding(photo, "A red barn").undo.to_json()) < 1000


def test_the_time_of_change_is_now_and_the_mode_stays(photo: Path) -> None:
    photo.chmod(0o640)
    embed(photo, "A red barn")
    state = photo.stat()
    assert state.st_mtime_ns != OLD_NS
    assert stat.S_IMODE(state.st_mode) == 0o640


def test_extended_attributes_and_the_owner_stay(photo: Path) -> None:
    try:
        os.setxattr(photo, "user.tag", b"red")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    if os.geteuid() == 0:
        os.chown(photo, 1234, 4321)
    before = photo.stat()
    embed(photo, "A red barn")
    after = photo.stat()
    assert os.getxattr(photo, "user.tag") == b"red"
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


KILLED = """
import os, signal, sys
from pathlib import Path
from index.metadata.writing.write import embed

flush = os.fsync

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "rename":
    Path.replace = die
elif sys.argv[2] == "renamed":
    os.fsync = lambda file: die() if os.path.isdir(file) else flush(file)
else:
    setattr(os, sys.argv[2], die)
embed(Path(sys.argv[1]), "A red barn")
"""


@pytest.mark.parametrize("moment", ["ftruncate", "fsync", "rename", "renamed"])
def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new(photo: Path, moment: str) -> None:
    before = photo.read_bytes()
    plan = plan_embedding(photo, "A red barn")
    done = subprocess.run([sys.executable, "-c", KILLED, str(photo), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert photo.read_bytes() == (plan.content if moment == "renamed" else before)
    embed(photo, "A red barn")
    assert photo.read_bytes() == plan.content
    assert names(photo.parent) == ["a.jpg"]
    restore(plan.undo)
    assert photo.read_bytes() == before


def test_a_text_that_is_there_already_is_not_written_again(photo: Path) -> None:
    embed(photo, "A red barn")
    before = photo.stat()
    embed(photo, "A red barn")
    embed(photo, "", "")
    assert photo.stat() == before


def test_an_empty_text_leaves_what_is_there(photo: Path) -> None:
    embed(photo, "A red barn", "It stands in the snow.")
    embed(photo, "A barn", "")
    assert dict(texts_of(photo)[EXTENDED])["en"] == "It stands in the snow."


def test_a_link_stays_a_link_to_the_same_file(photo: Path) -> None:
    link = photo.with_name("link.jpg")
    link.symlink_to(photo.name)
    embed(link, "A red barn")
    assert link.is_symlink()
    assert alt_of(photo) == "A red barn"


def refused(photo: Path, reason: str) -> None:
    before = photo.read_bytes()
    with pytest.raises(TextNotWritten, match=reason) as told:
        embed(photo, "A red barn")
    assert str(photo) in str(told.value)
    assert photo.read_bytes() == before


def test_a_file_with_two_names_is_refused(photo: Path) -> None:
    photo.with_name("same.jpg").hardlink_to(photo)
    refused(photo, "2 names.*--write xmp")


def test_a_file_that_may_not_be_written_is_refused(photo: Path) -> None:
    photo.chmod(0o444)
    refused(photo, "may not be written")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(photo: Path) -> None:
    photo.parent.chmod(0o555)
    try:
        refused(photo, "permission denied")
    finally:
        photo.parent.chmod(0o755)


def test_a_file_that_another_process_is_writing_is_refused(photo: Path) -> None:
    with replacing._part_of(photo, 0o600):
        refused(photo, "another process")
    embed(photo, "A red barn")
    assert names(photo.parent) == ["a.jpg"]


def test_a_file_system_without_locks_or_hard_links_will_do(
    photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    monkeypatch.setattr(os, "link", unsupported)
    embed(photo, "A red barn")
    assert alt_of(write_sidecar(photo, "A red barn")) == alt_of(photo) == "A red barn"
    assert names(photo.parent) == ["a.jpg", "a.jpg.xmp"]


def test_a_file_that_is_too_large_is_refused(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MAX_BYTES", 1000)
    refused(photo, "over 0 MB")


def test_what_a_killed_process_left_is_used_again(photo: Path) -> None:
    with replacing._part_of(photo, 0o600) as (part, _):
        name = part.name
    photo.with_name(name).write_bytes(b"half a file" * 10_000)
    embed(photo, "A red barn")
    assert alt_of(photo) == "A red barn"
    assert names(photo.parent) == ["a.jpg"]


def test_a_photo_that_changed_since_the_plan_is_left_alone(photo: Path) -> None:
    plan = plan_embedding(photo, "A red barn")
    photo.write_bytes(jpeg())
    with pytest.raises(TextNotWritten, match="changed meanwhile"):
        carry_out(plan)
    assert photo.read_bytes() == jpeg()
    assert names(photo.parent) == ["a.jpg"]


def test_a_disk_that_is_full_leaves_the_photo_as_it_was(
    photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused(photo, "no space left")
    assert names(photo.parent) == ["a.jpg"]


def test_a_photo_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "b.jpg").symlink_to("gone.jpg")
    for write in (embed, write_sidecar):
        with pytest.raises(PathMissing):
            write(tmp_path / "a.jpg", "A red barn")
        with pytest.raises(TextNotWritten, match="link to nothing"):
            write(tmp_path / "b.jpg", "A red barn")
