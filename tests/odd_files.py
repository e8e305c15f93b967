"""Files that people add although they are no photos, or odd ones; small and made here."""

from __future__ import annotations

import io
import random
from pathlib import Path

from app_pages import drawn
from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran = 1">'
    b"<script>window.ran = 1</script></svg>"
)


def huge() -> bytes:
    """A PNG of 300 megapixels."""
    data = io.BytesIO()
    Image.new("1", (20_000, 15_000)).save(data, "PNG")
    return data.getvalue()


def several(kind: str) -> bytes:
    """A red picture, and a blue one after it."""
    data = io.BytesIO()
    frames = [Image.new("RGB", (32, 24), colour) for colour in ("red", "blue")]
    lossless = {"lossless": True} if kind == "WEBP" else {}
    frames[0].save(data, kind, save_all=True, append_images=frames[1:], **lossless)
    return data.getvalue()


def corrupt() -> bytes:
    """A JPEG that ends in the middle, after bytes that nobody wrote."""
    whole = drawn("red", size=(640, 480), kind="JPEG")
    return whole[:400] + random.Random(0).randbytes(300)


def large() -> bytes:
    """A PNG of noise, of more bytes than a server holds in memory while they arrive."""
    data = io.BytesIO()
    noise = random.Random(0).randbytes(700 * 700 * 3)
    Image.frombytes("RGB", (700, 700), noise).save(data, "PNG", compress_level=0)
    return data.getvalue()


def odd_files(folder: Path) -> dict[str, Path]:
    """Every kind of them by name, and a good photo twice."""
    contents = {
        "corrupt.jpg": corrupt(),
        "huge.png": huge(),
        "phone.heic": drawn("green", kind="HEIF"),
        "drawing.svg": SVG,
        "tricky.png": SVG,
        "moving.gif": several("GIF"),
        "empty.jpg": b"",
        "diary.jpg": b"Dear diary,\n<b>today</b>\n",
        "large.png": large(),
        "good.png": drawn("blue"),
        "twice.png": drawn("blue"),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in contents}
