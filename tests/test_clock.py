"""Clocks that are wrong, or go backwards between runs and during one, change nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest
from drawn_photos import draw
from PIL import Image

from index.build import build
from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Note
from index.duplicates.carrying import holds
from index.duplicates.moving import Mover
from index.library import Library
from index.records import Report
from index.scanning import changes
from index.scanning.exclusions import Rules
from index.scanning.scan import scan
from index.search.search import search_text
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()
YEAR = 365 * 24 * 3600 * 10**9


def indexed(library: Library, photos: Path) -> Report:
    return build(library, [photos], FAKE, workers=1)


def red(library: Library) -> dict[str, bool]:
    """Whether a photo was indexed as a red one, by its name."""
    hits = search_text(library, FAKE, "red", 100).hits
    return {hit.path.name: hit.score > 0.99 for hit in hits}


def save(path: Path, colour: str) -> None:
    Image.new("RGB", (64, 48), colour).save(path)


def set_back(path: Path, by: int = YEAR) -> None:
    now = path.stat().st_mtime_ns
    os.utime(path, ns=(now - by, now - by))


def test_a_file_that_changed_while_the_clock_was_behind_is_read_again(
    tmp_path: Path, photos: Path
) -> None:
    changed = photos / "a.bmp"
    save(changed, "grey")
    size = changed.stat().st_size
    with Library.open(tmp_path / "library", create=True) as library:
        indexed(library, photos)
        save(changed, "red")
        assert changed.stat().st_size == size  # nothing but the time tells that it changed
        set_back(changed)
        assert indexed(library, photos).updated == 1
        assert red(library)["a.bmp"]
        assert indexed(library, photos).unchanged == 4


@pytest.mark.parametrize("seconds", [-(2**31), -1, 0, 2**31, 2**32, 4 * 10**9, 2**33])
def test_any_time_of_a_file_is_stored_and_known_again(
    tmp_path: Path, photos: Path, seconds: int
) -> None:
    """From 1901, before 1970, and from a future that the clock has not reached."""
    for path in photos.rglob("*.*"):
        os.utime(path, ns=(seconds * 10**9 + 7,) * 2)
    with Library.open(tmp_path / "library", create=True) as library:
        assert indexed(library, photos).added == 3
        assert indexed(library, photos).unchanged == 3
        assert red(library) == {"red.png": True, "green.jpg": False, "blue.webp": False}
        (row,) = library.catalogue.photos([1]).values()
        assert row.taken_at is None or datetime.fromisoformat(row.taken_at)


def test_a_refused_file_that_got_better_while_the_clock_was_behind_is_read(
    tmp_path: Path, photos: Path
) -> None:
    bad = photos / "bad.bmp"
    save(bad, "red")
    size = bad.stat().st_size
    bad.write_bytes(b"x" * size)
    with Library.open(tmp_path / "library", create=True) as library:
        assert len(indexed(library, photos).skipped) == 1
        save(bad, "red")
        assert bad.stat().st_size == size
        set_back(bad)
        report = indexed(library, photos)
        assert (report.added, report.skipped) == (1, [])
        set_back(bad)  # and a time that went back once more is no reason to refuse it
        assert indexed(library, photos).skipped == []


@pytest.mark.parametrize("years", [-30, 30])
def test_files_of_vectors_are_told_stale_by_their_generation_not_by_their_age(
    tmp_path: Path, photos: Path, years: int
) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        indexed(library, photos)
    draw(photos / "more", 6)
    with Library.open(tmp_path / "library") as library:
        old = {path: path.read_bytes() for path in library.folder.glob("vectors-*.faiss")}
        indexed(library, photos)
        expected = search_text(library, FAKE, "red", 100).hits
    for path, data in old.items():
        path.write_bytes(data)
        path.with_suffix(".changes").unlink()
        set_back(path, -years * YEAR)
    set_back(tmp_path / "library" / "catalogue.db", years * YEAR)
    with Library.open(tmp_path / "library") as library:
        assert len(expected) == 9
        assert search_text(library, FAKE, "red", 100).hits == expected


def test_of_two_notes_the_later_is_said_whatever_the_clock_said_then(tmp_path: Path) -> None:
    with closing(Catalogue(tmp_path, create=True)) as catalogue:
        early = Note("alt", "A cat.", "model", "2026-05-05T10:00:00", "one")
        late = Note("alt", "A dog.", "model", "2026-05-05T09:00:00", "two")
        for note in (early, late):
            catalogue.put_note(b"1" * 32, note)
        assert catalogue.notes(b"1" * 32) == [late, early]
        again = Note("alt", "A wolf.", "model", "2020-01-01T00:00:00", "one")
        catalogue.put_note(b"1" * 32, again)
        assert catalogue.notes(b"1" * 32) == [again, late]


def test_a_clock_that_runs_backwards_during_a_run_changes_nothing_but_the_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look at the clock of the day is an hour earlier than the one before."""
    draw(tmp_path / "photos", 12)
    with Library.open(tmp_path / "expected", create=True) as library:
        indexed(library, tmp_path / "photos")
        expected = search_text(library, FAKE, "red", 100).hits
    looks = count()
    backwards: Callable[[], float] = lambda: 2e9 - 3600 * next(looks)  # noqa: E731
    monkeypatch.setattr(time, "time", backwards)
    monkeypatch.setattr(time, "time_ns", lambda: int(backwards() * 1e9))
    with Library.open(tmp_path / "library", create=True) as library:
        report = build(library, [tmp_path / "photos"], FAKE, workers=1, batch=3)
        assert (report.added, report.skipped, report.interrupted) == (12, [], False)
        assert report.seconds > 0
        assert search_text(library, FAKE, "red", 100).hits == expected
        assert indexed(library, tmp_path / "photos").unchanged == 12


def test_a_file_that_turns_older_while_it_is_read_is_read_again(
    tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody puts an older file in the place of one that was found a moment ago."""
    found = photos / "green.jpg"
    with Library.open(tmp_path / "library", create=True) as library:

        def then_replace(roots: Sequence[Path], rules: Rules | None) -> object:
            entries = list(scan(roots, rules))
            save(found, "red")
            set_back(found)
            return entries

        with monkeypatch.context() as patch:
            patch.setattr(changes, "scan", then_replace)
            indexed(library, photos)
        assert red(library)["green.jpg"]
        assert indexed(library, photos).unchanged == 3


def test_undo_files_of_one_second_and_of_an_earlier_one_do_not_meet(tmp_path: Path) -> None:
    """The name of an undo file is the time; the same time comes again when a clock is set back."""
    now = datetime(2026, 10, 25, 2, 30)
    moved = []
    for number, moment in enumerate((now, now, now - timedelta(hours=1), now)):
        photo = tmp_path / f"{number}.jpg"
        photo.write_bytes(bytes([number]) * 9)
        digest = sha256(photo.read_bytes()).digest()
        with Mover(tmp_path / "away", f"undo-{moment:%Y%m%d-%H%M%S}.jsonl") as mover:
            moved.append((mover.undo_file, mover.move(photo, digest), digest))
    assert len({file for file, *_ in moved}) == 4
    assert all(holds(target, digest) for _, target, digest in moved)
    assert all(len(file.read_bytes().splitlines()) == 1 for file, *_ in moved)
