"""When, with what and where a photo was taken, by its EXIF data; what is doubtful is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from PIL.ExifTags import GPS, Base

from index.records import Facts
from vlm.images import Photo

_DATE = re.compile(r"(\d{4})[:\-./](\d\d)[:\-./](\d\d)[ T](\d\d):(\d\d):(\d\d)")


def facts_of(photo: Photo) -> Facts:
    """The facts that the catalogue keeps."""
    latitude, longitude = position(photo.exif)
    return Facts(
        format=photo.format,
        width=photo.width,
        height=photo.height,
        orientation=photo.orientation,
        taken_at=taken_at(photo.exif),
        camera=camera(photo.exif),
        latitude=latitude,
        longitude=longitude,
    )


def taken_at(exif: Mapping[int, object]) -> str | None:
    """Local time of the shot as ISO 8601, from DateTimeOriginal, DateTimeDigitized or DateTime.

    >>> taken_at({306: "2024:02:03 04:05:06"})
    '2024-02-03T04:05:06'
    >>> taken_at({306: "0000:00:00 00:00:00"})
    """
    for tag in (Base.DateTimeOriginal, Base.DateTimeDigitized, Base.DateTime):
        match = _DATE.match(_text(exif.get(tag)))
        if match:
            with suppress(ValueError):  # the 31st of February, or all zeros
                year, month, day, hour, minute, second = (int(part) for part in match.groups())
                return datetime(year, month, day, hour, minute, second).isoformat()
    return None


def camera(exif: Mapping[int, object]) -> str | None:
    """Maker and model, the maker once.

    >>> camera({271: "Canon", 272: "Canon EOS 40D"}), camera({271: "Apple", 272: "iPhone 12"})
    ('Canon EOS 40D', 'Apple iPhone 12')
    """
    maker, model = _text(exif.get(Base.Make)), _text(exif.get(Base.Model))
    whole = model if model.lower().startswith(maker.lower()) else f"{maker} {model}"
    return whole.strip()[:100] or None


def position(exif: Mapping[int, object]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, north and east positive; None twice where unknown.

    >>> position({1: "S", 2: (33, 30, 0), 3: "E", 4: (151, 15, 0)})
    (-33.5, 151.25)
    """
    latitude = _degrees(exif.get(GPS.GPSLatitude), _text(exif.get(GPS.GPSLatitudeRef)), "S")
    longitude = _degrees(exif.get(GPS.GPSLongitude), _text(exif.get(GPS.GPSLongitudeRef)), "W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None, None
    return latitude, longitude


def _degrees(value: object, reference: str, negative: str) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    whole = degrees + minutes / 60 + seconds / 3600
    if not 0 <= whole <= 180:  # also refuses not-a-number
        return None
    return -whole if reference.upper().startswith(negative) else whole


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())
