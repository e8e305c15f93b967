"""Positions on the globe, in degrees; what cannot be a position is None."""

from __future__ import annotations

import re
from collections.abc import Sequence

_XMP = re.compile(
    r"\s*(\d{1,3}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?([NSEW])\s*"
)


def checked(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Both, or None; 0, 0 is what devices write that do not know where they are.

    >>> checked(-33.5, 151.25), checked(0.0, 0.0), checked(float("nan"), 1.0), checked(91, 0)
    ((-33.5, 151.25), None, None, None)
    """
    if not isinstance(latitude, (int, float)) or not isinstance(longitude, (int, float)):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # also refuses not-a-number
        return None
    return (float(latitude), float(longitude)) if (latitude, longitude) != (0, 0) else None


def degrees(parts: Sequence[object], reference: str | None) -> float | None:
    """Of degrees, minutes and seconds, and N, S, E or W.

    >>> degrees((33, 30, 0), "S"), degrees((151.25,), "E"), degrees((1, 2, float("nan")), "N")
    (-33.5, 151.25, None)
    """
    if not 1 <= len(parts) <= 3:
        return None
    try:
        numbers = [float(part) for part in parts]  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if any(not 0 <= number <= 360 for number in numbers):  # also refuses not-a-number
        return None
    whole: float = sum(number / 60**power for power, number in enumerate(numbers))
    return -whole if (reference or "").strip().upper()[:1] in ("S", "W") else whole


def xmp_degrees(text: str | None) -> float | None:
    """Of XMP's notation (XMP part 2, 1.2.7.4): degrees, minutes and seconds or a fraction, letter.

    >>> xmp_degrees("33,30.0S"), xmp_degrees("151,15,0E"), xmp_degrees("north")
    (-33.5, 151.25, None)
    """
    found = _XMP.fullmatch(text or "")
    if found is None:
        return None
    *parts, letter = found.groups()
    return degrees([part for part in parts if part is not None], letter)
