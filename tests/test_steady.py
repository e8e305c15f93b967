"""Files that change, vanish or turn into something else while they are read."""

from __future__ import annotations

import os
from hashlib import sha256
from io import BufferedReader
from pathlib import Path

import pytest

from index.decoding.decode import Decoder
from index.decoding.steady import FileUnread, read_steadily
from vlm.protocols import ImageInput


def whole(file: BufferedReader) -> tuple[bytes, bytes]:
    data = file.read()
    return sha256(data).digest(), data


def test_state_and_data_are_of_the_same_moment(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"abc")
    os.utime(path, ns=(1, 123456789))
    state, data = read_steadily(path, whole)
    assert (state.path, state.hash, data) == (path, sha256(b"abc").digest(), b"abc")
    assert (state.size, state.mtime_ns) == (3, 123456789)


def test_a_file_that_grows_while_it_is_read_is_read_again_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"half")
    seen = []

    def read(file: BufferedReader) -> tuple[bytes, bytes]:
        found = whole(file)
        seen.append(found[1])
        if len(seen) == 1:
            path.write_bytes(b"half and half")
        return found

    state, data = read_steadily(path, read)
    assert seen == [b"half", b"half and half"]
    assert (data, state.size, state.hash) == (b"half and half", 13, sha256(data).digest())


def test_a_file_that_never_holds_still_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")

    def read(file: BufferedReader) -> tuple[bytes, bytes]:
        found = whole(file)
        with path.open("ab") as other:
            other.write(b"x")
        return found

    with pytest.raises(FileUnread, match="it changes while it is read; index it again once"):
        read_steadily(path, read)


def test_a_file_that_is_overwritten_in_place_is_noticed_by_its_time(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"old")
    times = iter([100, 200])

    def read(file: BufferedReader) -> tuple[bytes, bytes]:
        found = whole(file)
        os.utime(path, ns=(0, next(times)))
        return found

    with pytest.raises(FileUnread, match="changes while it is read"):
        read_steadily(path, read)


def test_a_file_that_is_renamed_or_deleted_meanwhile_is_the_one_that_was_opened(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"still here")

    def read(file: BufferedReader) -> tuple[bytes, bytes]:
        path.unlink(missing_ok=True)
        return whole(file)

    assert read_steadily(path, read)[1] == b"still here"


@pytest.mark.parametrize("job", ["submit", "hash"])
def test_a_pipe_that_took_the_place_of_a_photo_is_not_waited_for(tmp_path: Path, job: str) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    with (
        Decoder(ImageInput(8, "squash"), 1) as decoder,
        pytest.raises(FileUnread, match="not a regular file"),
    ):
        getattr(decoder, job)(tmp_path / "a.jpg").result()


@pytest.mark.parametrize("job", ["submit", "hash"])
def test_a_folder_that_took_the_place_of_a_photo_is_a_line(tmp_path: Path, job: str) -> None:
    (tmp_path / "a.jpg").mkdir()
    with (
        Decoder(ImageInput(8, "squash"), 1) as decoder,
        pytest.raises(FileUnread, match=r"is a directory|not a regular file"),
    ):
        getattr(decoder, job)(tmp_path / "a.jpg").result()
