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
from typing import NamedTuple, TypeAlias

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Bound, Candidate
from index.catalogue.word_forms import COLUMNS
from index.paths import absolute
from index.query.dates import Period
from index.query.parts import Circle, Filter, FilterName, Query, Ratings
from index.query.values import FORMATS
from index.search.filter_bounds import among, any_of, around, of_type, rated, taken, under

Test: TypeAlias = Callable[[Candidate], bool]

ANY_OF = frozenset[FilterName]({"type", "camera", "lens", "rating", "taken", "near", "place"})
"""Filters of which a photo can pass only one at a time, so that several are alternatives."""

COLUMNS_OF: dict[FilterName, tuple[str, ...]] = {
    "text": ("ocr",),
    "caption": ("caption", "drafted"),
    "keyword": ("keywords",),
}
"""Filters that ask for words, and where these stand."""

_EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the things that must hold: any of some filters, or a phrase in quotes.

    No photo outside ``bound`` passes the test; None where nothing is known ahead.
    """

    asked: tuple[Filter | str, ...]
    test: Test
    bound: Bound | None = None


class _Rule(NamedTuple):
    test: Test
    bound: Bound | None = None


def conditions(catalogue: Catalogue, query: Query, today: date) -> list[Condition]:
    """Everything that must hold for a photo to be searched, in no particular order."""
    made = [Condition((said,), *_worded(catalogue, said, COLUMNS)) for said in query.exact]
    alternatives: dict[FilterName, list[Filter]] = {}
    for asked in query.filters:
        if asked.name in ANY_OF and not asked.negated:
            alternatives.setdefault(asked.name, []).append(asked)
        else:
            rule = _rule(catalogue, asked, today)
            made.append(Condition((asked,), *(_not(rule) if asked.negated else rule)))
    for group in alternatives.values():
        rules = [_rule(catalogue, asked, today) for asked in group]
        bound = any_of([rule.bound for rule in rules])
        made.append(Condition(tuple(group), _any([rule.test for rule in rules]), bound))
    return made


def passing(catalogue: Catalogue, all_of: Sequence[Condition]) -> list[Candidate]:
    """The photos for which all conditions hold."""
    tests = [condition.test for condition in all_of]
    bounds = [condition.bound for condition in all_of if condition.bound is not None]
    return [photo for photo in catalogue.filterable(*bounds) if all(t(photo) for t in tests)]


def _rule(catalogue: Catalogue, asked: Filter, today: date) -> _Rule:
    value = asked.value
    if isinstance(value, Period):
        days = value.days(today)
        return _Rule(_taken(*days), taken(*days))
    if isinstance(value, Ratings):
        return _Rule(_rated(value), rated(value))
    if isinstance(value, Circle):
        return _Rule(_around(value), around(value))
    if asked.name in COLUMNS_OF:
        return _worded(catalogue, value, COLUMNS_OF[asked.name])
    if asked.name == "in":
        folder = _absolute(value)
        return _Rule(lambda photo: within(photo.path, folder), under(folder))
    if asked.name == "type":
        kinds = FORMATS[value]
        return _Rule(lambda photo: photo.format in kinds, of_type(value))
    if asked.name == "file":
        return _Rule(lambda photo: is_called(photo.path, value))
    if asked.name == "camera":
        return _Rule(lambda photo: names(photo.camera, value))
    if asked.name == "lens":
        return _Rule(lambda photo: names(photo.lens, value))
    return _Rule(_placed(value))


def _worded(catalogue: Catalogue, words: str, columns: Sequence[str]) -> _Rule:
    found = {i for i, _ in catalogue.search_words(phrase(words), columns, catalogue.count())}
    return _Rule(lambda photo: photo.id in found, among(found))


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
    from index.gazetteer.places import country_named, find

    country = country_named(name)
    near = [_around(Circle(*found)) for found in find(name)]
    return _any([lambda photo: names(photo.place, name), lambda photo: _in(photo, country), *near])


def _in(photo: Candidate, country: str | None) -> bool:
    place = photo.place or ""
    return country is not None and (place == country or place.endswith(f", {country}"))


def _any(tests: Iterable[Test]) -> Test:
    several = tuple(tests)
    return several[0] if len(several) == 1 else lambda photo: any(test(photo) for test in several)


def _not(rule: _Rule) -> _Rule:
    return _Rule(lambda photo: not rule.test(photo))


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
