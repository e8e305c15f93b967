"""Photos with text on them, drawn with the font that comes with Pillow."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont


def with_text(
    size: tuple[int, int],
    lines: Iterable[tuple[int, int, str]],
    height: int = 40,
    background: str = "white",
) -> Image.Image:
    """Black letters of so many pixels; each line begins at its own place."""
    image = Image.new("RGB", size, background)
    font = ImageFont.load_default(height)
    draw = ImageDraw.Draw(image)
    for left, top, text in lines:
        draw.text((left, top), text, font=font, fill="black")
    return image
