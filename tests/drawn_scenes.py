"""Scenes that tests draw: structure at every scale, as photos have it, and copies of them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw


def scene(seed: int, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Clouds of colour, coarse ones strong and fine ones weak."""
    chance = np.random.default_rng(seed)
    total = np.zeros((size[1], size[0], 3))
    for cells in (3, 6, 12, 24, 48):
        field = chance.integers(0, 256, size=(cells, cells, 3), dtype=np.uint8)
        layer = Image.fromarray(field).resize(size, Image.Resampling.BICUBIC)
        total += (np.asarray(layer, float) - 128) * (3 / cells) ** 0.7
    return Image.fromarray(np.clip(total + 128, 0, 255).astype(np.uint8))


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    """What is left of it after JPEG."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


def cropped(
    image: Image.Image, left: float, top: float, right: float, bottom: float
) -> Image.Image:
    """Without these parts of its sides."""
    width, height = image.size
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    return image.crop(tuple(map(round, box)))


def watermarked(image: Image.Image) -> Image.Image:
    """With a half transparent line of text in a corner."""
    layer = Image.new("RGBA", image.size)
    place = (image.width * 0.55, image.height * 0.88)
    ImageDraw.Draw(layer).text(place, "(c) Somebody", (255, 255, 255, 150), font_size=18)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def with_something_at(image: Image.Image, left: float, top: float) -> Image.Image:
    """With a thing in it, dark on one side and bright on the other."""
    copy = image.copy()
    x, y = left * image.width, top * image.height
    wide, high = image.width * 0.12, image.height * 0.3
    draw = ImageDraw.Draw(copy)
    draw.ellipse((x, y, x + wide, y + high), (20, 20, 30))
    draw.ellipse((x + wide / 2, y, x + wide, y + high), (240, 230, 220))
    return copy
