"""Killed, interrupted, full, busy and damaged: nothing that was stored is lost."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from drawn_photos import draw

from index.build import build
from index.catalogue.catalogue import Catalogue
from index.library import Library
from index.records import Progress
from index.search.search import search_text
from index.vectors import store
from vlm.errors import LibraryBusy, LibraryDamaged, LibraryFull, LibraryMissing
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()

INDEXING = """
import sys, time
from pathlib import Path
from index.build import build
from index.library import Library
from vlm.fakes import ColourEmbedder

class Slow(ColourEmbedder):
    def embed_images(self, images):
        time.sleep(0.1)
        return super().embed_images(images)

with Library.open(Path(sys.argv[1]), create=True) as library:
    report = build(library, [Path(sys.argv[2])], Slow(), workers=1, batch=2)
print(report.added, report.interrupted)
"""


def start(library: Path, photos: Path) -> subprocess.Popen[str]:
    root = Path(__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", INDEXING, str(library), str(photos)],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def stored(library: Path) -> int:
    try:
        with Library.open(library) as opened:
            return opened.count()
    except LibraryMissing:  # the process has not come that far
        return 0


def wait_for(library: Path, number: int, process: subprocess.Popen[str]) -> None:
    while stored(library) < number and process.poll() is None:
        time.sleep(0.01)


def rows(library: Path) -> list[tuple[object, ...]]:
    """Everything the catalogue says of photos and vectors, but for the numbers of the rows."""
    columns = "path, photo.hash, size, mtime_ns, format, width, height, missing, value, name"
    tables = "photo JOIN vector USING (hash) JOIN model ON model.id = model_id"
    with closing(sqlite3.connect(library / "catalogue.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return db.execute(f"SELECT {columns} FROM {tables} ORDER BY path").fetchall()


def test_killed_at_any_point_it_continues_and_ends_the_same(tmp_path: Path) -> None:
    photos, killed, whole = tmp_path / "photos", tmp_path / "killed", tmp_path / "whole"
    draw(photos, 40)
    before = 0
    for goal in (1, 9, 23):
        with start(killed, photos) as process:
            wait_for(killed, goal, process)
            process.kill()
        if (killed / "catalogue.db").exists():
            now = stored(killed)
            assert now >= before
            before = now
    assert 23 <= before < 40
    with start(killed, photos) as process:
        out, _ = process.communicate()
    assert out == f"{40 - before} False\n"
    with Library.open(whole, create=True) as library:
        build(library, [photos], FAKE, workers=1)
        expected = search_text(library, FAKE, "red", 40).hits
    assert rows(killed) == rows(whole)
    with Library.open(killed) as library:
        assert search_text(library, FAKE, "red", 40).hits == expected


def test_a_library_that_another_process_is_making_is_no_damaged_one(tmp_path: Path) -> None:
    """What is read of a file that is being made is as it was at one moment."""
    for number in range(8):
        folder = tmp_path / str(number)
        make = f"Catalogue(Path({str(folder)!r}), create=True)"
        program = (
            f"from pathlib import Path; from index.catalogue.catalogue import Catalogue; {make}"
        )
        with subprocess.Popen([sys.executable, "-c", program]) as maker:
            while maker.poll() is None:
                with suppress(LibraryMissing):
                    Catalogue(folder).close()
        assert maker.returncode == 0


def test_ctrl_c_reaches_all_processes_and_leaves_a_good_library(tmp_path: Path) -> None:
    photos, folder = tmp_path / "photos", tmp_path / "library"
    draw(photos, 40)
    with start(folder, photos) as process:
        wait_for(folder, 4, process)
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate()
    added, interrupted = out.split()
    assert (process.returncode, interrupted) == (0, "True")
    assert 4 <= int(added) < 40
    assert len(rows(folder)) == int(added)
    with Library.open(folder) as library:
        assert build(library, [photos], FAKE, workers=1).added == 40 - int(added)


def test_an_interrupted_run_stores_what_is_decoded_and_marks_nothing_missing(
    tmp_path: Path,
) -> None:
    photos = tmp_path / "photos"
    draw(photos, 12)
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], FAKE, workers=1)
        draw(photos, 30, seed=1, side=40)
        (photos / "photo-0000.jpg").unlink()

        pressed: list[Progress] = []

        def interrupt(progress: Progress) -> None:
            if 0 < progress.done < progress.total and not pressed:
                pressed.append(progress)
                raise KeyboardInterrupt

        report = build(library, [photos], FAKE, workers=1, batch=5, on_progress=interrupt)
        assert (report.interrupted, report.missing) == (True, 0)
        assert 0 < report.added + report.updated < 29
        report = build(library, [photos], FAKE, workers=1)
        assert (report.interrupted, report.missing, library.count()) == (False, 1, 29)


def test_what_a_killed_process_left_half_written_is_cleared_away(
    tmp_path: Path, photos: Path
) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        left = library.folder / ".vectors-x.tmp"
        left.touch()
        build(library, [photos], FAKE, workers=1)
        assert not left.exists()


def test_two_cannot_index_at_once_but_anyone_can_search(tmp_path: Path, photos: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], FAKE, workers=1)
        with library.writing():
            with (
                Library.open(tmp_path / "library") as other,
                pytest.raises(LibraryBusy, match="another process is indexing"),
            ):
                build(other, [photos], FAKE)
            assert len(search_text(library, FAKE, "red").hits) == 3
        assert build(library, [photos], FAKE).unchanged == 3


@contextmanager
def disk_of(number: int) -> Iterator[None]:
    """Let no file of this process grow beyond a number of bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_and_what_was_stored_stays(tmp_path: Path, photos: Path) -> None:
    folder = tmp_path / "library"
    with Library.open(folder, create=True) as library:
        build(library, [photos], FAKE, workers=1)
    many = tmp_path / "many"
    draw(many, 60)
    size = (folder / "catalogue.db").stat().st_size
    with (
        Library.open(folder) as library,
        disk_of(size + 4096),
        pytest.raises(LibraryFull, match=r"cannot write the library.*Free some space"),
    ):
        build(library, [many], FAKE, workers=1, batch=4)
    before = len(rows(folder))
    assert before >= 3
    with Library.open(folder) as library:
        report = build(library, [many, photos], FAKE, workers=1)
        assert (report.added, report.unchanged) == (63 - before, before)


