"""Files that come through the browser: what is no photo is told in a line, and the rest is kept."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from app_pages import drawn
from odd_files import SVG, huge, several

from ui.uploads import MAX_PHOTOS, read_uploads


@dataclass(frozen=True)
class Sent:
    """An upload as Streamlit hands it over."""

    name: str
    data: bytes

    def getvalue(self) -> bytes:
        return self.data


@pytest.mark.parametrize(
    ("name", "data", "told", "next_step"),
    [
        ("huge.png", huge(), "300.0 megapixels are more than the limit of 200", "smaller copy"),
        ("drawing.svg", SVG, "it holds a drawing (SVG)", "save this as PNG first"),
        ("drawing.png", SVG, "it holds a drawing (SVG)", "save this as PNG first"),
        ("cut.png", drawn("red")[:-30], "damaged or incomplete", "Copy it again"),
        ("empty.jpg", b"", "the file is empty", "Copy it again"),
        ("diary.jpg", b"Dear diary", "not an image: it holds text", "Add a photo"),
        ("page.jpg", b"<html><script>alert(1)</script>", "a web page", "Add a photo"),
    ],
)
def test_what_is_no_photo_is_told_in_a_line_and_the_others_are_there(
    name: str, data: bytes, told: str, next_step: str
) -> None:
    photos, errors = read_uploads([Sent(name, data), Sent("good.png", drawn("blue"))])
    assert [photo.name for photo in photos] == ["good.png"]
    [error] = errors
    assert str(error).startswith(f"{name}: ")
    assert told in str(error)
    assert next_step in str(error)
    assert "\n" not in str(error)


def test_of_an_animation_and_of_pages_the_first_picture_is_used_and_it_is_said() -> None:
    files = {
        "moving.gif": several("GIF"),
        "moving.png": several("PNG"),
        "moving.webp": several("WEBP"),
        "pages.tif": several("TIFF"),
        "still.gif": drawn("red", kind="GIF"),
        "two.jpg": several("MPO"),  # as phones write one picture for two kinds of displays
    }
    photos, errors = read_uploads([Sent(name, data) for name, data in files.items()])
    assert errors == ()
    assert {photo.image.convert("RGB").getpixel((5, 5)) for photo in photos[:4]} == {(255, 0, 0)}
    told = [photo.name for photo in photos if any("Only the first" in note for note in photo.notes)]
    assert told == ["moving.gif", "moving.png", "moving.webp", "pages.tif"]


def test_a_heic_is_a_photo() -> None:
    [photo], errors = read_uploads([Sent("phone.heic", drawn("green", kind="HEIF"))])
    assert errors == ()
    colours = photo.image.convert("RGB").getpixel((5, 5))
    assert isinstance(colours, tuple)
    assert max(colours) == colours[1]


def test_a_photo_that_is_sent_twice_is_there_once_and_it_is_said() -> None:
    red = drawn("red")
    photos, errors = read_uploads([Sent("a.png", red), Sent("b.png", red), Sent("a.png", red)])
    assert errors == ()
    assert [photo.name for photo in photos] == ["a.png"]
    assert photos[0].notes == (
        "This photo was added twice as b.png. It is here once.",
        "This photo was added twice. It is here once.",
    )


def test_of_more_files_than_the_limit_the_first_are_used_and_the_others_named() -> None:
    files = [Sent(f"{n}.png", drawn("red", size=(8 + n, 8))) for n in range(50)]
    photos, [error] = read_uploads(files)
    assert [photo.name for photo in photos] == [f"{n}.png" for n in range(MAX_PHOTOS)]
    assert str(error).startswith("Left out: 20.png, 21.png, 22.png and 27 more. The limit is 20 ")
    _, [error] = read_uploads(files[:3], room=2)
    assert str(error).startswith("Left out: 2.png. ")
    assert "Add it when" in str(error)


def test_what_is_kept_of_a_large_photo_is_small() -> None:
    [photo], _ = read_uploads([Sent("large.jpg", drawn("red", size=(6000, 4000), kind="JPEG"))])
    assert max(photo.image.size) == 1536
