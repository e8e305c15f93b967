"""Building a library: what a run reports, and what the next one has to do."""

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
from index.records import Progress, Report, Skipped
from index.search.search import search_text
from vlm.errors import NoPhotos, PathMissing
from vlm.fakes import ColourEmbedder
from vlm.protocols import Vectors


class CountingEmbedder(ColourEmbedder):
    """Counts the photos that it embeds."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.fingerprint = f"{name}-1"
        self.embedded = 0

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        self.embedded += len(images)
        return super().embed_images(images)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as library:
        yield library


def counts(report: Report) -> dict[str, int]:
    names = ("added", "updated", "moved", "unchanged", "missing")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def found(library: Library, query: str = "red", k: int = 100) -> set[str]:
    result = search_text(library, ColourEmbedder(), query, k)
    return {hit.path.name for hit in result.hits}


def test_a_first_run_adds_and_a_second_reads_nothing(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = CountingEmbedder()
    report = build(library, [photos], embedder, workers=1)
    assert (counts(report), report.skipped, report.interrupted) == ({"added": 3}, [], False)
    assert report.seconds > 0 and report.photos_per_second > 0
    assert set(report.stages) == {"scan", "decode", "embed", "store"}
    monkeypatch.setattr("index.decoding.decode._Worker", None)  # none may be started
    assert counts(build(library, [photos], embedder)) == {"unchanged": 3}
    assert (embedder.embedded, library.count(), dict(library.models())) == (3, 3, {"fake": 3})


def test_files_that_are_no_photos_are_a_line_each(library: Library, photos: Path) -> None:
    (photos / "note.jpg").write_text("no photo")
    (photos / "zero.png").touch()
    whole = (photos / "green.jpg").read_bytes()
    (photos / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        report = build(library, [photos], ColourEmbedder(), workers=2)
        reasons = {skipped.path.name: skipped.reason for skipped in report.skipped}
        assert set(reasons) == {"note.jpg", "zero.png", "cut.jpg"}
        assert reasons["zero.png"] == "the file is empty"
        assert "not an image" in reasons["note.jpg"]
        assert "damaged" in reasons["cut.jpg"]
    assert found(library) == {"red.png", "green.jpg", "blue.webp"}


def test_a_moved_photo_keeps_its_vector(library: Library, photos: Path) -> None:
    embedder = CountingEmbedder()
    build(library, [photos], embedder, workers=1)
    (photos / "red.png").rename(photos / "sub" / "rouge.png")
    assert counts(build(library, [photos], embedder, workers=1)) == {"moved": 1, "unchanged": 2}
    assert embedder.embedded == 3
    assert found(library) == {"rouge.png", "green.jpg", "blue.webp"}


def test_a_copied_photo_is_added_without_embedding(library: Library, photos: Path) -> None:
    embedder = CountingEmbedder()
    build(library, [photos], embedder, workers=1)
    shutil.copy(photos / "red.png", photos / "copy.png")
    assert counts(build(library, [photos], embedder, workers=1)) == {"added": 1, "unchanged": 3}
    assert embedder.embedded == 3
    assert found(library, "red", 2) == {"red.png", "copy.png"}


def test_two_files_with_the_same_content_are_embedded_once(library: Library, photos: Path) -> None:
    shutil.copy(photos / "red.png", photos / "again.png")
    embedder = CountingEmbedder()
    assert counts(build(library, [photos], embedder, workers=2)) == {"added": 4}
    assert embedder.embedded == 3


def test_a_changed_photo_is_updated(library: Library, photos: Path) -> None:
    build(library, [photos], ColourEmbedder(), workers=1)
    shutil.copy(photos / "sub" / "blue.webp", photos / "green.jpg")
    report = build(library, [photos], ColourEmbedder(), workers=1)
    assert counts(report) == {"updated": 1, "unchanged": 2}
    assert found(library, "blue", 2) == {"green.jpg", "blue.webp"}


def test_a_touched_photo_is_unchanged(library: Library, photos: Path) -> None:
    embedder = CountingEmbedder()
    build(library, [photos], embedder, workers=1)
    os.utime(photos / "red.png")
    for _ in range(2):
        assert counts(build(library, [photos], embedder, workers=1)) == {"unchanged": 3}
    assert embedder.embedded == 3


def test_another_file_of_the_same_size_is_not_taken_for_a_copy(
    library: Library, photos: Path
) -> None:
    build(library, [photos], ColourEmbedder(), workers=1)
    data = bytearray((photos / "red.png").read_bytes())
    data += b"\0"
    (photos / "other.png").write_bytes(data)
    (photos / "red.png").write_bytes(data[:-1] + b"\1")
    report = build(library, [photos], ColourEmbedder(), workers=1)
    assert counts(report) == {"updated": 1, "added": 1, "unchanged": 2}


def test_a_missing_photo_is_not_found_and_comes_back(library: Library, photos: Path) -> None:
    embedder = CountingEmbedder()
    build(library, [photos], embedder, workers=1)
    (photos / "red.png").rename(photos.parent / "red.png")
    assert counts(build(library, [photos], embedder, workers=1)) == {"missing": 1, "unchanged": 2}
    assert found(library) == {"green.jpg", "blue.webp"}
    assert counts(build(library, [photos], embedder, workers=1)) == {"unchanged": 2}
    (photos.parent / "red.png").rename(photos / "red.png")
    assert counts(build(library, [photos], embedder, workers=1)) == {"unchanged": 3}
    assert (found(library), embedder.embedded) == ({"red.png", "green.jpg", "blue.webp"}, 3)


def test_only_the_folders_given_are_looked_at(library: Library, photos: Path) -> None:
    build(library, [photos], ColourEmbedder(), workers=1)
    (photos / "red.png").unlink()
    assert counts(build(library, [photos / "sub"], ColourEmbedder())) == {"unchanged": 1}
    assert len(found(library)) == 3
    similar = photos.parent / (photos.name + "-2")  # a name that only begins the same
    draw(similar, 1)
    assert counts(build(library, [similar], ColourEmbedder(), workers=1)) == {"added": 1}
    assert len(found(library)) == 4


def test_a_photo_overwritten_by_something_else_is_not_found(library: Library, photos: Path) -> None:
    build(library, [photos], ColourEmbedder(), workers=1)
    (photos / "red.png").write_text("a note now")
    report = build(library, [photos], ColourEmbedder(), workers=1)
    assert [skipped.path.name for skipped in report.skipped] == ["red.png"]
    assert found(library) == {"green.jpg", "blue.webp"}


def test_a_folder_that_is_emptied_is_marked_and_one_that_never_had_photos_is_told(
    library: Library, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoPhotos, match="empty: no photos here"):
        build(library, [tmp_path / "empty"], ColourEmbedder())
    build(library, [photos], ColourEmbedder(), workers=1)
    shutil.rmtree(photos / "sub")
    (photos / "sub").mkdir()
    assert counts(build(library, [photos / "sub"], ColourEmbedder())) == {"missing": 1}


def test_a_path_that_is_not_there_changes_nothing(library: Library, photos: Path) -> None:
    build(library, [photos], ColourEmbedder(), workers=1)
    with pytest.raises(PathMissing):
        build(library, [photos, photos / "nowhere"], ColourEmbedder())
    assert library.count() == 3


def test_a_folder_that_cannot_be_listed_keeps_its_photos(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(library, [photos], ColourEmbedder(), workers=1)
    listing = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = build(library, [photos], ColourEmbedder())
    reason = "folder cannot be read (permission denied)"
    assert report.skipped == [Skipped(photos / "sub", reason)]
    assert (counts(report), len(found(library))) == ({"unchanged": 2}, 3)


def test_a_second_model_embeds_again_and_keeps_the_first(library: Library, photos: Path) -> None:
    first, second = CountingEmbedder(), CountingEmbedder("other")
    build(library, [photos], first, workers=1)
    assert counts(build(library, [photos], second, workers=1)) == {"added": 3}
    assert (first.embedded, second.embedded) == (3, 3)
    assert dict(library.models()) == {"fake": 3, "other": 3}
    assert counts(build(library, [photos], first)) == {"unchanged": 3}
    assert sorted(path.name for path in library.folder.glob("*.faiss")) == [
        "vectors-fake-1.faiss",
        "vectors-other-1.faiss",
    ]


def test_a_name_in_no_encoding_is_indexed_and_found(library: Library, photos: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    try:
        (photos / "red.png").rename(photos / name)
    except OSError:
        pytest.skip("this file system takes no such name")
    build(library, [photos], ColourEmbedder(), workers=1)
    assert name in found(library, "red", 1)


@pytest.mark.parametrize("batch", [1, 2, 7, 100])
def test_the_size_of_a_batch_changes_nothing(tmp_path: Path, batch: int) -> None:
    draw(tmp_path / "photos", 9)
    shutil.copy(tmp_path / "photos/photo-0003.jpg", tmp_path / "photos/copy.jpg")
    with Library.open(tmp_path / "library", create=True) as library:
        report = build(library, [tmp_path / "photos"], ColourEmbedder(), workers=2, batch=batch)
        assert counts(report) == {"added": 10}
        again = build(library, [tmp_path / "photos"], CountingEmbedder("b"), workers=2, batch=batch)
        assert counts(again) == {"added": 10}
        hits = search_text(library, ColourEmbedder(), "green", 100).hits
    with Library.open(tmp_path / "other", create=True) as other:
        build(other, [tmp_path / "photos"], ColourEmbedder(), workers=1)
        assert search_text(other, ColourEmbedder(), "green", 100).hits == hits


def test_progress_counts_up_to_the_end(library: Library, photos: Path) -> None:
    (photos / "bad.jpg").touch()
    seen: list[Progress] = []
    build(library, [photos], ColourEmbedder(), on_progress=seen.append, workers=1)
    assert [progress.total for progress in seen] == [4] * len(seen)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert (seen[0].done, seen[-1].done, seen[-1].skipped, seen[-1].seconds_left) == (0, 4, 1, 0)
