"""Copies of a photo are told from other photos of the moment, whatever was done to the copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from drawn_scenes import cropped, recompressed, scene, watermarked, with_something_at
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from index.decoding.dhash import turn
from index.duplicates.copies import are_copies, likeness
from index.duplicates.overlay import SIDE

Change = Callable[[Image.Image], Image.Image]

COPIES: dict[str, tuple[int, Change]] = {
    "itself": (0, lambda image: image),
    "half the size": (0, lambda image: image.resize((200, 150))),
    "another shape": (0, lambda image: image.resize((300, 300))),
    "quality 40": (0, lambda image: recompressed(image, 40)),
    "cropped at one side": (0, lambda image: cropped(image, 0.05, 0, 0, 0)),
    "cropped by 5 %": (0, lambda image: cropped(image, 0.02, 0.05, 0.03, 0)),
    "cropped by 10 %": (0, lambda image: cropped(image, 0.1, 0.03, 0, 0.07)),
    "cropped, smaller, quality 50": (
        0,
        lambda image: recompressed(cropped(image, 0.03, 0.03, 0.02, 0.02).resize((160, 120)), 50),
    ),
    "brighter": (0, lambda image: ImageEnhance.Brightness(image).enhance(1.1)),
    "less contrast": (0, lambda image: ImageEnhance.Contrast(image).enhance(0.8)),
    "a watermark": (0, watermarked),
    "turned left": (6, lambda image: image.transpose(Image.Transpose.ROTATE_90)),
    "upside down": (3, lambda image: image.transpose(Image.Transpose.ROTATE_180)),
    "mirrored": (1, lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
}

OTHERS: dict[str, tuple[Change, Change]] = {
    "a step aside": (
        lambda image: cropped(image, 0, 0.02, 0.06, 0.02),
        lambda image: cropped(image, 0.03, 0.02, 0.03, 0.02),
    ),
    "a little higher": (
        lambda image: cropped(image, 0, 0.02, 0, 0),
        lambda image: cropped(image, 0, 0, 0, 0.02),
    ),
    "something moved": (
        lambda image: with_something_at(image, 0.3, 0.4),
        lambda image: with_something_at(image, 0.4, 0.4),
    ),
    "something came": (
        lambda image: image,
        lambda image: with_something_at(image, 0.5, 0.3),
    ),
    "in grey": (lambda image: image, lambda image: image.convert("L").convert("RGB")),
}


def thumbnail(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def verdict(one: Image.Image, other: Image.Image, way: int = 0) -> bool:
    return judged([(thumbnail(one), thumbnail(other), way)]) == [True]


def judged(tries: Sequence[tuple[np.ndarray, np.ndarray, int]]) -> list[bool]:
    """The verdict about each pair of thumbnails, the first laid in the way that is given."""
    photos = np.array([photo for one, other, _ in tries for photo in (one, other)], np.uint8)
    ways = np.array([way for *_, way in tries], np.int64)
    even = 2 * np.arange(len(tries))
    return are_copies(photos.reshape(-1, SIDE, SIDE, 3), even, even + 1, ways).tolist()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("change", COPIES)
def test_a_copy_is_one_in_both_directions(change: str, seed: int) -> None:
    way, make = COPIES[change]
    photo = scene(seed)
    back = way if way != 6 else 5  # the way back of a quarter turn is the other one
    assert verdict(photo, make(photo), way)
    assert verdict(make(photo), photo, back)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("change", OTHERS)
def test_another_photo_of_the_moment_is_no_copy(change: str, seed: int) -> None:
    photo = scene(seed)
    one, other = (make(photo) for make in OTHERS[change])
    assert not verdict(one, other)
    assert not verdict(other, one)


def test_other_photos_and_other_ways_up_are_no_copies() -> None:
    photos = [thumbnail(scene(seed)) for seed in range(6)]
    pairs = [(one, other, 0) for one in photos for other in photos if one is not other]
    assert not any(judged(pairs))
    assert not any(judged([(photos[0], photos[0], way) for way in range(1, 8)]))


def test_photos_without_structure_cannot_be_compared() -> None:
    black, grey = Image.new("RGB", (80, 60)), Image.new("RGB", (80, 60), "grey")
    assert not verdict(black, black)
    assert not verdict(black, grey)


def test_no_pairs_have_no_likeness() -> None:
    assert judged([]) == []


@given(st.floats(0, 0.06), st.floats(0, 0.06), st.floats(0, 0.06), st.floats(0, 0.06))
@settings(max_examples=25, deadline=None)
def test_a_crop_never_reaches_beyond_its_original(
    left: float, top: float, right: float, bottom: float
) -> None:
    photo = scene(1)
    pair = thumbnail(photo)[None], thumbnail(cropped(photo, left, top, right, bottom))[None]
    found = likeness(*pair)
    assert found.beyond[0] < 0.006
    assert found.correlation[0] > 0.98


def test_many_pairs_at_once_are_judged_as_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photos = [thumbnail(scene(seed)) for seed in range(3)]
    copies = [thumbnail(cropped(scene(seed), 0.04, 0, 0, 0.04)) for seed in range(3)]
    pairs = [(a, b, 0) for a in photos for b in copies] * 40
    monkeypatch.setattr("index.duplicates.likeness._PIECE", 50)
    assert judged(pairs) == [a == b for a in range(3) for b in range(3)] * 40


def test_the_way_is_that_of_turn() -> None:
    photo = thumbnail(scene(4))
    assert all(judged([(photo, turn(photo, way), way) for way in range(8)]))
