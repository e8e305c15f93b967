"""Files that come through the browser: what is no photo is told in a line, and the rest is kept."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from app_pages import drawn
from PIL import Image

from ui.uploads import MAX_PHOTOS, read_uploads

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass(frozen=True)
class Sent:
    """An upload as Streamlit hands it over."""

    name: str
    data: bytes

    def getvalue(self) -> bytes:
        return self.data


def huge() -> bytes:
    """A small PNG of 300 megapixels."""
    data = io.BytesIO()
    Image.new("1", (20_000, 15_000)).save(data, "PNG")
    return data.getvalue()


def moving() -> bytes:
    data = io.BytesIO()
    frames = [Image.new("RGB", (32, 24), colour) for colour in ("red", "blue")]
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:])
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("huge.png", huge(), "300.0 megapixels are more than the limit of 200"),
        ("drawing.svg", SVG, "SVG"),
        ("drawing.png", SVG, "SVG"),
        ("cut.png", drawn("red")[:-30], "cut.png: "),
        ("empty.jpg", b"", "empty"),
        ("page.jpg", b"<html><script>alert(1)</script>", "page.jpg: "),
    ],
)
def test_what_is_no_photo_is_told_in_a_line_and_the_others_are_there(
    name: str, data: bytes, told: str
) -> None:
    photos, errors = read_uploads([Sent(name, data), Sent("good.png", drawn("blue"))])
    assert [photo.name for photo in photos] == ["good.png"]
    [error] = errors
    assert str(error).startswith(name)
    assert told in str(error)
    assert "\n" not in str(error)


def test_a_heic_and_the_first_frame_of_an_animation_are_photos() -> None:
    photos, errors = read_uploads(
        [Sent("phone.heic", drawn("green", kind="HEIF")), Sent("moving.gif", moving())]
    )
    assert errors == ()
    heic, gif = (photo.image.convert("RGB").getpixel((5, 5)) for photo in photos)
    assert isinstance(heic, tuple)
    assert max(heic) == heic[1]
    assert gif == (255, 0, 0)


def test_more_files_than_the_limit_are_refused_together() -> None:
    photos, [error] = read_uploads([Sent(f"{n}.png", drawn("red")) for n in range(50)])
    assert photos == ()
    assert f"50 photos at once are more than the limit of {MAX_PHOTOS}" in str(error)


def test_what_is_kept_of_a_large_photo_is_small() -> None:
    [photo], _ = read_uploads([Sent("large.jpg", drawn("red", size=(6000, 4000), kind="JPEG"))])
    assert max(photo.image.size) == 1536
