"""Small pictures of photos, in memory and on disk."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from ui.thumbnails import Thumbnails, trim
from vlm.errors import VlmError


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("??/*.jpg"))


def colour(data: bytes) -> tuple[int, ...]:
    pixel = Image.open(io.BytesIO(data)).convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return tuple(round(value / 255) for value in pixel)


def test_a_thumbnail_is_small_and_of_the_whole_photo(tmp_path: Path) -> None:
    photo = tmp_path / "wide.png"
    Image.new("RGB", (3000, 600), "red").save(photo)
    image = Image.open(io.BytesIO(Thumbnails(tmp_path / "cache").get(photo)))
    assert (image.format, image.size) == ("JPEG", (640, 128))


def test_a_photo_that_cannot_be_read_any_more_still_has_its_picture_from_the_disk(
    tmp_path: Path,
) -> None:
    photo = tmp_path / "red.png"
    Image.new("RGB", (64, 48), "red").save(photo)
    Thumbnails(tmp_path / "cache").get(photo)
    stat = photo.stat()
    photo.write_bytes(b"x" * stat.st_size)
    os.utime(photo, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    assert colour(Thumbnails(tmp_path / "cache").get(photo)) == (1, 0, 0)


def test_an_edited_photo_gets_a_new_thumbnail(tmp_path: Path) -> None:
    photo, thumbnails = tmp_path / "photo.png", Thumbnails(tmp_path / "cache")
    Image.new("RGB", (64, 48), "red").save(photo)
    assert colour(thumbnails.get(photo)) == (1, 0, 0)
    Image.new("RGB", (70, 48), "blue").save(photo)
    assert colour(thumbnails.get(photo)) == (0, 0, 1)


def test_a_file_of_the_cache_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    photo, cache = tmp_path / "red.png", tmp_path / "cache"
    Image.new("RGB", (64, 48), "red").save(photo)
    whole = Thumbnails(cache).get(photo)
    (file,) = files(cache)
    file.write_bytes(whole[: len(whole) // 2])
    assert Thumbnails(cache).get(photo) == whole
    assert file.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    photo, cache = tmp_path / "red.png", tmp_path / "cache"
    Image.new("RGB", (64, 48), "red").save(photo)
    cache.write_bytes(b"a file where the folder should be")
    assert colour(Thumbnails(cache).get(photo)) == (1, 0, 0)


def test_what_was_not_used_for_longest_is_removed_first(tmp_path: Path) -> None:
    for place, name in enumerate(("old", "used", "new")):
        file = tmp_path / "aa" / f"{name}.jpg"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(bytes(100))
        os.utime(file, ns=(place, place))
    trim(tmp_path, 300)
    assert len(files(tmp_path)) == 3
    trim(tmp_path, 200)
    assert [file.name for file in files(tmp_path)] == ["new.jpg", "used.jpg"]


def test_a_photo_that_is_gone_is_an_error_and_is_tried_again(tmp_path: Path) -> None:
    photo, thumbnails = tmp_path / "red.png", Thumbnails(tmp_path / "cache")
    thumbnails.start([photo])
    with pytest.raises(VlmError, match="no such file"):
        thumbnails.get(photo)
    Image.new("RGB", (64, 48), "red").save(tmp_path / "other.png")
    shutil.move(tmp_path / "other.png", photo)
    assert colour(thumbnails.get(photo)) == (1, 0, 0)
