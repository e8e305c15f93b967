"""Which photos were shot when, as far as that tells shots of one camera apart."""

from __future__ import annotations

from datetime import datetime

from index.catalogue.records import Content

_FROM_CAMERA = ("exif", "xmp")

_AFTERWARDS = 3600.0
"""Seconds after which a time is rather that of an edit than of another shot of the moment."""


def shot_at(photo: Content) -> datetime | None:
    """Local time of the shot, without offset, if the camera told it."""
    if photo.camera is None or photo.taken_at is None or photo.taken_from not in _FROM_CAMERA:
        return None
    return datetime.fromisoformat(photo.taken_at).replace(tzinfo=None)


def are_two_shots(one: Content, other: Content) -> bool:
    """Whether one camera took these at two moments, seconds to minutes apart.

    Times of which only one has fractions of a second must differ by a second at least.
    """
    first, second = shot_at(one), shot_at(other)
    if first is None or second is None or one.camera != other.camera:
        return False
    gap = abs((first - second).total_seconds())
    least = 0.0 if bool(first.microsecond) == bool(second.microsecond) else 1.0
    return least < gap <= _AFTERWARDS
