"""A library in one file, and back: whole, in one step, and never over something by accident."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from drawn_photos import draw

from index.backup import back_up, restore
from index.build import build
from index.catalogue.records import Note
from index.errors import BackupFailed, BackupInvalid, LibraryInTheWay
from index.library import Library
from index.search.search import search_text
from vlm.errors import LibraryBusy, LibraryDamaged, LibraryMissing, LibraryNewer, PathMissing
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()
NOTE = Note("caption", "A red square", "human", "2026-01-02T03:04:05")


@pytest.fixture
def folder(tmp_path: Path, photos: Path) -> Path:
    """A library of three photos, one of which has a note."""
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], FAKE, workers=1)
        (red, *_) = (c for c in library.catalogue.contents() if c.path.name == "red.png")
        library.catalogue.put_note(red.hash, NOTE)
    return tmp_path / "library"


def held(folder: Path) -> tuple[object, ...]:
    with Library.open(folder) as library:
        (red, *_) = (c for c in library.catalogue.contents() if c.path.name == "red.png")
        hits = search_text(library, FAKE, "red").hits
        return hits, library.catalogue.notes(red.hash), library.catalogue.search_words("square")


def only(folder: Path, *names: str) -> bool:
    return sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_a_library_comes_back_whole(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    file = tmp_path / "disk" / "photos.backup"
    assert back_up(folder, file) == file.stat().st_size
    assert only(tmp_path / "disk", "photos.backup")
    expected = held(folder)
    shutil.rmtree(folder)
    assert restore(file, folder) == 3
    assert held(folder) == expected
    assert only(tmp_path / "disk", "photos.backup")
    assert {path.name for path in folder.iterdir()} >= {"catalogue.db", "vectors-fake-1.faiss"}
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    with closing(sqlite3.connect(folder / "catalogue.db")) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_backup_holds_what_only_the_journal_has_yet(folder: Path, tmp_path: Path) -> None:
    draw(tmp_path / "more", 4)
    with Library.open(folder) as library:
        build(library, [tmp_path / "more"], FAKE, workers=1)
        assert (folder / "catalogue.db-wal").stat().st_size > 0
        back_up(folder, tmp_path / "file")
        with library.writing():  # nor does a process that indexes stand in the way
            back_up(folder, tmp_path / "again")
    for name in ("file", "again"):
        assert restore(tmp_path / name, tmp_path / f"from-{name}") == 7


def test_neither_a_file_nor_a_library_is_replaced_unless_told_to(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(LibraryInTheWay, match=r"file: this exists and is kept\..*--force"):
        back_up(folder, file)
    assert file.read_text() == "mine"
    back_up(folder, file, force=True)
    with pytest.raises(LibraryInTheWay, match="library: this exists and is kept"):
        restore(file, folder)


def test_restoring_over_a_library_reaches_those_that_search_it(
    folder: Path, tmp_path: Path
) -> None:
    back_up(folder, tmp_path / "file")
    draw(tmp_path / "more", 4)
    with Library.open(folder) as searching:
        build(searching, [tmp_path / "more"], FAKE, workers=1)
        assert len(search_text(searching, FAKE, "red", 100).hits) == 7
        assert restore(tmp_path / "file", folder, force=True) == 3
        assert searching.count() == 3
    assert len(held(folder)[0]) == 3  # type: ignore[arg-type]
    assert not list(folder.glob(".catalogue*"))


def test_vectors_of_another_history_are_never_taken_for_those_of_a_restored_library(
    folder: Path, tmp_path: Path
) -> None:
    """Both histories end at the same generation, with other photos."""
    back_up(folder, tmp_path / "file")
    draw(tmp_path / "one", 1, seed=1)
    draw(tmp_path / "two", 1, seed=2)
    with Library.open(folder) as library:
        build(library, [tmp_path / "one"], FAKE, workers=1)
        generation = library.catalogue.models()[0].generation
    kept = (folder / "vectors-fake-1.faiss").read_bytes()
    restore(tmp_path / "file", folder, force=True)
    with Library.open(folder) as library:
        build(library, [tmp_path / "two"], FAKE, workers=1)
        assert library.catalogue.models()[0].generation == generation
        expected = search_text(library, FAKE, "red", 100).hits
    (folder / "vectors-fake-1.faiss").write_bytes(kept)
    with Library.open(folder) as library:
        assert search_text(library, FAKE, "red", 100).hits == expected


@pytest.mark.parametrize("damage", ["garbage", "middle", "other"])
def test_a_damaged_library_is_set_aside_for_its_backup(
    folder: Path, tmp_path: Path, damage: str
) -> None:
    back_up(folder, tmp_path / "file")
    expected = held(folder)
    target = folder / "catalogue.db"
    if damage == "garbage":
        target.write_bytes(b"no database at all " * 999)
    elif damage == "middle":
        data = bytearray(target.read_bytes())
        data[4096:-4096] = b"\xa5" * (len(data) - 8192)
        target.write_bytes(data)
    else:
        target.unlink()
        with closing(sqlite3.connect(target)) as db:
            db.execute("CREATE TABLE song (title)")
    before = target.read_bytes()
    restore(tmp_path / "file", folder, force=True)
    assert held(folder) == expected
    assert (folder / "catalogue.db.damaged").read_bytes() == before


@pytest.mark.parametrize("damage", ["text", "empty", "cut", "flipped", "foreign"])
def test_what_is_no_whole_backup_is_not_restored(folder: Path, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "file"
    back_up(folder, file)
    data = file.read_bytes()
    if damage == "text":
        file.write_text("Dear diary, " * 999)
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        file.write_bytes(data[:8192] + b"\xa5" * 4096 + data[12288:])
    else:
        file.unlink()
        with closing(sqlite3.connect(file)) as db:
            db.execute("CREATE TABLE song (title)")
    with pytest.raises(BackupInvalid, match=r"not a backup that can be restored \("):
        restore(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    expected = held(folder)
    with pytest.raises(BackupInvalid):
        restore(file, folder, force=True)
    assert held(folder) == expected


def test_a_backup_that_is_not_there_or_of_a_newer_program_is_told(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(PathMissing):
        restore(tmp_path / "nowhere", tmp_path / "new")
    back_up(folder, tmp_path / "file")
    with closing(sqlite3.connect(tmp_path / "file")) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(LibraryNewer):
        restore(tmp_path / "file", tmp_path / "new")
    with pytest.raises(LibraryMissing):
        back_up(tmp_path / "nowhere", tmp_path / "other")


def test_a_damaged_library_is_not_backed_up_as_if_it_were_whole(
    folder: Path, tmp_path: Path
) -> None:
    path = folder / "catalogue.db"
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\xa5" * (len(data) - 12288)
    path.write_bytes(data)
    with pytest.raises(LibraryDamaged):
        back_up(folder, tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with (
            Library.open(folder),
            pytest.raises(BackupFailed, match="Nothing was left behind"),
        ):
            back_up(folder, tmp_path / "disk" / "file")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert only(tmp_path / "disk")
    with pytest.raises(BackupFailed):
        back_up(folder, tmp_path / "nowhere" / "file")


def test_a_library_that_is_being_indexed_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "file")
    with (
        Library.open(folder) as library,
        library.writing(),
        pytest.raises(LibraryBusy),
    ):
        restore(tmp_path / "file", folder, force=True)


def test_what_a_killed_process_left_is_cleared_away(folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "file")
    for ending in ("", "-journal"):
        (folder / f".catalogue.db-x.tmp{ending}").touch()
    restore(tmp_path / "file", folder, force=True)
    assert not list(folder.glob(".*"))


def test_a_restored_library_reads_unchanged_files_no_more(
    folder: Path, tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(folder, tmp_path / "file")
    restore(tmp_path / "file", tmp_path / "new")
    monkeypatch.setattr("index.decoding.decode._Worker", None)
    with Library.open(tmp_path / "new") as library:
        assert build(library, [photos], FAKE).unchanged == 3
