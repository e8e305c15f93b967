"""EXIF tags, as cameras, phones and Windows write them and as damage leaves them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.ExifTags import GPS, Base
from PIL.TiffImagePlugin import IFDRational

from index.metadata.equipment import camera_name, lens_name
from index.metadata.exif import read_exif
from index.metadata.position import checked, degrees, xmp_degrees
from index.metadata.told import Told

NUMBER = st.floats() | st.integers() | st.just(IFDRational(0, 0)) | st.just(IFDRational(1, 0))
NUMBERS = st.lists(NUMBER, max_size=5).map(tuple)
VALUE = st.none() | NUMBER | NUMBERS | st.text() | st.binary()
TAGS = st.sampled_from([*Base, *GPS])


def test_everything_the_tags_tell_is_read() -> None:
    told = read_exif(
        {
            Base.DateTimeOriginal: "2023:05:04 10:11:12",
            Base.OffsetTimeOriginal: "+02:00",
            Base.SubsecTimeOriginal: "34",
            Base.DateTimeDigitized: "2023:05:05 00:00:00",
            Base.DateTime: "2023:05:06 00:00:00",
            Base.Make: "FUJIFILM",
            Base.Model: "X-T30",
            Base.LensModel: "XF18-55mmF2.8-4 R LM OIS",
            GPS.GPSLatitudeRef: "S",
            GPS.GPSLatitude: (33.0, 30.0, 0.0),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (151.0, 15.0, 0.0),
            Base.Rating: 4,
            Base.XPTitle: "A barn\x00".encode("utf-16-le"),
            Base.ImageDescription: "A red barn in the snow",
            Base.XPKeywords: "barn;Snow;barn".encode("utf-16-le"),
        }
    )
    assert told == Told(
        taken_at="2023-05-04T10:11:12.340+02:00",
        digitised_at="2023-05-05T00:00:00",
        changed_at="2023-05-06T00:00:00",
        camera="FUJIFILM X-T30",
        lens="XF18-55mmF2.8-4 R LM OIS",
        position=(-33.5, 151.25),
        rating=4,
        title="A barn",
        description="A red barn in the snow",
        keywords=("barn", "Snow"),
    )


def test_text_that_pillow_took_for_latin_1_is_read_as_what_it_is() -> None:
    for written in ("Café".encode().decode("latin-1"), "Café", "Café".encode()):
        assert read_exif({Base.ImageDescription: written}).description == "Café"
    assert read_exif({Base.Model: "X\x00rubbish"}).camera == "X"


@pytest.mark.parametrize(
    "constant",
    [
        "OLYMPUS DIGITAL CAMERA         ",
        "SONY DSC",
        "<Digimax i50 MP3, Samsung #1 MP3>",
        "Created with GIMP",
        "File written by Adobe Photoshop? 4.0",
        "DCIM100MEDIA",
        "----",
        "   ",
    ],
)
def test_what_cameras_and_programs_write_into_every_file_is_no_description(constant: str) -> None:
    assert read_exif({Base.ImageDescription: constant}).description is None
    comment = "My barn".encode("utf-16-le")
    told = read_exif({Base.ImageDescription: constant, Base.XPComment: comment})
    assert told.description == "My barn"


def test_a_lens_without_a_name_is_called_by_its_numbers() -> None:
    numbers = (IFDRational(24), IFDRational(70), IFDRational(28, 10), IFDRational(28, 10))
    for name in (None, "----", ""):
        told = read_exif({Base.LensModel: name, Base.LensSpecification: numbers})
        assert told.lens == "24-70mm f/2.8"
    assert lens_name((70, 24, 2.8, 2.8)) is None
    assert lens_name((float("inf"),) * 4) is None


@pytest.mark.parametrize(
    ("maker", "model", "name"),
    [
        ("Canon", "Canon EOS 40D", "Canon EOS 40D"),
        ("NIKON CORPORATION", "NIKON D70", "NIKON D70"),
        ("EASTMAN KODAK COMPANY", "KODAK CX7530 ZOOM", "KODAK CX7530 ZOOM"),
        ("OLYMPUS OPTICAL CO.,LTD", "C8080WZ", "OLYMPUS C8080WZ"),
        ("SANYO Electric Co.,Ltd.", "SR6", "SANYO Electric SR6"),
        ("Google", "Pixel 6", "Google Pixel 6"),
        (None, "iPhone", "iPhone"),
        ("Co.", None, "Co."),
        (None, None, None),
    ],
)
def test_a_camera_is_called_as_people_call_it(
    maker: str | None, model: str | None, name: str | None
) -> None:
    assert camera_name(maker, model) == name


def test_a_place_that_is_none_is_left_out() -> None:
    for latitude, longitude in ((0, 0), (91, 0), (0, 181), (float("nan"), 5), ("1", 2), (None, 1)):
        assert checked(latitude, longitude) is None
    assert degrees((IFDRational(0, 0), 0, 0), "N") is None
    assert degrees((1, 2, 3, 4), "N") is None
    assert xmp_degrees("400,0,0N") is None


@settings(deadline=None)
@given(latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
def test_degrees_minutes_and_seconds_say_the_same_position(
    latitude: float, longitude: float
) -> None:
    for value, letters in ((latitude, "NS"), (longitude, "EW")):
        letter = letters[value < 0]
        whole, minutes = divmod(abs(value) * 60, 60)
        found = degrees((whole, int(minutes), minutes % 1 * 60), letter)
        assert found == pytest.approx(value, abs=1e-9)
        assert xmp_degrees(f"{int(whole)},{minutes:.9f}{letter}") == pytest.approx(value, abs=1e-9)


@settings(deadline=None)
@given(tags=st.dictionaries(TAGS, VALUE))
def test_any_tags_are_told_cleanly(tags: dict[int, object]) -> None:
    told = read_exif(tags)
    if told.position is not None:
        assert abs(told.position[0]) <= 90 and abs(told.position[1]) <= 180
    assert told.rating is None or 0 <= told.rating <= 5
    for text in (told.camera, told.lens, told.title, told.description, *told.keywords):
        assert text is None or (0 < len(text) <= 5000 and text.encode())
