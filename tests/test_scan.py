"""Finding photo files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.records import Skipped
from index.scanning.scan import Found, LeftOut, scan
from vlm.errors import FolderUnreadable, PathMissing


def touch(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(root: Path, *paths: Path) -> list[str]:
    entries = scan(paths or [root])
    return [str(e.path.relative_to(root)) for e in entries if not isinstance(e, LeftOut)]


def test_photos_are_found_by_suffix_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b.JPG", "a/z.heic", "a/y.txt", "a/b/c.png", "d.jpeg", "README", "e.mp3"):
        touch(tmp_path / name)
    assert names(tmp_path) == ["b.JPG", "d.jpeg", "a/z.heic", "a/b/c.png"]


def test_size_and_time_of_change_come_along(tmp_path: Path) -> None:
    path = touch(tmp_path / "a.jpg", "four")
    os.utime(path, ns=(1, 123456789))
    assert list(scan([tmp_path])) == [Found(str(path), 4, 123456789)]


def test_hidden_files_and_folders_are_left_out_unless_named(tmp_path: Path) -> None:
    for name in (".thumbs/a.jpg", "._b.jpg", "c.jpg"):
        touch(tmp_path / name)
    assert names(tmp_path) == ["c.jpg"]
    assert names(tmp_path, tmp_path / ".thumbs", tmp_path / "._b.jpg") == [
        "._b.jpg",
        ".thumbs/a.jpg",
    ]


def test_a_file_that_is_named_is_taken_whatever_its_suffix(tmp_path: Path) -> None:
    touch(tmp_path / "photo.dat")
    assert names(tmp_path) == []
    assert names(tmp_path, tmp_path / "photo.dat") == ["photo.dat"]


def test_nothing_is_found_twice(tmp_path: Path) -> None:
    touch(tmp_path / "a/b/c.jpg")
    paths = [tmp_path / "a/b/c.jpg", tmp_path / "a", tmp_path / "a/b", tmp_path / "a/../a"]
    assert names(tmp_path, *paths) == ["a/b/c.jpg"]


def test_a_loop_of_links_ends_and_real_names_win(tmp_path: Path) -> None:
    touch(tmp_path / "z/photo.jpg")
    (tmp_path / "a-link").symlink_to(tmp_path / "z")
    (tmp_path / "z/up").symlink_to(tmp_path)
    assert names(tmp_path) == ["z/photo.jpg"]


def test_a_linked_folder_outside_is_followed(tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere/photo.jpg")
    (tmp_path / "library").mkdir()
    (tmp_path / "library/link").symlink_to(tmp_path / "elsewhere")
    assert names(tmp_path, tmp_path / "library") == ["library/link/photo.jpg"]


def test_a_link_to_nowhere_or_to_itself_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.jpg").symlink_to(tmp_path / "self.jpg")
    (tmp_path / "no-photo").symlink_to(tmp_path / "nowhere")
    assert list(scan([tmp_path])) == [
        Skipped(tmp_path / "gone.jpg", "no such file or directory"),
        Skipped(tmp_path / "self.jpg", "too many levels of symbolic links"),
    ]


def test_a_pipe_called_jpg_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert list(scan([tmp_path])) == [Skipped(tmp_path / "pipe.jpg", "not a regular file")]


def test_a_name_in_no_encoding_is_found(tmp_path: Path) -> None:
    name = b"caf\xe9 \xff.jpg"
    try:
        (tmp_path / os.fsdecode(name)).write_text("x")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert [os.fsencode(entry.path.name) for entry in scan([tmp_path])] == [name]


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that cannot be listed; for the superuser, who can list all, the call refuses."""
    folder = tmp_path / "locked"
    touch(folder / "photo.jpg")
    folder.chmod(0)
    if os.geteuid() == 0:
        listing = os.scandir

        def refuse(path: Any) -> Iterator[os.DirEntry[str]]:
            if Path(path) == folder:
                raise PermissionError(13, "Permission denied", str(path))
            return listing(path)

        monkeypatch.setattr(os, "scandir", refuse)
    return folder


def test_a_folder_that_may_not_be_listed_is_a_line(locked: Path) -> None:
    touch(locked.parent / "other.jpg")
    try:
        assert list(scan([locked.parent]))[1:] == [
            Skipped(locked, "folder cannot be read (permission denied)")
        ]
    finally:
        locked.chmod(0o700)


def test_a_folder_that_was_asked_for_and_may_not_be_listed_is_an_error(locked: Path) -> None:
    try:
        with pytest.raises(FolderUnreadable, match=r"locked: .*\(permission denied\)"):
            scan([locked])
    finally:
        locked.chmod(0o700)


def test_a_path_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    touch(tmp_path / "file.jpg")
    for path in (tmp_path / "nowhere", tmp_path / "file.jpg/below"):
        with pytest.raises(PathMissing, match="no such file or folder"):
            scan([tmp_path, path])
