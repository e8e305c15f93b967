"""A small library of plainly coloured photos, and requests about it, for the tests of the doors."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zlib
from pathlib import Path

from PIL import Image

from index.build import build
from index.library import Library
from ui.settings import Settings
from vlm.fakes import ColourEmbedder

COLOURS = ("red", "green", "blue")


def make_library(folder: Path) -> Settings:
    """Index three photos with the fake model."""
    photos = folder / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    for colour in COLOURS:
        Image.new("RGB", (64, 48), colour).save(photos / f"{colour}.png")
    settings = Settings(folder / "library", "fake", "fake")
    with Library.open(settings.library, create=True) as library:
        build(library, [photos], ColourEmbedder(), workers=1)
    return settings


def photo_of(settings: Settings, colour: str) -> Path:
    return settings.library.parent / "photos" / f"{colour}.png"


def digest_of(settings: Settings, colour: str) -> str:
    return hashlib.sha256(photo_of(settings, colour).read_bytes()).hexdigest()


def png(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "PNG")
    return data.getvalue()


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head promises so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0")), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
