"""Progressive JPEGs are decoded small from their first scans."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vlm.errors import ImageUnreadable
from vlm.images import decode_photo
from vlm.progressive import without_detail

SIZE = 32


def scene(width: int = 640, height: int = 400) -> Image.Image:
    """Smooth colours with noise, so that there is detail to leave out."""
    chance = np.random.default_rng(0)
    coarse = Image.fromarray(chance.integers(0, 255, (4, 6, 3), np.uint8))
    pixels = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.int16)
    noisy = pixels + chance.normal(0, 12, pixels.shape).astype(np.int16)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def saved(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90, **options)
    return file.getvalue()


def test_an_eighth_is_decoded_from_a_fraction_of_the_file() -> None:
    data = saved(scene(), progressive=True, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    short = without_detail(data, SIZE)
    assert len(short) < len(data) / 4
    photo = decode_photo(data, "x", size=SIZE)
    assert (photo.width, photo.height, photo.image.size) == (640, 400, (80, 50))
    plain = decode_photo(saved(scene()), "x", size=SIZE).image
    gap = np.abs(np.asarray(photo.image, np.int16) - np.asarray(plain, np.int16))
    assert gap.mean() < 4


@pytest.mark.parametrize(
    ("image", "options"),
    [
        (scene(), {}),
        (scene(250, 640), {"progressive": True}),  # an eighth would be too small
    ],
)
def test_what_needs_all_scans_keeps_them(image: Image.Image, options: dict[str, object]) -> None:
    data = saved(image, **options)
    assert without_detail(data, SIZE) is data


def test_a_file_of_several_photos_stays_whole() -> None:
    file = io.BytesIO()
    scene().save(file, "MPO", save_all=True, append_images=[scene()], progressive=True)
    assert without_detail(file.getvalue(), SIZE) is file.getvalue() or (
        without_detail(file.getvalue(), SIZE) == file.getvalue()
    )


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.99])
def test_a_truncated_one_is_not_taken_for_complete(share: float) -> None:
    data = saved(scene(), progressive=True)
    cut = data[: int(len(data) * share)]
    assert without_detail(cut, SIZE) is cut
    with pytest.raises(ImageUnreadable, match="damaged or incomplete"):
        decode_photo(cut, "x", size=SIZE)


@given(at=st.floats(0, 1), noise=st.binary(min_size=1, max_size=4))
def test_damage_gives_an_image_or_a_refusal(at: float, noise: bytes) -> None:
    data = bytearray(PROGRESSIVE)
    start = int(at * 700)  # the headers and the beginning of the first scan
    data[start : start + len(noise)] = noise
    try:
        assert decode_photo(bytes(data), "x", size=SIZE).image.mode == "RGB"
    except ImageUnreadable as error:
        assert error.reason


@given(data=st.binary(max_size=300))
def test_any_bytes_may_follow_the_start(data: bytes) -> None:
    without_detail(b"\xff\xd8\xff" + data, SIZE)


PROGRESSIVE = saved(scene(), progressive=True)
