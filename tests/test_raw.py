"""RAW files through their embedded previews; the files are put together as each maker does."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from index.decoding.decode import Decoder
from vlm.errors import ImageUnreadable
from vlm.images import decode_photo
from vlm.protocols import ImageInput
from vlm.raw import exif_of, preview


def jpeg(width: int, height: int, colour: str = "white", **options: object) -> bytes:
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 3), fill="red")
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92, **options)
    return file.getvalue()


def tiff(orientation: int) -> bytes:
    exif = Image.Exif()
    exif.endian = "<"
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker", "Model 7", orientation
    exif.get_ifd(0x8769)[0x9003] = "2024:02:03 04:05:06"
    return exif.tobytes().removeprefix(b"Exif\0\0")


LOSSLESS = b"\xff\xd8\xff\xc4\x00\x04\x00\x00\xff\xc3\x00\x0b\x0e\x10\x00\x10\x00\x01\x00\x11\x00"
NOISE = np.random.default_rng(0).bytes(5000)
SMALL, LARGE = jpeg(160, 120), jpeg(640, 480)


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def raw_of(maker: str) -> bytes:
    """A turned photo, as Canon, Panasonic, Olympus, Canon since 2018 and Fujifilm store it."""
    if maker == "raf":
        own = Image.Exif()
        own[0x010F], own[0x0110], own[0x0112] = "Maker", "Model 7", 6
        own.get_ifd(0x8769)[0x9003] = "2024:02:03 04:05:06"
        return b"FUJIFILMCCD-RAW 0201" + NOISE + jpeg(640, 480, exif=own) + NOISE
    if maker == "cr3":
        main, sub = Image.Exif(), Image.Exif()
        main[0x010F], main[0x0110], main[0x0112] = "Maker", "Model 7", 6
        sub[0x9003] = "2024:02:03 04:05:06"
        parts = [box(b"CMT1", main.tobytes()[6:]), box(b"CMT2", sub.tobytes()[6:])]
        head = box(b"ftyp", b"crx \0\0\0\1crx isom")
        return head + box(b"moov", b"".join(parts) + SMALL) + box(b"mdat", LARGE + NOISE)
    mark = {"rw2": b"IIU\0", "orf": b"IIRO"}.get(maker, b"II*\0")
    return mark + tiff(6)[4:] + SMALL + LOSSLESS + NOISE + LARGE + NOISE


@pytest.mark.parametrize("maker", ["cr2", "nef", "dng", "rw2", "orf", "cr3", "raf"])
def test_a_raw_file_is_its_largest_preview_turned_as_the_file_says(maker: str) -> None:
    photo = decode_photo(raw_of(maker), Path(f"IMG.{maker.upper()}"))
    assert photo.format == maker.upper()
    assert (photo.width, photo.height, photo.image.size) == (480, 640, (480, 640))
    assert photo.orientation == 6
    red = np.asarray(photo.image.crop((330, 10, 470, 150)), np.int16)  # now at the top right
    assert red[..., 0].min() > 200 and red[..., 1:].max() < 80
    assert (photo.exif[0x010F], photo.exif[0x0110]) == ("Maker", "Model 7")
    assert photo.exif[0x9003] == "2024:02:03 04:05:06"


def test_the_smallest_preview_that_suits_is_enough() -> None:
    data = raw_of("nef")
    assert decode_photo(data, "a.nef", size=60).width == 120
    assert decode_photo(data, "a.nef", size=61).width == 480
    assert decode_photo(data, "a.nef", size=2000).width == 480


def test_a_raw_file_without_a_preview_says_so() -> None:
    with pytest.raises(ImageUnreadable, match=r"a\.arw: a RAW file without a preview"):
        decode_photo(tiff(1) + LOSSLESS + NOISE, "a.arw")


def test_a_photo_that_is_only_called_raw_is_opened() -> None:
    assert decode_photo(SMALL, "a.cr2").width == 160


def test_workers_read_raw_files(tmp_path: Path) -> None:
    (tmp_path / "IMG.CR2").write_bytes(raw_of("cr2"))
    with Decoder(ImageInput(16, "squash"), 1) as decoder:
        facts = decoder.submit(tmp_path / "IMG.CR2").result().facts
    assert (facts.format, facts.width, facts.height, facts.orientation) == ("CR2", 480, 640, 6)
    assert (facts.camera, facts.taken_at) == ("Maker Model 7", "2024-02-03T04:05:06")


@given(data=st.binary(max_size=200), cut=st.integers(0, 6000))
def test_noise_gives_a_photo_or_a_refusal(data: bytes, cut: int) -> None:
    for file in (data, b"\xff\xd8\xff" + data, b"II*\0" + data, RAW[:cut] + data):
        preview(file, 16)
        exif_of(file)
        try:
            assert decode_photo(file or b"x", "a.nef", size=16).image.mode == "RGB"
        except ImageUnreadable as error:
            assert error.reason


RAW = raw_of("nef")
