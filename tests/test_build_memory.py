"""What one run of indexing remembers for the next: refusals, disks, sidecars, facts, models."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from drawn_photos import draw
from PIL.Image import Image

from index.build import build
from index.library import Library
from index.records import Progress, Report
from index.search.search import search_text
from vlm.errors import NoPhotos
from vlm.fakes import ColourEmbedder
from vlm.protocols import Vectors

FAKE = ColourEmbedder()


class Successor(ColourEmbedder):
    """A newer model of the same name, that turns all colours around; Ctrl-C in the third batch."""

    fingerprint = "fake-2"
    batches = 0

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        self.batches += 1
        if self.batches == 3:
            raise KeyboardInterrupt
        return super().embed_images(images)[:, ::-1].copy()

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return super().embed_texts(texts)[:, ::-1].copy()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as library:
        yield library


@pytest.fixture
def nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """From now on any attempt to start a decoder fails."""
    monkeypatch.setattr("index.decoding.decode._Worker", None)
    return monkeypatch


def run(library: Library, *paths: Path, model: ColourEmbedder = FAKE) -> Report:
    return build(library, paths, model, workers=1)


def reasons(report: Report) -> dict[str, str]:
    return {skipped.path.name: skipped.reason for skipped in report.skipped}


def names(library: Library, model: ColourEmbedder = FAKE) -> list[str]:
    return [hit.path.name for hit in search_text(library, model, "red", 100).hits]


def test_a_refused_file_is_told_again_without_reading_it(
    library: Library, photos: Path, request: pytest.FixtureRequest
) -> None:
    (photos / "note.jpg").write_text("no photo")
    first = reasons(run(library, photos))
    request.getfixturevalue("nothing_is_read")
    again = run(library, photos)
    assert (set(first), reasons(again), again.unchanged) == ({"note.jpg"}, first, 3)


def test_a_refused_file_that_becomes_a_photo_is_indexed(library: Library, photos: Path) -> None:
    (photos / "note.jpg").write_text("no photo")
    run(library, photos)
    shutil.copy(photos / "green.jpg", photos / "note.jpg")
    report = run(library, photos)
    assert (report.added, report.skipped) == (1, [])
    assert library.catalogue.refused("anything") == {}
    assert "note.jpg" in names(library)


@pytest.mark.parametrize("why", ["named", "limit"])
def test_a_refused_file_is_tried_again_where_that_may_help(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setenv("VLM_MAX_MEGAPIXELS", "0.001")
    assert set(reasons(run(library, photos))) == {"red.png", "green.jpg", "blue.webp"}
    if why == "limit":
        monkeypatch.delenv("VLM_MAX_MEGAPIXELS")
        assert run(library, photos).added == 3
    else:
        tried: list[Progress] = []
        build(library, [photos / "red.png"], FAKE, workers=1, on_progress=tried.append)
        assert tried[0].done == 0  # it is to be read
        tried.clear()
        build(library, [photos], FAKE, workers=1, on_progress=tried.append)
        assert tried[0].done == 3


def test_refusals_of_files_that_are_gone_are_forgotten(library: Library, photos: Path) -> None:
    (photos / "note.jpg").write_text("no photo")
    run(library, photos)
    (photos / "note.jpg").unlink()
    run(library, photos)
    assert library.catalogue._rows("SELECT count(*) FROM refused") == [(0,)]


@pytest.fixture
def disk(photos: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a photo, that is a mount point as long as it holds the file ``plugged``."""
    disk = photos / "usb"
    draw(disk / "trip", 2)
    (disk / "plugged").touch()
    is_mount = os.path.ismount

    def ismount(path: bytes) -> bool:
        mine = os.fsdecode(path) == str(disk)
        return (disk / "plugged").exists() if mine else is_mount(path)

    stat = os.stat

    def on_its_own_device(path: object, **options: object) -> object:
        state = stat(path, **options)  # type: ignore[call-overload]
        if isinstance(path, bytes) and os.fsdecode(path).startswith(str(disk)):
            return os.stat_result((*state[:2], state.st_dev + 1, *state[3:]))
        return state

    monkeypatch.setattr(os.path, "ismount", ismount)
    monkeypatch.setattr(os, "stat", on_its_own_device)
    return disk


