"""What pairs of photos were found to be is remembered, and looked into no more than needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from drawn_scenes import cropped, scene, with_something_at

from index.build import build
from index.catalogue.catalogue import Catalogue
from index.duplicates import verdicts
from index.duplicates.copies import METHOD, are_copies
from index.duplicates.groups import find_duplicates
from index.duplicates.thumbnails import Thumbnails
from index.library import Library
from vlm.errors import LibraryFull
from vlm.fakes import ColourEmbedder

Names = set[frozenset[str]]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two copies, two photos that look alike and are none, and another."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in (1, 3):
        scene(seed).save(folder / f"{seed}.png")
    with_something_at(scene(2), 0.3, 0.4).save(folder / "here.png")
    with_something_at(scene(2), 0.4, 0.4).save(folder / "there.png")
    cropped(scene(1), 0.03, 0, 0.02, 0.04).save(folder / "1 cropped.png")
    return folder


@pytest.fixture
def library(tmp_path: Path, photos: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], ColourEmbedder(), workers=1)
        yield library


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The names of the photos of each pair that is laid on each other."""
    told: Names = set()
    compare = verdicts._compare

    def note(pairs: list[verdicts.Pair], thumbnails: Thumbnails) -> object:
        told.update(frozenset({one.path.name, other.path.name}) for one, other, _ in pairs)
        return compare(pairs, thumbnails)

    monkeypatch.setattr(verdicts, "_compare", note)
    return told


def near(library: Library) -> list[set[str]]:
    found = find_duplicates(library, ["near"], workers=1)
    return [{photo.path.name for photo in group.photos} for group in found.groups]


COPIES = {"1.png", "1 cropped.png"}


def test_a_second_search_compares_and_decodes_nothing(
    library: Library, compared: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert near(library) == [COPIES]
    assert {frozenset(COPIES), frozenset({"here.png", "there.png"})} <= compared
    compared.clear()
    monkeypatch.setattr("index.decoding.decode._Worker", None)
    with Library.open(library.folder) as again:
        assert near(again) == [COPIES]
    assert compared == set()


def test_a_new_photo_is_compared_with_its_own_candidates_only(
    library: Library, photos: Path, compared: Names
) -> None:
    near(library)
    compared.clear()
    cropped(scene(3), 0, 0.02, 0.03, 0).save(photos / "new.png")
    build(library, [photos], ColourEmbedder(), workers=1)
    assert sorted(map(sorted, near(library))) == [sorted(COPIES), ["3.png", "new.png"]]
    assert frozenset({"new.png", "3.png"}) in compared
    assert all("new.png" in pair for pair in compared)


def test_a_verdict_stays_with_contents_that_are_moved_and_copied(
    library: Library, photos: Path, compared: Names
) -> None:
    near(library)
    compared.clear()
    (photos / "1.png").rename(photos / "moved.png")
    shutil.copy(photos / "1 cropped.png", photos / "copy.png")
    build(library, [photos], ColourEmbedder(), workers=1)
    assert len(near(library)) == 1
    assert compared == set()


def test_another_method_compares_everything_again_and_forgets_what_was_said(
    library: Library, compared: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    near(library)
    before = set(compared)
    contents = list(library.catalogue.contents())
    pairs = [(one.hash, other.hash) for one in contents for other in contents]
    assert len(library.catalogue.compared(pairs, METHOD)) == 2 * len(before)
    compared.clear()
    monkeypatch.setattr(verdicts, "METHOD", METHOD + 1)
    assert near(library) == [COPIES]
    assert compared == before
    assert library.catalogue.compared(pairs, METHOD) == {}


@pytest.mark.parametrize("what", ["gone", "changed"])
def test_a_remembered_copy_that_is_not_there_any_more_is_told(
    library: Library, photos: Path, what: str
) -> None:
    near(library)
    if what == "gone":
        (photos / "1.png").unlink()
    else:
        scene(9).save(photos / "1.png")
    found = find_duplicates(library, ["near"], workers=1)
    assert found.groups == []
    ((path, reason),) = [(one.path.name, one.reason) for one in found.skipped]
    assert path == "1.png"
    assert reason.startswith("no such file" if what == "gone" else "changed since")


def test_what_cannot_be_stored_serves_all_the_same(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise LibraryFull(library.folder, "no space left on device")

    monkeypatch.setattr(Catalogue, "put_compared", full)
    assert near(library) == [COPIES]


def test_a_photo_that_cannot_be_read_gets_no_verdict(library: Library, photos: Path) -> None:
    away = photos.with_name("away.png")
    (photos / "1.png").rename(away)
    assert near(library) == []
    away.rename(photos / "1.png")
    assert near(library) == [COPIES]


def test_pairs_have_no_order(tmp_path: Path) -> None:
    a, b, c = b"a" * 32, b"b" * 32, b"c" * 32
    with closing(Catalogue(tmp_path, create=True)) as catalogue:
        catalogue.keep_apart([(b, a), (a, b), (c, c)])
        catalogue.keep_apart([(a, c)])
        assert catalogue.kept_apart() == {(a, b), (a, c)}
        catalogue.put_compared({(b, a): True, (c, a): False}, 1)
        catalogue.put_compared({(a, c): True}, 1)
        assert catalogue.compared([(a, b), (c, a), (b, c)], 1) == {(a, b): True, (c, a): True}


def test_what_is_plain_or_has_nothing_in_common_is_not_laid_on_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    side = 64
    monkeypatch.setattr("index.duplicates.copies.likeness", None)
    across = np.tile(np.linspace(0, 255, side), (side, 1))
    photos = np.stack([across, across.T, np.full((side, side), 128)] * 3)[..., None]
    pairs = np.array([0, 0, 2, 1]), np.array([1, 2, 2, 3])
    same = are_copies(np.repeat(photos.astype(np.uint8), 3, 3), *pairs, np.zeros(4, np.int64))
    assert same.tolist() == [False] * 4
