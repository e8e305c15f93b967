"""What the JSON beside a photo tells that came out of Google Photos by Takeout."""

from __future__ import annotations

import json
from collections.abc import Iterator

from index.metadata.plain_text import LONG, plain
from index.metadata.position import checked
from index.metadata.taken import since_1970
from index.metadata.told import Told, first, tidy_keywords


def read_takeout(data: bytes) -> Told:
    """Read the file; what is no such JSON is silence. Never raises.

    >>> read_takeout(b'{"photoTakenTime": {"timestamp": "1683195072"}}').taken_at
    '2023-05-04T10:11:12+00:00'
    """
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return Told()
    if not isinstance(told, dict) or not isinstance(told.get("photoTakenTime"), dict):
        return Told()
    return Told(
        taken_at=_time(told["photoTakenTime"].get("timestamp")),
        position=first(_position(told.get("geoData")), _position(told.get("geoDataExif"))),
        description=plain(told.get("description"), LONG),
        keywords=tidy_keywords(_people(told.get("people"))),
    )


def _time(value: object) -> str | None:
    """Seconds as a text or a number; 0 is what stands there when Google does not know."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return since_1970(seconds) if seconds else None


def _position(value: object) -> tuple[float, float] | None:
    if not isinstance(value, dict):
        return None
    return checked(value.get("latitude"), value.get("longitude"))


def _people(value: object) -> Iterator[object]:
    if isinstance(value, list):
        yield from (person.get("name") for person in value if isinstance(person, dict))
