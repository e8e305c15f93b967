"""Duplicates of a library: exact, near and bursts told apart, and what was said is remembered."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from drawn_scenes import cropped, scene, with_something_at
from PIL import Image

from index.build import build
from index.catalogue.catalogue import Catalogue
from index.duplicates.groups import Group, find_duplicates, keep_apart
from index.duplicates.tidying import move_copies
from index.duplicates.undoing import undo
from index.library import Library
from index.records import Progress, Skipped
from vlm.errors import (
    ImageUnreadable,
    LibraryBusy,
    LibraryFull,
    MoveRefused,
    PathMissing,
    SameContent,
)
from vlm.fakes import ColourEmbedder


def shot(image: Image.Image, path: Path, second: int) -> None:
    """Save with what a camera writes."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Maker 1"
    exif.get_ifd(0x8769)[0x9003] = f"2024:05:06 07:08:{second:02}"
    image.save(path, exif=exif, quality=95)


def draw_all(photos: Path) -> None:
    """Two exact copies, a near copy of them, a burst of two, and others."""
    photos.mkdir()
    first = scene(1)
    first.save(photos / "first.png")
    shutil.copy(photos / "first.png", photos / "first copy.png")
    os.utime(photos / "first.png", ns=(1, 10**18))
    cropped(first, 0.03, 0, 0.02, 0.04).transpose(Image.Transpose.ROTATE_90).save(
        photos / "first turned.jpg", quality=80
    )
    shot(with_something_at(scene(2), 0.3, 0.4), photos / "burst 1.jpg", 10)
    shot(with_something_at(scene(2), 0.4, 0.4), photos / "burst 2.jpg", 12)
    for seed in (3, 4, 5):
        shot(scene(seed), photos / f"other {seed}.jpg", seed * 10)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where photos and library are, which is always the same; what to copy there is beside it."""
    place = tmp_path_factory.mktemp("duplicates") / "place"
    place.mkdir()
    draw_all(place / "photos")
    with Library.open(place / "library", create=True) as library:
        report = build(library, [place / "photos"], ColourEmbedder(), workers=1)
        assert (report.added, report.skipped) == (8, [])
    shutil.copytree(place, place.with_name("made"))
    return place


@pytest.fixture
def folder(place: Path) -> Path:
    """The photos as they were drawn and indexed, whatever the last test did with them."""
    shutil.rmtree(place)
    shutil.copytree(place.with_name("made"), place)
    return place / "photos"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder.with_name("library")) as opened:
        yield opened


find = partial(find_duplicates, workers=1)


def told(groups: list[Group]) -> list[tuple[str, list[str], str]]:
    return [(g.kind, [photo.path.name for photo in g.photos], g.best.path.name) for g in groups]


EXACT = ("exact", ["first.png", "first copy.png"], "first.png")
NEAR = ("near", ["first.png", "first turned.jpg"], "first.png")
BURST = ("burst", ["burst 1.jpg", "burst 2.jpg"])


def test_the_three_kinds_are_told_apart(library: Library) -> None:
    found = find(library)
    assert found.skipped == []
    exact, near, burst = told(found.groups)
    assert (exact, near, burst[:2]) == (EXACT, NEAR, BURST)
    assert [len(group.redundant) for group in found.groups] == [1, 1, 0]
    assert [g.reason for g in found.groups] == ["oldest file", "most pixels (400x300)", "sharpest"]


def test_kinds_that_were_not_asked_for_are_left_out(library: Library) -> None:
    assert told(find(library, ["exact"]).groups) == [EXACT]
    assert told(find(library, ["near"]).groups) == [NEAR]
    (burst,) = told(find(library, ["burst"]).groups)
    assert burst[:2] == BURST


def test_photos_said_to_be_different_stay_so(library: Library, folder: Path) -> None:
    keep_apart(library, folder / "first turned.jpg", folder / "first copy.png")
    assert [group.kind for group in find(library).groups] == ["exact", "burst"]
    with Library.open(library.folder) as again:
        assert told(find(again, ["near"]).groups) == []


def test_only_two_different_photos_can_be_kept_apart(library: Library, folder: Path) -> None:
    with pytest.raises(SameContent, match="very same content"):
        keep_apart(library, folder / "first.png", folder / "first copy.png")
    with pytest.raises(PathMissing):
        keep_apart(library, folder / "first.png", folder / "none.png")
    with pytest.raises(ImageUnreadable, match="directory"):
        keep_apart(library, folder / "first.png", folder)


def test_hashes_that_an_older_library_lacks_are_made_once(library: Library) -> None:
    before = {content.path: content.dhash for content in library.catalogue.contents()}
    assert None not in before.values()
    with closing(sqlite3.connect(library.folder / "catalogue.db")) as db:
        db.execute("UPDATE photo SET dhash = NULL")
        db.commit()
    steps: list[Progress] = []
    found = find(library, on_progress=steps.append)
    assert [group.kind for group in found.groups] == ["exact", "near", "burst"]
    assert steps[0].total == len(before) - 1  # a content is decoded once
    assert {content.path: content.dhash for content in library.catalogue.contents()} == before


def test_hashes_that_cannot_be_stored_serve_all_the_same(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(library.folder / "catalogue.db")) as db:
        db.execute("UPDATE photo SET dhash = NULL")
        db.commit()

    def full(*_: object) -> None:
        raise LibraryFull(library.folder, "read-only file system")

    monkeypatch.setattr(Catalogue, "put_dhashes", full)
    assert told(find(library, ["near"]).groups) == [NEAR]


def test_a_photo_that_changed_or_went_is_told_and_not_compared(
    library: Library, folder: Path
) -> None:
    scene(9).save(folder / "first copy.png")
    (folder / "first turned.jpg").unlink()
    found = find(library)
    assert [group.kind for group in found.groups] == ["burst"]
    assert {one.path.name: one.reason for one in found.skipped} == {
        "first copy.png": "changed since it was indexed",
        "first turned.jpg": "no such file or directory",
    }


def test_two_names_of_one_file_are_no_copies(folder: Path, tmp_path: Path) -> None:
    for name in ("first copy.png", "first turned.jpg"):
        (folder / name).unlink()
    os.link(folder / "first.png", folder / "hard.png")
    (folder / "soft.png").symlink_to(folder / "first.png")
    with Library.open(tmp_path / "links", create=True) as library:
        assert build(library, [folder], ColourEmbedder(), workers=1).added == 8
        assert [group.kind for group in find(library).groups] == ["burst"]


def test_a_raw_file_and_its_jpeg_are_neither_copies_nor_a_burst(
    folder: Path, tmp_path: Path
) -> None:
    shot(scene(7), tmp_path / "photos.jpg", 5)
    for name in folder.iterdir():
        name.unlink()
    data = (tmp_path / "photos.jpg").read_bytes()
    (folder / "a.jpg").write_bytes(data)
    (folder / "a.dng").write_bytes(b"II*\0 what the sensor saw" + data)
    (folder / "b.dng").write_bytes(b"II*\0 the same, copied and edited" + data)
    with Library.open(tmp_path / "raw", create=True) as library:
        assert build(library, [folder], ColourEmbedder(), workers=1).added == 3
        ((kind, names, _),) = told(find(library).groups)
        assert (kind, sorted(names)) == ("near", ["a.dng", "b.dng"])


def test_without_vectors_near_copies_are_found_by_their_hashes(library: Library) -> None:
    with closing(sqlite3.connect(library.folder / "catalogue.db")) as db:
        db.execute("DELETE FROM vector")
        db.commit()
    assert told(find(library).groups) == [EXACT, NEAR]


def test_an_empty_library_has_no_duplicates(tmp_path: Path) -> None:
    with Library.open(tmp_path / "empty", create=True) as library:
        assert find(library).groups == []


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_copies_are_moved_and_one_photo_of_a_group_stays(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = move_copies(library, find(library).groups, tmp_path / "away")
    assert done.skipped == []
    assert names(folder) == before.keys() - {"first copy.png", "first turned.jpg"}
    assert done.undo_file is not None
    assert names(tmp_path / "away") == {
        "first copy.png",
        "first turned.jpg",
        done.undo_file.name,
    }
    assert library.count() == len(before) - 2
    assert [group.kind for group in find(library).groups] == ["burst"]
    assert all(not isinstance(back, Skipped) for back in undo(done.undo_file))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    build(library, [folder], ColourEmbedder(), workers=1)
    assert len(find(library).groups) == 3


def test_a_group_whose_best_photo_is_gone_keeps_its_copies(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    groups = find(library).groups
    (folder / "first.png").write_bytes(b"edited meanwhile")
    done = move_copies(library, groups, tmp_path / "away")
    assert done.moves == []
    assert all("was to stay" in one.reason for one in done.skipped)
    assert {"first copy.png", "first turned.jpg"} <= names(folder)


def test_nothing_is_made_where_there_is_nothing_to_move(library: Library, tmp_path: Path) -> None:
    bursts = find(library, ["burst"]).groups
    assert move_copies(library, bursts, tmp_path / "away").undo_file is None
    assert not (tmp_path / "away").exists()


def test_copies_that_are_in_the_folder_already_stay_there(library: Library, folder: Path) -> None:
    before = names(folder)
    done = move_copies(library, find(library).groups, folder)
    assert {one.reason for one in done.skipped} == {"is in that folder already"}
    assert done.undo_file is not None
    assert names(folder) - before == {done.undo_file.name}


def test_nothing_is_moved_while_another_process_indexes(library: Library, tmp_path: Path) -> None:
    groups = find(library).groups
    with Library.open(library.folder) as other, other.writing(), pytest.raises(LibraryBusy):
        move_copies(library, groups, tmp_path / "away")
    assert not (tmp_path / "away").exists()


def test_a_folder_that_cannot_be_made_is_told(library: Library, tmp_path: Path) -> None:
    (tmp_path / "away").write_text("a file")
    with pytest.raises(MoveRefused, match="file exists"):
        move_copies(library, find(library).groups, tmp_path / "away")
