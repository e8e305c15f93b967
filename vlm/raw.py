"""RAW files of cameras, through the JPEG that the camera put into them.

Every common kind (CR2, CR3, NEF, ARW, DNG, ORF, RAF, RW2, PEF, SRW) holds one, most of them at full
size. It is found by its own first bytes wherever it lies, since each maker has another place for
it; the sensor's data may be JPEG too, but of the lossless kind (ISO/IEC 10918-1, process 14),
which is not taken.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePath
from struct import error as StructError

from PIL import ExifTags, Image

from vlm.suffixes import RAW_SUFFIXES

_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS = 200
_MOST_CANDIDATES = 64
_BOXES = ((b"CMT1", None), (b"CMT2", ExifTags.IFD.Exif), (b"CMT4", ExifTags.IFD.GPSInfo))
"""Where CR3 keeps the parts of its EXIF data."""

_HEAD = 1 << 18
_BROKEN = (OSError, SyntaxError, ValueError, LookupError, TypeError, EOFError, StructError)


def is_raw(name: PurePath | str) -> bool:
    """Whether a file is called as RAW files are.

    >>> is_raw("IMG_1.CR2"), is_raw("a.tif")
    (True, False)
    """
    return PurePath(name).suffix.lower() in RAW_SUFFIXES


def preview(data: bytes, size: int | None) -> bytes | None:
    """The embedded JPEG with the fewest pixels that still suit ``size``, else the largest."""
    found = list(_candidates(data))
    if not found:
        return None
    enough = [one for one in found if size is not None and min(one[:2]) >= 2 * size]
    if enough:
        return data[min(enough, key=lambda one: one[0] * one[1])[2] :]
    return data[max(found, key=lambda one: one[0] * one[1])[2] :]


def _candidates(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Width, height and offset of the JPEGs inside."""
    at, count = -1, 0
    while (at := data.find(b"\xff\xd8\xff", at + 1)) >= 0 and count < _MOST_CANDIDATES:
        size = _jpeg_size(data, at)
        if size is not None:
            count += 1
            yield (*size, at)


def _jpeg_size(data: bytes, start: int) -> tuple[int, int] | None:
    at = start + 2
    for _ in range(_MOST_SEGMENTS):
        head = data[at : at + 9]
        if len(head) < 9 or head[0] != 0xFF or head[1] < 0xC0 or head[1] in _OTHER_FRAMES:
            return None
        if head[1] in _FRAMES:
            width, height = int.from_bytes(head[7:9], "big"), int.from_bytes(head[5:7], "big")
            return (width, height) if width and height else None
        at += 2 + int.from_bytes(head[2:4], "big")
    return None


def exif_of(data: bytes) -> Image.Exif | None:
    """The EXIF data of the RAW file itself, which its preview may lack; None if there is none."""
    with suppress(*_BROKEN):
        if data[4:8] == b"ftyp":
            return _exif_of_boxes(data[:_HEAD])
        order = data[:2]
        if order in (b"II", b"MM"):  # Panasonic and Olympus have marks of their own instead of 42
            mark = b"*\0" if order == b"II" else b"\0*"
            return _exif(order + mark + data[4:])
    return None


def _exif_of_boxes(head: bytes) -> Image.Exif | None:
    whole: Image.Exif | None = None
    for name, ifd in _BOXES:
        at = head.find(name)
        if at < 0:
            continue
        part = _exif(head[at + len(name) :])
        if whole is None:
            whole = part
        if ifd is not None:
            whole.get_ifd(ifd).update(part)
    return whole


def _exif(tiff: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load_from_fp(io.BytesIO(tiff))
    return exif
