"""Which photos a query's filters leave, as ids that the vectors are searched within.

Filters of one name are alternatives where a photo has only one such thing (``type:png type:gif``)
and must all hold where it can have several (``keyword:sea keyword:sun``). None of those with a
minus sign may hold.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.catalogue_records import Candidate
from index.dates import Period
from index.query_parts import Circle, Filter, FilterName, Query, Ratings
from index.query_values import FORMATS
from index.scan import absolute
from index.words import COLUMNS

Test: TypeAlias = Callable[[Candidate], bool]

ANY_OF = frozenset[FilterName]({"type", "camera", "lens", "rating", "taken", "near", "place"})
"""Filters of which a photo can pass only one at a time, so that several are alternatives."""

COLUMNS_OF: dict[FilterName, str] = {"text": "ocr", "caption": "caption", "keyword": "keywords"}
"""Filters that ask for words, and where these stand."""

_EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the things that must hold: any of some filters, or a phrase in quotes."""

    asked: tuple[Filter | str, ...]
    test: Test

    @property
    def name(self) -> str:
        """Name of its filters; "" for a phrase."""
        first = self.asked[0]
        return "" if isinstance(first, str) else first.name


def conditions(catalogue: Catalogue, query: Query, today: date) -> list[Condition]:
    """Everything that must hold for a photo to be searched, in no particular order."""
    made = [Condition((phrase,), _has_words(catalogue, phrase, COLUMNS)) for phrase in query.exact]
    alternatives: dict[FilterName, list[Filter]] = {}
    for asked in query.filters:
        if asked.name in ANY_OF and not asked.negated:
            alternatives.setdefault(asked.name, []).append(asked)
        else:
            test = _test(catalogue, asked, today)
            made.append(Condition((asked,), _not(test) if asked.negated else test))
    for group in alternatives.values():
        tests = [_test(catalogue, asked, today) for asked in group]
        made.append(Condition(tuple(group), _any(tests)))
    return made


def allowed(catalogue: Catalogue, all_of: Sequence[Condition]) -> NDArray[np.int64] | None:
    """Ids of the photos for which all conditions hold; None where there is no condition."""
    if not all_of:
        return None
    tests = [condition.test for condition in all_of]
    passing = (c.id for c in catalogue.filterable() if all(test(c) for test in tests))
    return np.fromiter(passing, np.int64)


def _test(catalogue: Catalogue, asked: Filter, today: date) -> Test:
    value = asked.value
    if isinstance(value, Period):
        return _taken(*value.days(today))
    if isinstance(value, Ratings):
        return _rated(value)
    if isinstance(value, Circle):
        return _any([_around(value)])
    if asked.name in COLUMNS_OF:
        return _has_words(catalogue, value, [COLUMNS_OF[asked.name]])
    if asked.name == "in":
        folder = _absolute(value)
        return lambda photo: within(photo.path, folder)
    if asked.name == "type":
        kinds = FORMATS[value]
        return lambda photo: photo.format in kinds
    if asked.name == "file":
        return lambda photo: is_called(photo.path, value)
    if asked.name == "camera":
        return lambda photo: names(photo.camera, value)
    if asked.name == "lens":
        return lambda photo: names(photo.lens, value)
    return _placed(value)


def _has_words(catalogue: Catalogue, words: str, columns: Sequence[str]) -> Test:
    found = {i for i, _ in catalogue.search_words(phrase(words), columns, catalogue.count())}
    return lambda photo: photo.id in found


def _taken(first: date, last: date) -> Test:
    low, high = first.isoformat(), last.isoformat()
    return lambda photo: photo.taken_at is not None and low <= photo.taken_at[:10] <= high


def _rated(stars: Ratings) -> Test:
    low = -math.inf if stars.low is None else stars.low
    high = math.inf if stars.high is None else stars.high
    return lambda photo: photo.rating is not None and low <= photo.rating <= high


def _around(circle: Circle) -> Test:
    def test(photo: Candidate) -> bool:
        if photo.latitude is None or photo.longitude is None:
            return False
        return distance_km(circle, photo.latitude, photo.longitude) <= circle.km

    return test


def _placed(name: str) -> Test:
    # Late, since it reads a table that other searches do not need.
    from index.places import find

    around = [_around(Circle(*found)) for found in find(name)]
    return _any([lambda photo: names(photo.place, name), _in_country(name), *around])


def _in_country(name: str) -> Test:
    from index.places import country_named

    country = country_named(name)
    if country is None:
        return lambda photo: False
    return lambda photo: (photo.place or "").endswith(f", {country}") or photo.place == country


def _any(tests: Iterable[Test]) -> Test:
    several = tuple(tests)
    return several[0] if len(several) == 1 else lambda photo: any(test(photo) for test in several)


def _not(test: Test) -> Test:
    return lambda photo: not test(photo)


def phrase(text: str) -> str:
    """Words that must stand side by side, as `Catalogue.search_words` takes them."""
    return '"' + text.replace('"', " ") + '"'


def distance_km(circle: Circle, latitude: float, longitude: float) -> float:
    """Kilometres on the globe from the middle of a circle (haversine formula).

    >>> round(distance_km(Circle(41.9, 12.5, 1), 48.86, 2.35))
    1106
    """
    north, south = math.radians(circle.latitude), math.radians(latitude)
    east = math.radians(longitude - circle.longitude)
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def names(text: str | None, wanted: str) -> bool:
    """Whether every word that is wanted stands in a text, in upper or lower case, or inside a word.

    >>> names("Google Pixel 7a", "pixel"), names("Google Pixel 7a", "7a google"), names(None, "x")
    (True, True, False)
    """
    said = (text or "").casefold()
    return all(word in said for word in wanted.casefold().split())


def is_called(path: str, wanted: str) -> bool:
    """Whether a file's name holds a text, or fits a pattern with ``*`` and ``?``.

    >>> [is_called("/a/IMG_1234.jpg", wanted) for wanted in ("img_12", "img_*.jpg", "img_*.png")]
    [True, True, False]
    """
    name, wanted = path.rpartition("/")[2].casefold(), wanted.casefold()
    if "*" in wanted or "?" in wanted:
        return fnmatchcase(name, wanted.replace("[", "[[]"))
    return wanted in name


def within(path: str, folder: str) -> bool:
    """Whether a photo lies anywhere under a folder.

    A folder that starts with ``/`` is that very one; any other is a run of folder names that may
    stand anywhere above the photo, in upper or lower case.

    >>> within("/home/me/Holiday/Rome/1.jpg", "holiday"), within("/home/me/1.jpg", "/home")
    (True, True)
    >>> within("/home/me/Holidays/1.jpg", "holiday"), within("/home/me.jpg", "me.jpg")
    (False, False)
    """
    parent = path.rpartition("/")[0] + "/"
    if folder.startswith("/"):
        return parent.startswith(folder.rstrip("/") + "/")
    return f"/{folder.strip('/').casefold()}/" in parent.casefold()


def _absolute(folder: str) -> str:
    """Folders named from here or from home are that very folder; others are names."""
    if folder.startswith("~"):
        return str(Path(folder).expanduser())
    if folder in (".", "..") or folder.startswith(("./", "../")):
        return os.fsdecode(absolute(Path(folder)))
    return folder
