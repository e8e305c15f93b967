"""What may stand behind the colon of an operator, and reading it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from index.query.dates import DateUnreadable, Period, period
from index.query.parts import Circle, FilterName, Ratings, Value
from vlm.suffixes import RAW_SUFFIXES, VIDEO_SUFFIXES

OPERATORS: Mapping[str, str] = {
    "in": "in:holiday",
    "type": "type:png",
    "camera": "camera:pixel",
    "lens": 'lens:"50mm f/1.8"',
    "rating": "rating:4..",
    "keyword": "keyword:beach",
    "taken": "taken:summer-2023",
    "near": "near:41.9,12.5,10",
    "place": "place:rome",
    "text": 'text:"no entry"',
    "caption": "caption:sunset",
    "file": "file:IMG_1234",
    "like": "like:beach.jpg",
}
"""Every operator, with an example for messages."""

ALIASES = {"tag": "keyword"}

_MEANT = {
    "after": "taken",
    "before": "taken",
    "date": "taken",
    "year": "taken",
    "folder": "in",
    "dir": "in",
    "path": "in",
    "album": "in",
    "ext": "type",
    "format": "type",
    "filename": "file",
    "name": "file",
    "ocr": "text",
    "stars": "rating",
    "label": "keyword",
    "location": "place",
    "city": "place",
    "country": "place",
    "gps": "near",
    "image": "like",
    "similar": "like",
}
"""Names that other programs give to the same things."""

FORMATS = {
    "jpeg": frozenset({"JPEG", "MPO"}),
    "png": frozenset({"PNG"}),
    "webp": frozenset({"WEBP"}),
    "gif": frozenset({"GIF"}),
    "tiff": frozenset({"TIFF"}),
    "bmp": frozenset({"BMP", "DIB"}),
    "heic": frozenset({"HEIF"}),
    "avif": frozenset({"AVIF"}),
    "raw": frozenset(suffix[1:].upper() for suffix in RAW_SUFFIXES),
    "video": frozenset(suffix[1:].upper() for suffix in VIDEO_SUFFIXES),
}
"""What ``type:`` may say, and what the catalogue calls it: Pillow's names, or suffixes."""

_TYPE_ALIASES = {"jpg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "mpo": "jpeg", "tif": "tiff"} | {
    "heif": "heic",
    "hif": "heic",
}

STARS = range(-1, 6)
"""Ratings of the XMP standard: 1 to 5 stars, 0 for none, -1 for rejected."""

_HALF_TURN_KM = 20_038.0


class ValueUnreadable(Exception):
    """Not a value of this operator; ``offset`` is where in the value it goes wrong."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.offset = offset


def read_value(name: FilterName, value: str) -> Value:
    """The value of a filter in its normal form. Raises `ValueUnreadable`."""
    return _READERS.get(name, _text)(value)


def meant(name: str) -> str | None:
    """The operator that an unknown name most likely means, or None.

    >>> meant("tyep"), meant("date"), meant("http")
    ('type', 'taken', None)
    """
    return _MEANT.get(name) or close(name, [*OPERATORS, *ALIASES])


def close(word: str, known: Iterable[str]) -> str | None:
    """The known word that is spelled nearly like this one, or None."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.75)), None)


def _text(value: str) -> str:
    return " ".join(value.split())


def _words(value: str) -> str:
    if not any(map(str.isalnum, value)):
        raise ValueUnreadable("there is no word here, only punctuation")
    return _text(value)


def _folder(value: str) -> str:
    return value.strip()


def _type(value: str) -> str:
    said = value.strip().lower().removeprefix(".")
    kind = _TYPE_ALIASES.get(said, said)
    if kind not in FORMATS:
        likely = close(said, [*FORMATS, *_TYPE_ALIASES])
        hint = f"did you mean type:{likely}? " if likely else ""
        known = ", ".join(FORMATS)
        raise ValueUnreadable(f"there is no type '{value}'; {hint}known types: {known}")
    return kind


def _taken(value: str) -> Period:
    try:
        return period(value)
    except DateUnreadable as error:
        raise ValueUnreadable(str(error), error.offset) from None


def _rating(value: str) -> Ratings:
    start, dots, end = value.partition("..")
    low = _stars(start, 0)
    high = _stars(end, len(start) + 2) if dots else low
    if low is None and high is None:
        raise ValueUnreadable("a rating is a number of stars, such as 5, 3.. or 2..4")
    if low is not None and high is not None and low > high:
        raise ValueUnreadable(f"{low} is more than {high}", len(start) + 2)
    return Ratings(low, high)


def _stars(text: str, offset: int) -> int | None:
    if not text.strip():
        return None
    known = {str(number): number for number in STARS}
    if text.strip() not in known:
        reason = f"'{text}' is no rating; write -1 (rejected) to 5, such as 5, 3.. or 2..4"
        raise ValueUnreadable(reason, offset)
    return known[text.strip()]


def _near(value: str) -> Circle:
    parts = value.split(",")
    if len(parts) != 3:
        raise ValueUnreadable("near: needs latitude, longitude and kilometres: near:41.9,12.5,10")
    numbers: list[float] = []
    offset = 0
    names = ("latitude", "longitude", "distance in km")
    for part, name, limit in zip(parts, names, (90.0, 180.0, _HALF_TURN_KM), strict=True):
        low = 0.0 if name == names[2] else -limit
        try:
            number = float(part)
        except ValueError:
            raise ValueUnreadable(f"'{part.strip()}' is no {name}", offset) from None
        if not low <= number <= limit or math.isnan(number):
            raise ValueUnreadable(f"the {name} must be from {low:g} to {limit:g}", offset)
        numbers.append(number)
        offset += len(part) + 1
    return Circle(*numbers)


_READERS: Mapping[FilterName, Callable[[str], Value]] = {
    "in": _folder,
    "file": _folder,
    "type": _type,
    "taken": _taken,
    "rating": _rating,
    "near": _near,
    "keyword": _words,
    "text": _words,
    "caption": _words,
}