@pytest.mark.parametrize("pages", range(12))
def test_a_disk_that_fills_while_a_library_is_made_is_told(tmp_path: Path, pages: int) -> None:
    """SQLite takes some statements back itself, and then there is no transaction to end."""
    with disk_of(pages * 4096), suppress(LibraryFull):
        Library.open(tmp_path / "library", create=True).close()
    with Library.open(tmp_path / "library", create=True) as library:
        assert library.count() == 0


def test_a_folder_that_may_not_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LibraryFull, match="Read-only file system"):
        Library.open(tmp_path / "library", create=True)


def test_a_search_needs_no_room_on_the_disk(tmp_path: Path, photos: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], FAKE, workers=1)
        expected = search_text(library, FAKE, "red").hits
    for file in (tmp_path / "library").glob("*.faiss"):
        file.unlink()
    with Library.open(tmp_path / "library") as library, disk_of(0):
        assert search_text(library, FAKE, "red").hits == expected


@pytest.mark.parametrize("damage", ["garbage", "cut", "middle"])
def test_a_damaged_catalogue_is_told_and_never_deleted(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "library"
    draw(tmp_path / "photos", 60)
    with Library.open(folder, create=True) as library:
        build(library, [tmp_path / "photos"], FAKE, workers=1)
    path = folder / "catalogue.db"
    data = bytearray(path.read_bytes())
    if damage == "garbage":
        data[:] = b"not a database at all " * 500
    elif damage == "cut":
        del data[4096 * 2 + 100 :]
    else:
        data[4096:-4096] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)
    for file in folder.glob("*.faiss"):
        file.unlink()
    for create in (False, True):
        with (
            pytest.raises(LibraryDamaged, match=r"catalogue\.db: the catalogue is damaged"),
            Library.open(folder, create=create) as library,
        ):
            search_text(library, FAKE, "red")
    assert path.read_bytes() == data


@pytest.mark.parametrize("damage", ["gone", "empty", "garbage", "flipped", "folder", "older"])
def test_a_damaged_faiss_file_is_made_again(tmp_path: Path, photos: Path, damage: str) -> None:
    folder = tmp_path / "library"
    with Library.open(folder, create=True) as library:
        build(library, [photos], FAKE, workers=1)
        expected = search_text(library, FAKE, "red").hits
    path = folder / store.file_name(FAKE.fingerprint)
    good = path.read_bytes()
    path.unlink()
    if damage == "empty":
        path.touch()
    elif damage == "garbage":
        path.write_bytes(b"IxMp" + b"\xff" * 4000)
    elif damage == "flipped":
        path.write_bytes(good[:80] + bytes([good[80] ^ 1]) + good[81:])
    elif damage == "folder":
        path.mkdir()
    elif damage == "older":
        with Library.open(tmp_path / "other", create=True) as other:
            build(other, [photos / "sub"], FAKE, workers=1)
        path.write_bytes((tmp_path / "other" / path.name).read_bytes())
    with Library.open(folder) as library:
        assert search_text(library, FAKE, "red").hits == expected
    if damage != "folder":
        assert path.read_bytes() == good
    assert list(folder.glob(".vectors-*")) == []
