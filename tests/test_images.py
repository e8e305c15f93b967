"""Opening files as images: what is fine, what is refused, and that nothing crashes."""

from __future__ import annotations

import io
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from pillow_heif import register_heif_opener

from vlm.errors import ImageTooLarge, ImageUnreadable, PathMissing
from vlm.images import decode_image, decode_photo, fit_image, read_image
from vlm.protocols import ImageInput

register_heif_opener()  # for writing them; reading registers by itself


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def mean(image: Image.Image) -> list[int]:
    assert image.mode == "RGB"
    return [round(float(value)) for value in np.asarray(image, np.float32).mean((0, 1))]


def cornered() -> Image.Image:
    """White, with a red corner at the top left."""
    image = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 19, 19), fill="red")
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "HEIF"])
def test_every_format_of_photos_comes_out_as_rgb(kind: str) -> None:
    photo = decode_photo(saved(cornered(), kind), "x")
    assert (photo.image.mode, photo.image.size, photo.format) == ("RGB", (60, 40), kind)
    assert mean(photo.image.crop((0, 0, 16, 16))) == pytest.approx([254, 0, 0], abs=12)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_photo_stands_upright_whatever_way_the_camera_was_held(
    orientation: int, kind: str
) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = cornered()
    if orientation > 1:
        stored = stored.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 95} if kind in ("JPEG", "WEBP", "AVIF") else {}
    photo = decode_photo(saved(stored, kind, exif=exif.tobytes(), **options), "x")
    assert (photo.width, photo.height) == photo.image.size == (60, 40)
    assert photo.orientation == orientation
    assert mean(photo.image.crop((2, 2, 16, 16)))[1] < 40
    assert mean(photo.image.crop((42, 22, 58, 38)))[1] > 230


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_taken_for_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert decode_photo(saved(cornered(), "JPEG", exif=exif.tobytes()), "x").orientation == 1


def test_a_large_jpeg_is_decoded_small_and_remembers_its_full_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.new("RGB", (2000, 1200), "teal"), "JPEG", exif=exif.tobytes())
    photo = decode_photo(data, "x", size=100)
    assert (photo.width, photo.height) == (1200, 2000)
    assert photo.image.size == (150, 250)
    assert decode_image(data, "x").size == (1200, 2000)


@pytest.mark.parametrize("value", [0, 1000, 32768, 65535])
def test_sixteen_bit_greys_are_scaled_not_cut(value: int) -> None:
    image = Image.fromarray(np.full((8, 8), value, np.uint16))
    for kind in ("PNG", "TIFF"):
        assert mean(decode_image(saved(image, kind), "x")) == [value * 255 // 65535] * 3


def test_floating_point_pixels_are_scaled_and_holes_in_them_are_black() -> None:
    values = np.full((4, 4), 0.5, np.float32)
    values[0, 0] = np.nan
    values[0, 1] = 1.0
    image = decode_image(saved(Image.fromarray(values), "TIFF"), "x")
    assert [image.getpixel(at) for at in ((0, 0), (1, 0), (2, 2))] == [
        (0, 0, 0),
        (255, 255, 255),
        (127, 127, 127),
    ]


def test_cmyk_becomes_rgb() -> None:
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    for kind in ("JPEG", "TIFF"):
        assert mean(decode_image(saved(image, kind), "x")) == pytest.approx([254, 0, 0], abs=3)


def test_lab_becomes_rgb() -> None:
    image = Image.new("LAB", (8, 8), (255, 128, 128))
    assert min(mean(decode_image(saved(image, "TIFF"), "x"))) > 245


def test_an_embedded_profile_is_applied() -> None:
    """The sRGB profile with the red and green primaries exchanged makes green of red."""
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(srgb[at : at + 4]): at for at in range(132, 132 + 12 * srgb[131], 12)}
    srgb[tags[b"rXYZ"] : tags[b"rXYZ"] + 4] = b"gXYZ"
    srgb[tags[b"gXYZ"] : tags[b"gXYZ"] + 4] = b"rXYZ"
    image = Image.new("RGB", (8, 8), "red")
    for kind in ("PNG", "JPEG", "TIFF", "WEBP"):
        tagged = saved(image, kind, icc_profile=bytes(srgb))
        assert mean(decode_image(tagged, "x")) == pytest.approx([0, 255, 0], abs=6)


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L", "P"])
def test_a_profile_that_is_broken_or_of_another_space_does_no_harm(mode: str) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"not a profile", lab):
        kind = "TIFF" if mode == "CMYK" else "PNG"
        data = saved(Image.new(mode, (8, 8)), kind, icc_profile=profile)
        assert decode_image(data, "x").mode == "RGB"


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_on_white(mode: str) -> None:
    image = Image.new("RGBA", (8, 8), (255, 0, 0, 0)).convert(mode)
    assert mean(decode_image(saved(image, "PNG"), "x")) == [255, 255, 255]


def test_a_palette_with_one_transparent_colour_lies_on_white() -> None:
    image = Image.new("P", (8, 8), 0)
    image.putpalette([0, 0, 255, 255, 0, 0])
    for kind in ("GIF", "PNG"):
        data = saved(image, kind, transparency=0)
        assert mean(decode_image(data, "x")) == [255, 255, 255]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_its_first_frame(kind: str) -> None:
    later = [Image.new("RGB", (8, 8), colour) for colour in ("green", "blue")]
    first = Image.new("RGB", (8, 8), "red")
    data = saved(first, kind, save_all=True, append_images=later, lossless=True)
    assert mean(decode_image(data, "x")) == [255, 0, 0]


