"""The difference hash: near copies stay near, and turning the hash is turning the photo."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from index.decoding.dhash import ORIENTATIONS, dhash, turn, turned

hashes = arrays.arrays(np.uint64, st.integers(1, 5))
orientations = st.integers(0, ORIENTATIONS - 1)


def scene(seed: int) -> Image.Image:
    """Blurred random colours: structure at the scale that a photo has it."""
    colours = np.random.default_rng(seed).integers(0, 256, size=(9, 12, 3), dtype=np.uint8)
    return Image.fromarray(colours).resize((360, 270), Image.Resampling.BICUBIC)


def distance(first: int, second: int) -> int:
    return (first ^ second).bit_count()


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


def test_a_gradient_has_the_hash_that_the_definition_gives() -> None:
    grey = np.tile(np.arange(0, 240, 5, dtype=np.uint8), (48, 1))
    # 30 rising steps across, 30 level ones down, then 2 and 2 of the coarse grid.
    assert dhash(Image.fromarray(grey)) == int("1" * 30 + "0" * 30 + "11" + "00", 2)


@pytest.mark.parametrize("seed", range(5))
def test_a_smaller_recompressed_or_brighter_copy_is_near(seed: int) -> None:
    photo = scene(seed)
    copies = [
        photo.resize((180, 135)),
        recompressed(photo, 40),
        photo.point(lambda value: round(value * 0.9)),
        photo.convert("L"),
    ]
    assert max(distance(dhash(photo), dhash(copy)) for copy in copies) <= 4


def test_other_photos_are_far() -> None:
    found = [dhash(scene(seed)) for seed in range(20)]
    assert min(distance(a, b) for i, a in enumerate(found) for b in found[:i]) >= 12


@given(st.integers(0, 10_000), orientations)
@settings(max_examples=40, deadline=None)
def test_turning_the_hash_is_turning_the_photo(seed: int, orientation: int) -> None:
    photo = np.random.default_rng(seed).integers(0, 256, size=(48, 48), dtype=np.uint8)
    of_photo = dhash(Image.fromarray(np.ascontiguousarray(turn(photo, orientation))))
    of_hash = turned(np.array([dhash(Image.fromarray(photo))], np.uint64), orientation)
    # Two cells of the same brightness have no sign to change: rare in noise.
    assert distance(of_photo, int(of_hash[0])) <= 2


@given(hashes)
def test_lying_as_it_is_changes_nothing(found: np.ndarray) -> None:
    assert (turned(found, 0) == found).all()


@given(hashes, orientations)
def test_four_quarter_turns_or_two_mirrorings_are_none(found: np.ndarray, way: int) -> None:
    assert (turned(turned(turned(turned(found, way), way), way), way) == found).all()


@given(hashes, orientations)
def test_turning_keeps_distances(found: np.ndarray, way: int) -> None:
    bits = [int(a) ^ int(b) for a, b in zip(found, found[::-1], strict=True)]
    laid = turned(found, way)
    after = [int(a) ^ int(b) for a, b in zip(laid, laid[::-1], strict=True)]
    assert [x.bit_count() for x in bits] == [x.bit_count() for x in after]
