"""Where photos were taken, as a picture: which part of the world, its towns as dots, circles.

Coordinates of the picture are `WIDE` by `HIGH` units, from its upper left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil, cos, hypot, radians

import numpy as np

from index.gazetteer.places import positions
from index.overview import Spot
from index.query.tokens import written_value

WIDE, HIGH = 200, 100
NEAR = 7.0
"""Units within which places are one circle, so that each can be seen and hit."""

_EDGE = 3.0
_LEAST = 16.0
"""Degrees from north to south that are shown at least: less would show no land one knows."""
_KM_PER_DEGREE = 111.195
_TOWN_KM = 25


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world, in degrees."""

    west: float
    east: float
    south: float
    north: float

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a position is in the picture.

        >>> WORLD.place(84, -180), WORLD.place(-58, 180)
        ((0.0, 0.0), (200.0, 100.0))
        """
        x = (longitude - self.west) / (self.east - self.west) * WIDE
        y = (self.north - latitude) / (self.north - self.south) * HIGH
        return round(x, 3), round(y, 3)


WORLD = View(-180, 180, -58, 84)


def view_of(spots: Sequence[Spot]) -> View:
    """The part of the world that shows all places, with land around; all of it if they are far.

    >>> view_of([Spot("Rome, Italy", 41.9, 12.5, 3)]).place(41.9, 12.5)
    (100.0, 50.0)
    """
    if not spots:
        return WORLD
    south, north = min(s.latitude for s in spots), max(s.latitude for s in spots)
    west, east = min(s.longitude for s in spots), max(s.longitude for s in spots)
    middle = (south + north) / 2
    narrow = cos(radians(max(-75.0, min(75.0, middle))))  # a degree eastwards, to one northwards
    high = max(_LEAST, (north - south) * 1.4, (east - west) * 1.4 * narrow * HIGH / WIDE)
    wide = high * WIDE / HIGH / narrow
    if high > 85 or wide > 200:
        return WORLD
    centre = (west + east) / 2
    return View(centre - wide / 2, centre + wide / 2, middle - high / 2, middle + high / 2)


@cache
def dots(view: View) -> str:
    """The towns in a view as the path of an SVG: a point in each cell that has any."""
    latitude, longitude = positions()
    x = ((longitude - view.west) / (view.east - view.west) * WIDE).astype(np.int64)
    y = ((view.north - latitude) / (view.north - view.south) * HIGH).astype(np.int64)
    inside = (x >= 0) & (x < WIDE) & (y >= 0) & (y < HIGH)
    cells = np.unique(y[inside] * WIDE + x[inside]).tolist()
    return "".join(f"M{cell % WIDE}.5 {cell // WIDE}.5h0" for cell in cells)


@dataclass(slots=True)
class Circle:
    """Places that are drawn as one, the one with most photos first."""

    x: float
    y: float
    spots: list[Spot] = field(default_factory=list)

    @property
    def photos(self) -> int:
        """Photos of all its places."""
        return sum(spot.photos for spot in self.spots)

    @property
    def name(self) -> str:
        """What it is called: by its first place that has a name.

        >>> Circle(0, 0, [Spot("Rome, Italy", 41.9, 12.5, 3), Spot("", 42, 13, 1)]).name
        'Rome, Italy and 1 more place'
        """
        names = [spot.name for spot in self.spots if spot.name]
        first = names[0] if names else degrees(self.spots[0])
        more = len(self.spots) - 1
        return first + (f" and {more} more place{'s' if more > 1 else ''}" if more else "")

    @property
    def query(self) -> str:
        """What finds the photos of its places.

        >>> Circle(0, 0, [Spot("Rome, Italy", 41.9, 12.5, 3)]).query
        'place:"Rome, Italy"'
        >>> Circle(0, 0, [Spot("", 10.25, -3.5, 3)]).query
        'near:10.25,-3.5,78'
        """
        first = self.spots[0]
        if len(self.spots) == 1 and first.name:
            return f"place:{written_value(first.name)}"
        reach = max(_kilometres(first, spot) for spot in self.spots)
        # What has no name may lie up to half a degree from the middle.
        around = _TOWN_KM if all(spot.name for spot in self.spots) else 0.7 * _KM_PER_DEGREE
        middle = f"{round(first.latitude, 3):g},{round(first.longitude, 3):g}"
        return f"near:{middle},{ceil(reach + around)}"


def circles(spots: Sequence[Spot], view: View) -> list[Circle]:
    """The places of a view as circles that do not hide each other; those of most photos first.

    What lies outside of the view is left out; on a map of the whole world, places near the poles
    stand at its edge.
    """
    found: list[Circle] = []
    for spot in sorted(spots, key=lambda spot: -spot.photos):
        x, y = view.place(spot.latitude, spot.longitude)
        if view is WORLD:
            y = min(max(y, _EDGE), HIGH - _EDGE)
        elif not (0 <= x <= WIDE and 0 <= y <= HIGH):
            continue
        near = (one for one in found if hypot(one.x - x, one.y - y) < NEAR)
        circle = next(near, None)
        if circle is None:
            circle = Circle(x, y)
            found.append(circle)
        circle.spots.append(spot)
    return sorted(found, key=lambda circle: -circle.photos)


def degrees(spot: Spot) -> str:
    """Where a place without a name is.

    >>> degrees(Spot("", 30.2, -45.0, 3))
    '30° N, 45° W'
    """
    northern = f"{abs(spot.latitude):.0f}° {'N' if spot.latitude >= 0 else 'S'}"
    return f"{northern}, {abs(spot.longitude):.0f}° {'E' if spot.longitude >= 0 else 'W'}"


def _kilometres(one: Spot, other: Spot) -> float:
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return hypot(north, east) * _KM_PER_DEGREE
