"""What the EXIF tags of a photo tell (CIPA DC-008), and those that Windows adds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PIL.ExifTags import GPS, Base

from index.metadata.equipment import camera_name, lens_name
from index.metadata.plain_text import LONG, decoded, plain
from index.metadata.position import checked, degrees
from index.metadata.taken import written
from index.metadata.told import Told, first, tidy_keywords

_SAYS_NOTHING = re.compile(
    r"(?:[\w ]{0,20}digital (?:still )?camera|(?:sony|minolta|kodak) dsc|dcim\S*|exif[_ ]jpeg\w*"
    r"|created with (?:the )?gimp|file written by adobe photoshop.*|<.*>|my beautiful picture"
    r"|jpeg image|image description|untitled|default|picture|\W*)",
    re.IGNORECASE,
)
"""Descriptions that describe nothing: cameras and programs write them into every file."""


def read_exif(tags: Mapping[int, object]) -> Told:
    """Of the tags by number, GPS tags among them, with the values that Pillow gives.

    >>> told = read_exif({306: "2024:02:03 04:05:06", 271: "Apple", 272: "iPhone 12"})
    >>> told.changed_at, told.camera
    ('2024-02-03T04:05:06', 'Apple iPhone 12')
    """
    return Told(
        taken_at=written(
            _text(tags.get(Base.DateTimeOriginal)),
            offset=_text(tags.get(Base.OffsetTimeOriginal)),
            fraction=_text(tags.get(Base.SubsecTimeOriginal)),
        ),
        digitised_at=written(
            _text(tags.get(Base.DateTimeDigitized)),
            offset=_text(tags.get(Base.OffsetTimeDigitized)),
        ),
        changed_at=written(_text(tags.get(Base.DateTime))),
        camera=camera_name(_text(tags.get(Base.Make)), _text(tags.get(Base.Model))),
        lens=_lens(tags),
        position=_position(tags),
        rating=_rating(tags.get(Base.Rating)),
        title=_windows_text(tags.get(Base.XPTitle)),
        description=first(
            _description(tags.get(Base.ImageDescription)),
            _windows_text(tags.get(Base.XPComment), LONG),
        ),
        keywords=tidy_keywords((_windows_text(tags.get(Base.XPKeywords), LONG) or "").split(";")),
    )


def _text(value: object, limit: int = 300) -> str | None:
    """EXIF says ASCII, files say UTF-8 or Latin-1, and Pillow reads all as Latin-1."""
    if isinstance(value, str):
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return plain(value, limit)
    if isinstance(value, bytes):
        return plain(decoded(value.split(b"\x00", 1)[0][: 4 * limit]), limit)
    return None


def _windows_text(value: object, limit: int = 300) -> str | None:
    """Explorer's own tags are UTF-16 in a tag of bytes."""
    if isinstance(value, tuple):
        try:
            value = bytes(value)
        except (TypeError, ValueError):
            return None
    if not isinstance(value, bytes):
        return None
    return plain(value[: 4 * limit].decode("utf-16-le", "replace").split("\x00", 1)[0], limit)


def _description(value: object) -> str | None:
    text = _text(value, LONG)
    return None if text is None or _SAYS_NOTHING.fullmatch(text) else text


def _lens(tags: Mapping[int, object]) -> str | None:
    name = _text(tags.get(Base.LensModel))
    if name is not None and any(char.isalnum() for char in name):  # "----" is no lens
        return name[:100]
    specification = tags.get(Base.LensSpecification)
    return lens_name(specification) if isinstance(specification, tuple) else None


def _position(tags: Mapping[int, object]) -> tuple[float, float] | None:
    return checked(
        _degrees(tags.get(GPS.GPSLatitude), tags.get(GPS.GPSLatitudeRef)),
        _degrees(tags.get(GPS.GPSLongitude), tags.get(GPS.GPSLongitudeRef)),
    )


def _degrees(value: object, reference: object) -> float | None:
    return degrees(value if isinstance(value, tuple) else (value,), _text(reference))


def _rating(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 5 else None
