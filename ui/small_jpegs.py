"""Images as small JPEGs without metadata."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def small_jpeg(image: Image, size: tuple[int, int], *, quality: int = 85) -> bytes:
    """A JPEG of at most these pixels: width, height. A comment of the file is left out too."""
    from PIL.Image import Resampling

    small = image.convert("RGB")
    small.thumbnail(size, Resampling.LANCZOS)
    small.info.clear()
    data = io.BytesIO()
    small.save(data, "JPEG", quality=quality)
    return data.getvalue()
