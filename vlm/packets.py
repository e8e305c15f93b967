"""The XMP and IPTC packets of an opened image, as bytes; what is in them is for `index` to read."""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image
from PIL.TiffImagePlugin import IPTC_NAA_CHUNK, TiffImageFile

_IPTC_BLOCK = 0x0404
"""Number of Photoshop's image resource that holds IPTC records."""

_BROKEN = (OSError, SyntaxError, ValueError, LookupError, TypeError, AttributeError, struct.error)


@dataclass(frozen=True, slots=True)
class Packets:
    """Unparsed and untrusted; empty where the file has none."""

    xmp: bytes = b""
    iptc: bytes = b""


def packets_of(image: Image.Image) -> Packets:
    """Ask after the pixels are loaded: PNG files may keep their packet behind them."""
    xmp = image.info.get("xmp", b"")
    if isinstance(xmp, str):
        xmp = xmp.encode("utf-8", "replace")
    return Packets(xmp if isinstance(xmp, bytes) else b"", _iptc(image))


def _iptc(image: Image.Image) -> bytes:
    with suppress(*_BROKEN):
        if isinstance(image, TiffImageFile):
            return _iptc_of_tiff(image)
        blocks = image.info.get("photoshop")
        found = blocks.get(_IPTC_BLOCK) if isinstance(blocks, dict) else None
        return found if isinstance(found, bytes) else b""
    return b""


def _iptc_of_tiff(image: TiffImageFile) -> bytes:
    # Photoshop calls it numbers of 4 bytes, of which Pillow would give back the first.
    value = image.tag_v2._tagdata.get(IPTC_NAA_CHUNK)
    if isinstance(value, bytes) and value:
        return value
    return image.get_photoshop_blocks().get(_IPTC_BLOCK, {}).get("data", b"")
