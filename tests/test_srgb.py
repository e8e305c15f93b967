"""Colours of large images: averaged down first, converted only where a profile changes anything."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from vlm.images import decode_image
from vlm.srgb import _transform

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def scene(mode: str) -> Image.Image:
    chance = np.random.default_rng(3)
    coarse = Image.fromarray(chance.integers(0, 255, (5, 7, 4), np.uint8), "RGBA")
    return coarse.resize((420, 300), Image.Resampling.BICUBIC).convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16"])
def test_a_large_image_looks_the_same_averaged_down_first(mode: str) -> None:
    if mode == "I;16":
        grey = np.asarray(scene("L"), np.uint16) * 257
        image = Image.fromarray(grey)
    else:
        image = scene(mode)
    data = saved(image, "TIFF" if mode == "CMYK" else "PNG")
    small = decode_image(data, "x", size=50)
    assert small.size == (140, 100)
    large = decode_image(data, "x").reduce(3)
    gap = np.abs(np.asarray(small, np.int16) - np.asarray(large, np.int16))
    assert gap.mean() < 1.5 and np.percentile(gap, 99) <= 8


def test_transparent_pixels_do_not_bleed_when_averaged() -> None:
    """The colour below full transparency is never seen."""
    image = Image.new("RGBA", (90, 90), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 45, 90))
    small = decode_image(saved(image, "PNG"), "x", size=10)
    assert small.getextrema() == ((255, 255),) * 3


def test_the_transparent_value_of_deep_greys_is_white() -> None:
    grey = np.array([[0, 255, 65535]], np.uint16)
    data = saved(Image.fromarray(grey), "PNG", transparency=255)
    assert [decode_image(data, "x").getpixel((x, 0))[0] for x in range(3)] == [0, 255, 255]


def test_a_profile_that_is_srgb_by_what_it_does_costs_no_conversion() -> None:
    assert _transform(SRGB, "RGB") is None
    swapped = bytearray(SRGB)
    tags = {bytes(swapped[at : at + 4]): at for at in range(132, 132 + 12 * swapped[131], 12)}
    swapped[tags[b"rXYZ"] : tags[b"rXYZ"] + 4] = b"gXYZ"
    swapped[tags[b"gXYZ"] : tags[b"gXYZ"] + 4] = b"rXYZ"
    assert _transform(bytes(swapped), "RGB") is not None
