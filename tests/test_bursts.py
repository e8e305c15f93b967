"""Bursts, the times that tell shots apart, and which photo of a group to keep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_scenes import scene
from PIL import Image, ImageFilter

from index.catalogue.records import Content
from index.duplicates.best import best_first
from index.duplicates.bursts import alike, bursts
from index.duplicates.sharpness import sharpest, sharpness
from index.duplicates.shot_times import are_two_shots

SAME = np.array([1, 0, 0], np.float16)
ALIKE = np.array([0.96, 0.28, 0], np.float16)
OTHER = np.array([0, 0, 1], np.float16)


def photo(
    number: int,
    seconds: float | None = 0,
    *,
    camera: str | None = "Maker 1",
    taken_from: str | None = "exif",
    path: str = "",
    **facts: object,
) -> Content:
    stated = {"size": 100, "width": 40, "height": 30, "format": "JPEG", **facts}
    taken = None if seconds is None else f"2024-05-06T07:08:{seconds:06.3f}"
    return Content(
        id=number,
        path=Path(path or f"/photos/{number}.jpg"),
        hash=bytes([number]) * 32,
        dhash=0,
        taken_at=taken,
        taken_from=taken_from,
        camera=camera,
        **stated,  # type: ignore[arg-type]
    )


def runs(photos: list[Content], vectors: list[np.ndarray]) -> list[list[int]]:
    rows = {one.id: row for row, one in enumerate(photos)}
    return [[one.id for one in run] for run in bursts(photos, np.stack(vectors), rows)]


def test_shots_that_follow_each_other_closely_and_look_alike_are_a_burst() -> None:
    photos = [photo(1, 8), photo(2, 0), photo(3, 4), photo(4, 30), photo(5, 31)]
    assert runs(photos, [SAME, ALIKE, SAME, OTHER, SAME]) == [[2, 3, 1]]


def test_what_looks_different_between_them_ends_a_burst() -> None:
    photos = [photo(1, 1), photo(2, 2), photo(3, 3), photo(4, 4), photo(5, 5)]
    assert runs(photos, [SAME, ALIKE, OTHER, SAME, ALIKE]) == [[1, 2], [4, 5]]


@pytest.mark.parametrize(
    "second",
    [
        photo(2, 1, camera="Maker 2"),
        photo(2, 1, camera=None),
        photo(2, 1, taken_from="mtime"),
        photo(2, None),
        photo(2, 6),
    ],
)
def test_without_a_camera_and_its_time_nothing_is_a_burst(second: Content) -> None:
    assert runs([photo(1, 0), second], [SAME, SAME]) == []


def test_photos_without_vectors_are_in_no_burst() -> None:
    assert list(bursts([photo(1), photo(2)], np.zeros((0, 1), np.float16), {})) == []


def test_alike_is_half_way_from_chance_to_the_same() -> None:
    vectors = np.random.default_rng(0).normal(size=(400, 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert alike(vectors.astype(np.float16)) == pytest.approx(0.5, abs=0.02)
    assert alike(np.stack([SAME, SAME])) == 0.9


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (photo(1, 1), photo(2, 3), True),
        (photo(1, 1), photo(2, 1), False),
        (photo(1, 1.25), photo(2, 1.5), True),
        (photo(1, 1), photo(2, 1.5), False),  # the first may have lost its fraction
        (photo(1, 1), photo(2, 3, camera="Maker 2"), False),
        (photo(1, 1), photo(2, 3, taken_from="name"), False),
        (photo(1, 1), photo(2, None), False),
        (photo(1, 1), photo(2, 3)._replace(taken_at="2024-06-07T08:09:10"), False),
        (photo(1, 1), photo(2, 3)._replace(taken_at="2024-05-06T07:08:03+02:00"), True),
    ],
)
def test_one_camera_at_two_moments_took_two_photos(
    one: Content, other: Content, told: bool
) -> None:
    assert are_two_shots(one, other) is told
    assert are_two_shots(other, one) is told


@pytest.mark.parametrize(
    ("best", "other", "reason"),
    [
        (photo(1, width=80), photo(2, size=900), "most pixels (80x30)"),
        (photo(1, size=150_000), photo(2, size=99_000), "less compressed (150 kB, next 99 kB)"),
        (photo(1, size=140), photo(2, size=150, camera=None), "has a date and a camera"),
        (photo(1), photo(2, taken_from="name"), "has a date and a camera"),
        (photo(1, size=140, mtime_ns=1), photo(2, size=150, mtime_ns=2), "oldest file"),
        (photo(1, path="/p/a.jpg"), photo(2, path="/p/a-2.jpg"), "shortest path"),
        (photo(1, path="/p/a.jpg"), photo(2, path="/p/b.jpg"), "shortest path"),
        # A converted file may be larger without holding more.
        (photo(1, size=1, mtime_ns=1, format="HEIF"), photo(2, mtime_ns=2), "oldest file"),
    ],
)
def test_the_best_to_keep_is_told_with_a_reason(best: Content, other: Content, reason: str) -> None:
    assert best_first([best, other]) == ((best, other), reason)
    assert best_first([other, best]) == ((best, other), reason)


def test_a_blurred_shot_is_less_sharp(tmp_path: Path) -> None:
    image = scene(0)
    blurred = image.filter(ImageFilter.GaussianBlur(2))
    assert sharpness(image) > 1.2 * sharpness(blurred) > 0
    assert sharpness(Image.new("RGB", (9, 9), "red")) == 0
    blurred.save(tmp_path / "1.png")
    image.save(tmp_path / "2.png")
    run = [photo(n, path=str(tmp_path / f"{n}.png")) for n in (1, 2, 3)]
    assert list(sharpest([run, run[2:]], workers=1)) == [run[1], run[2]]