@pytest.mark.parametrize(
    ("left", "asked"), [("empty", "all"), ("nothing", "all"), ("empty", "disk")]
)
def test_photos_on_a_disk_that_is_unplugged_are_kept(
    library: Library, photos: Path, disk: Path, left: str, asked: str
) -> None:
    assert run(library, photos).added == 5
    away = photos.parent / "elsewhere"
    disk.rename(away)
    if left == "empty":
        disk.mkdir()
    report = run(library, photos if asked == "all" else disk)
    assert (report.missing, library.count()) == (0, 5)
    assert reasons(report) == {"usb": "not connected; what is known of 2 photos on it is kept"}
    if left == "empty":
        disk.rmdir()
    away.rename(disk)
    assert (run(library, photos).unchanged, library.count()) == (5, 5)


def test_photos_deleted_from_a_disk_that_is_plugged_in_are_missing(
    library: Library, photos: Path, disk: Path
) -> None:
    run(library, photos)
    shutil.rmtree(disk / "trip")
    assert (run(library, photos).missing, library.count()) == (2, 3)


def test_photos_of_a_disk_whose_folder_holds_other_things_now_are_missing(
    library: Library, photos: Path, disk: Path
) -> None:
    run(library, photos)
    shutil.rmtree(disk)
    draw(disk, 1, seed=9)  # somebody uses the folder without the disk
    assert (run(library, photos).missing, library.count()) == (2, 4)


def test_a_folder_with_nothing_known_is_not_taken_for_an_unplugged_disk(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoPhotos):
        run(library, tmp_path / "empty")


def test_a_sidecar_that_changes_is_read_and_nothing_is_embedded(
    library: Library, photos: Path, request: pytest.FixtureRequest
) -> None:
    class Unwilling(ColourEmbedder):
        def embed_images(self, images: Sequence[Image]) -> Vectors:
            raise AssertionError("embedded again")

    run(library, photos)
    sidecar = photos / "red.png.xmp"
    sidecar.write_text("<x/>")

    def stored() -> int:
        sql = "SELECT sidecar_ns FROM photo WHERE path = ?"
        ((changed,),) = library.catalogue._rows(sql, (os.fsencode(photos / "red.png"),))
        return int(changed)

    assert stored() == 0
    for _ in ("new", "changed", "deleted"):
        assert run(library, photos, model=Unwilling()).unchanged == 3
        assert stored() == (sidecar.stat().st_mtime_ns if sidecar.exists() else 0)
        if sidecar.exists() and sidecar.stat().st_mtime_ns != 5:
            os.utime(sidecar, ns=(5, 5))  # a clock that went backwards is a change too
        else:
            sidecar.unlink(missing_ok=True)
    request.getfixturevalue("nothing_is_read")
    assert run(library, photos).unchanged == 3


def test_a_copy_takes_no_facts_from_the_name_or_the_sidecar_of_the_first(
    library: Library, photos: Path
) -> None:
    first, second = photos / "IMG_20220102_030405.png", photos / "IMG_20230504_101112.png"
    (photos / "red.png").rename(first)
    run(library, photos)
    shutil.copy(first, second)
    run(library, photos)
    taken = {photo.path: photo.taken_at for photo in library.catalogue.filterable()}
    assert taken[str(first)] == "2022-01-02T03:04:05"
    assert taken[str(second)] == "2023-05-04T10:11:12"


def test_facts_that_are_read_in_a_new_way_are_read_again(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(library, photos)
    with library.catalogue.transaction():
        library.catalogue._db.execute("UPDATE photo SET facts_version = 0, width = 1, dhash = 7")
    assert run(library, photos).unchanged == 3
    contents = list(library.catalogue.contents())
    assert {content.width for content in contents} == {64}
    assert 7 not in {content.dhash for content in contents}


def test_a_new_model_leaves_the_old_vectors_until_its_own_are_complete(
    library: Library, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    draw(photos, 12)
    run(library, photos)
    expected = search_text(library, FAKE, "red", 100).hits
    new = Successor()

    report = build(library, [photos], new, workers=1, batch=2)
    assert (report.interrupted, 0 < report.added < 12) == (True, True)
    assert search_text(library, FAKE, "red", 100).hits == expected
    run(library, photos, model=new)
    assert search_text(library, FAKE, "red", 100).hits == expected
    assert sorted(names(library, new)) == sorted(names(library))