def test_a_file_of_several_photos_is_the_first_one() -> None:
    others = [Image.new("RGB", (16, 16), "blue")]
    first = Image.new("RGB", (16, 16), "red")
    data = saved(first, "MPO", save_all=True, append_images=others)
    photo = decode_photo(data, "x", size=8)
    assert photo.format == "MPO"
    assert mean(photo.image) == pytest.approx([254, 0, 0], abs=2)


def test_exif_tags_are_read_and_broken_ones_left_out() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x0112] = 3
    exif.get_ifd(0x8769)[0x9003] = "2024:02:03 04:05:06"
    exif.get_ifd(0x8825)[1] = "N"
    data = saved(cornered(), "JPEG", exif=exif.tobytes())
    assert decode_photo(data, "x").exif == {
        0x010F: "Maker",
        0x0112: 3,
        0x9003: "2024:02:03 04:05:06",
        1: "N",
    }


@given(noise=st.binary(max_size=200))
def test_random_exif_never_loses_the_picture(noise: bytes) -> None:
    for start in (b"Exif\0\0", b"Exif\0\0II*\0\x08\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08"):
        data = saved(cornered(), "JPEG", exif=start + noise)
        assert sorted(decode_photo(data, "x").image.size) == [40, 60]


# What is refused


def test_a_missing_file_is_named() -> None:
    with pytest.raises(PathMissing, match=r"nowhere\.jpg"):
        read_image(Path("nowhere.jpg"))


def test_a_folder_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(ImageUnreadable, match="is a directory"):
        read_image(tmp_path)


def test_an_empty_file_says_so() -> None:
    with pytest.raises(ImageUnreadable, match=r"zero\.jpg: the file is empty"):
        decode_image(b"", "zero.jpg")


def test_a_text_called_jpg_is_not_an_image() -> None:
    with pytest.raises(ImageUnreadable, match=r"note\.jpg: not an image"):
        decode_image(b"Dear diary, today I took no photo at all.", "note.jpg")


def test_a_format_that_starts_other_programs_is_not_opened() -> None:
    """Pillow hands EPS files to Ghostscript, whatever they are called."""
    data = saved(cornered(), "EPS")
    with pytest.raises(ImageUnreadable, match="not an image"):
        decode_image(data, "photo.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF", "HEIF"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_truncated_file_is_refused_as_damaged(kind: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    data = saved(Image.fromarray(noise), kind)
    with pytest.raises(ImageUnreadable, match=r"photo: (damaged|not an image)"):
        decode_image(data[: int(len(data) * share)], "photo")


@given(at=st.floats(0, 1), byte=st.integers(0, 255), kind=st.sampled_from(["JPEG", "PNG", "GIF"]))
def test_a_flipped_byte_gives_an_image_or_a_refusal(at: float, byte: int, kind: str) -> None:
    data = bytearray(saved(cornered(), kind))
    data[int(at * (len(data) - 1))] = byte
    try:
        assert decode_image(bytes(data), "x", size=8).mode == "RGB"
    except ImageUnreadable as error:
        assert error.reason


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [14_200, 20_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(ImageTooLarge, match=r"bomb\.png: [\d.]+ megapixels are more than .* 200"):
        decode_image(bomb(side, side), "bomb.png")


def test_the_pixel_limit_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(Image.new("RGB", (110, 100)), "PNG")
    for asked in ("", "0.0110", "nonsense"):
        monkeypatch.setenv("VLM_MAX_MEGAPIXELS", asked)
        assert decode_image(data, "x").size == (110, 100)
    monkeypatch.setenv("VLM_MAX_MEGAPIXELS", "0.01")
    with pytest.raises(ImageTooLarge, match="VLM_MAX_MEGAPIXELS"):
        decode_image(data, "x")


def test_a_text_chunk_that_unpacks_to_gigabytes_is_refused() -> None:
    text = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80 << 20), 9))
    plain = saved(Image.new("RGB", (8, 8)), "PNG")
    end = plain.index(b"IDAT") - 4
    with pytest.raises(ImageUnreadable, match="too large"):
        decode_image(plain[:end] + text + plain[end:], "x")


def test_threads_may_decode_at_the_same_time() -> None:
    data = [saved(Image.new("RGB", (64, 64), (i, 0, 0)), "PNG") for i in range(8)]
    seen: dict[int, list[int]] = {}

    def work(number: int) -> None:
        for _ in range(20):
            seen[number] = mean(decode_image(data[number], "x"))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {i: [i, 0, 0] for i in range(8)}


@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    size=st.integers(1, 40),
    fit=st.sampled_from(["squash", "crop"]),
)
def test_fitting_twice_is_fitting_once(width: int, height: int, size: int, fit: str) -> None:
    wanted = ImageInput(size, "crop" if fit == "crop" else "squash")
    once = fit_image(Image.new("RGB", (width, height), "navy"), wanted)
    assert once.size == (size, size)
    assert fit_image(once, wanted).tobytes() == once.tobytes()
