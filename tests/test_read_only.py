"""A library that may only be read is searched, and left exactly as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from drawn_photos import draw

from index.backup import back_up
from index.build import build
from index.care import check, forget_missing
from index.errors import LibraryReadOnly
from index.library import Library
from index.search.search import search_text
from vlm.errors import LibraryFull, LibraryMissing
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()
NOBODY = 65534


@pytest.fixture
def folder(photos: Path) -> Iterator[Path]:
    """A library in a place that any user can reach."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        with Library.open(Path(place) / "library", create=True) as library:
            build(library, [photos], FAKE, workers=1)
        yield Path(place) / "library"


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write away, also from root, who may write whatever the mode says."""
    files = list(folder.iterdir())
    root = os.geteuid() == 0
    for file in files:
        file.chmod(0o444)
    folder.chmod(0o555)
    if root:
        os.setresuid(NOBODY, NOBODY, 0)
    before = listing(folder)
    try:
        yield
        assert listing(folder) == before
    finally:
        if root:
            os.setresuid(0, 0, 0)
        folder.chmod(0o755)
        for file in files:
            file.chmod(0o644)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    states = {path.name: path.stat() for path in folder.iterdir()}
    return {name: (state.st_size, state.st_mtime_ns) for name, state in states.items()}


def red(folder: Path) -> tuple[object, ...]:
    with Library.open(folder) as library:
        return search_text(library, FAKE, "red").hits


@pytest.mark.parametrize("without", ["nothing", "faiss"])
def test_it_is_searched_and_nothing_is_written(
    folder: Path, without: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = red(folder)
    assert len(expected) == 3
    if without == "faiss":
        for file in folder.glob("vectors-*"):
            file.unlink()
    with read_only(folder):
        assert red(folder) == expected
        with Library.open(folder) as library:
            assert (library.count(), check(library).problems) == (3, ())
            assert len(library.catalogue.search_words("red")) == 1


def test_what_would_write_says_that_it_cannot(folder: Path, photos: Path) -> None:
    with read_only(folder), Library.open(folder) as library:
        for write in (lambda: build(library, [photos], FAKE), lambda: forget_missing(library)):
            with pytest.raises(LibraryFull, match="cannot write the library"):
                write()


def test_it_can_be_backed_up(folder: Path) -> None:
    file = folder.parent / "elsewhere" / "file"
    file.parent.mkdir()
    file.parent.chmod(0o777)
    with read_only(folder):
        assert back_up(folder, file) > 0


def left_by_a_killed_process(folder: Path, photos: Path) -> Path:
    """A copy of a library whose last changes are only in its journal."""
    copy = folder.parent / "copy"
    draw(photos / "more", 4)
    with Library.open(folder) as library:
        build(library, [photos], FAKE, workers=1)
        shutil.copytree(folder, copy)
    assert (copy / "catalogue.db-wal").stat().st_size > 0
    return copy


def test_changes_that_wait_in_the_journal_are_seen(folder: Path, photos: Path) -> None:
    copy = left_by_a_killed_process(folder, photos)
    with read_only(copy):
        assert len(red(copy)) == 7


def test_changes_that_cannot_be_read_are_told_and_not_left_out(folder: Path, photos: Path) -> None:
    copy = left_by_a_killed_process(folder, photos)
    (copy / "catalogue.db-shm").unlink()
    told = r"may only be read, and its last changes still wait in catalogue\.db-wal\. Copy the"
    with read_only(copy), pytest.raises(LibraryReadOnly, match=told):
        red(copy)
    assert len(red(copy)) == 7


def test_a_library_of_an_older_version_is_told_and_not_converted(folder: Path) -> None:
    with Library.open(folder) as library:
        library.catalogue._db.execute("PRAGMA user_version=1")
    with read_only(folder), pytest.raises(LibraryReadOnly, match="an older version of this prog"):
        red(folder)


def test_an_empty_catalogue_is_no_library(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    (folder / "catalogue.db").touch()
    with read_only(folder), pytest.raises(LibraryMissing):
        red(folder)
