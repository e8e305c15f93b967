"""What SQLite can tell of a filter ahead, so that few photos of a large library must be read.

A bound may let too many photos through, since each is tested afterwards, but none too few.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from datetime import date

from index.catalogue.records import Bound
from index.query.parts import Circle, Ratings
from index.query.values import FORMATS, STARS

MOST_IDS = 20_000
"""More ids than this cost more to hand over than they spare."""

_KM_PER_DEGREE = 110.0
"""A little less than on the globe, so that a belt is rather too wide."""


def taken(first: date, last: date) -> Bound:
    """Between two days, both within."""
    return Bound("substr(taken_at, 1, 10) BETWEEN ? AND ?", (first.isoformat(), last.isoformat()))


def rated(stars: Ratings) -> Bound:
    """Between two numbers of stars."""
    low = STARS[0] if stars.low is None else stars.low
    high = STARS[-1] if stars.high is None else stars.high
    return Bound("rating BETWEEN ? AND ?", (low, high))


def around(circle: Circle) -> Bound:
    """In the belt of the globe that the circle lies in."""
    reach = circle.km / _KM_PER_DEGREE
    return Bound("latitude BETWEEN ? AND ?", (circle.latitude - reach, circle.latitude + reach))


def of_type(kind: str) -> Bound:
    """In one of the formats that a type stands for."""
    names = sorted(FORMATS[kind])
    return Bound(f"format IN ({', '.join('?' * len(names))})", tuple(names))


def under(folder: str) -> Bound | None:
    """Below a folder with its whole path; None for other folders."""
    if not folder.startswith("/"):
        return None
    path = os.fsencode(folder.rstrip("/"))
    return Bound("path > ? AND path < ?", (path + b"/", path + b"0"))  # "0" follows "/"


def among(numbers: Collection[int]) -> Bound | None:
    """With one of these ids; None for too many of them."""
    if len(numbers) > MOST_IDS:
        return None
    return Bound("id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(numbers)),))


def any_of(bounds: Sequence[Bound | None]) -> Bound | None:
    """Within at least one of the bounds; None where one of them is not known."""
    known = [bound for bound in bounds if bound is not None]
    if len(known) < len(bounds):
        return None
    values = tuple(value for bound in known for value in bound.values)
    return Bound("(" + " OR ".join(f"({bound.sql})" for bound in known) + ")", values)
