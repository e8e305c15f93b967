"""Why a file is refused: true, in words that help."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pillow_heif import register_heif_opener

from vlm.errors import ImageTooLarge, ImageUnreadable
from vlm.images import decode_image, decode_photo
from vlm.refusals import broken, unidentified


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def reason(data: bytes) -> str:
    with pytest.raises(ImageUnreadable) as refused:
        decode_image(data, "x")
    return refused.value.reason


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"Dear diary,\ntoday I took no photo.", "text"),
        ("Été à la plage".encode(), "text"),
        (b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "a web page"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "a drawing (SVG)"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 zip", "a ZIP archive or an office document"),
        (b"\0\x05\x16\x07\0\x02\0\0", "macOS metadata (AppleDouble) and no picture"),
        (bytes(4096), "nothing but zeros"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "a video"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"\x01\x02\x03\x80\x00\x07", "no format of photos that is known here"),
    ],
)
def test_what_is_no_photo_is_called_what_it_is(data: bytes, what: str) -> None:
    assert reason(data) == f"not an image: it holds {what}"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "WebP", "HEIF", "AVIF"])
def test_a_damaged_beginning_names_the_format(kind: str) -> None:
    register_heif_opener()
    image = Image.new("RGB", (20, 20), "red")
    whole = saved(image, kind.upper())
    assert kind in reason(whole[:14] + b"\xfe" * 20)


def test_an_end_that_is_missing_is_told_without_jargon() -> None:
    data = saved(Image.effect_noise((64, 64), 90), "JPEG")
    assert reason(data[:-200]) == "damaged or incomplete (the file ends too early)"


def test_pixels_that_are_damaged_in_the_middle_are_not_taken_for_black() -> None:
    """Pillow tells it once only, and EXIF data of a PNG are asked for after its pixels."""
    pixels = bytearray(zlib.compress(np.random.default_rng(0).bytes(64 * (64 * 3 + 1) - 1) + b"."))
    del pixels[1000:1400]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)), (b"IDAT", bytes(pixels))]
    data = b"\x89PNG\r\n\x1a\n"
    for kind, body in [*chunks, (b"IEND", b"")]:
        crc = zlib.crc32(kind + body)
        data += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)
    assert reason(data).startswith("damaged or incomplete (")


def test_a_kind_that_no_decoder_knows_is_not_called_damaged() -> None:
    data = bytearray(saved(Image.new("RGB", (4, 4)), "BMP"))
    data[28:30] = (2).to_bytes(2, "little")  # bits for each pixel
    assert reason(bytes(data)).startswith("a kind of BMP that cannot be read (unsupported BMP ")


@given(data=st.binary(max_size=64), said=st.text(max_size=40))
def test_every_reason_is_one_line(data: bytes, said: str) -> None:
    for text in (unidentified(data), broken("PNG", OSError(said))):
        assert text.isprintable() and text


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_panorama_above_the_limit_is_decoded_where_a_small_scale_will_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VLM_MAX_MEGAPIXELS", "0.5")
    wide = Image.new("RGB", (3000, 300), "teal")  # 0.9 megapixels
    photo = decode_photo(saved(wide, "JPEG"), "x", size=32)
    assert (photo.width, photo.height, photo.image.size) == (3000, 300, (375, 38))
    for data in (saved(wide, "JPEG", progressive=True), saved(wide, "PNG")):
        with pytest.raises(ImageTooLarge, match=r"0\.9 megapixels"):
            decode_photo(data, "x", size=32)
    with pytest.raises(ImageTooLarge):
        decode_photo(saved(wide, "JPEG"), "x")
    with pytest.raises(ImageTooLarge):
        decode_photo(saved(Image.new("RGB", (3000, 400)), "JPEG"), "x", size=32)
