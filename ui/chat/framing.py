"""A frame around the part of a photo that an answer means."""

from __future__ import annotations

from PIL import Image, ImageDraw

_HALO, _LINE = "#ffffff", "#0b6b66"


def with_region(
    image: Image.Image, region: tuple[float, float, float, float] | None
) -> Image.Image:
    """A copy of a photo with a frame around a part of it: left, top, right, bottom in shares."""
    if region is None:
        return image
    width, height = image.size
    left, right = sorted(min(max(share, 0), 1) * (width - 1) for share in region[::2])
    top, bottom = sorted(min(max(share, 0), 1) * (height - 1) for share in region[1::2])
    framed = image.convert("RGB")
    thick = max(3, max(image.size) // 200)
    draw = ImageDraw.Draw(framed)
    draw.rectangle((left, top, right, bottom), outline=_HALO, width=thick + 2)
    draw.rectangle((left + 1, top + 1, right - 1, bottom - 1), outline=_LINE, width=thick)
    return framed
