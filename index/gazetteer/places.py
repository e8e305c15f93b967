"""Names of places, offline: from a position to the town, and from a name to positions.

The table holds GeoNames' towns of 5,000 people and more (see NOTICE). A town reaches
as far as its people make plausible, so that a photo in the middle of Berlin is of Berlin and not
of the borough whose centre happens to be nearer.
"""

from __future__ import annotations

from functools import cache
from math import cos, radians
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.gazetteer.names import folded

MAX_KM = 50.0
"""A town farther away than this says nothing about a photo."""

_TABLE = Path(__file__).with_name("towns.npz")
_KM_PER_DEGREE = 111.195
_ALSO_CALLED = {
    **dict.fromkeys(("uk", "britain", "great britain"), "gb"),
    **dict.fromkeys(("america", "united states of america", "u s a", "u s"), "us"),
    **{"holland": "nl", "czech republic": "cz", "turkiye": "tr", "cote d ivoire": "ci"},
    **{"korea": "kr", "macedonia": "mk", "burma": "mm", "swaziland": "sz", "cape verde": "cv"},
}


class Circle(NamedTuple):
    """A town: its middle in degrees, and how far it reaches."""

    latitude: float
    longitude: float
    radius_km: float


def nearest(latitude: float, longitude: float) -> str | None:
    """The town of a position as "Rome, Italy", or None where there is none within 50 km.

    Inside the reach of towns it is the one whose middle is relatively nearest, elsewhere the one
    whose edge is.

    >>> nearest(41.8902, 12.4922), nearest(0.0, -30.0)
    ('Rome, Italy', None)
    """
    if not (abs(latitude) <= 90 and abs(longitude) <= 360):  # also refuses not-a-number
        return None
    towns = _towns()
    belt = (latitude - MAX_KM / _KM_PER_DEGREE, latitude + MAX_KM / _KM_PER_DEGREE)
    row = towns.northward[slice(*towns.from_the_south.searchsorted(belt))]
    km = _distances(towns.latitude[row], towns.longitude[row], latitude, longitude)
    row, km = row[km <= MAX_KM], km[km <= MAX_KM]
    if not row.size:
        return None
    reach = towns.reach_km[row]
    inside = km < reach
    best = np.argmin(km / reach) if inside.any() else np.argmin(km - reach)
    return towns.label(int(row[best]))


def find(name: str) -> list[Circle]:
    """Towns of this name in any common language, largest first; "Rome, Italy" narrows it down.

    >>> find("roma")[:1] == find("Rome, Italy")
    True
    >>> [circle.radius_km for circle in find("Rome, Italy")]
    [18.2]
    >>> find("Middle of Nowhere")
    []
    """
    town, _, country = name.rpartition(",") if "," in name else (name, "", "")
    wanted = _country(country) if country else None
    if country and wanted is None:
        return []
    towns = _towns()
    return [
        Circle(
            round(float(towns.latitude[row]), 3),
            round(float(towns.longitude[row]), 3),
            round(float(towns.reach_km[row]), 1),
        )
        for row in _rows_called(folded(town))
        if wanted is None or towns.country[row] == wanted
    ]


def positions() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes of all towns, in degrees, shape ``(n,)`` each."""
    towns = _towns()
    return towns.latitude, towns.longitude


def country_named(name: str) -> str | None:
    """The name of a country as `nearest` writes it after the comma; codes and a few aliases too.

    >>> country_named("italy"), country_named("UK"), country_named("The Netherlands")
    ('Italy', 'United Kingdom', 'Netherlands')
    """
    row = _country(name)
    return None if row is None else _towns().countries[row]


class _Towns(NamedTuple):
    """One row a town, most people first; ``northward`` are the rows by latitude.

    ``from_the_south`` are their latitudes in that order.
    """

    latitude: NDArray[np.float64]
    northward: NDArray[np.intp]
    from_the_south: NDArray[np.float64]
    longitude: NDArray[np.float64]
    reach_km: NDArray[np.float64]
    country: NDArray[np.uint8]
    names: list[str]
    countries: list[str]

    def label(self, row: int) -> str:
        town, country = self.names[row], self.countries[self.country[row]]
        return town if folded(town) == folded(country) else f"{town}, {country}"


@cache
def _towns() -> _Towns:
    with np.load(_TABLE, allow_pickle=False) as table:
        latitude = table["latitude"] / 1000
        return _Towns(
            latitude,
            np.argsort(latitude),
            np.sort(latitude),
            table["longitude"] / 1000,
            np.minimum(3 + np.sqrt(table["people"]) / 100, MAX_KM),
            table["country"],
            table["names"].tobytes().decode().split("\n"),
            [line.split("\t")[0] for line in _lines(table["countries"])],
        )


@cache
def _found_by() -> bytes:
    """A line a town: its folded names, each between tabs."""
    with np.load(_TABLE, allow_pickle=False) as table:
        text: NDArray[np.uint8] = table["found_by"]
    return text.tobytes()


@cache
def _countries() -> dict[str, int]:
    with np.load(_TABLE, allow_pickle=False) as table:
        lines = _lines(table["countries"])
    return {folded(name): row for row, line in enumerate(lines) for name in line.split("\t")}


def _lines(text: NDArray[np.uint8]) -> list[str]:
    return text.tobytes().decode().split("\n")


def _country(name: str) -> int | None:
    key = folded(name).removeprefix("the ")
    return _countries().get(_ALSO_CALLED.get(key, key))


def _rows_called(name: str) -> list[int]:
    """Rows whose line has the name; searched as bytes, since a dictionary takes longer to make."""
    lines, wanted = _found_by(), f"\t{name}\t".encode()
    rows: list[int] = []
    line, at = 0, 0
    while (found := lines.find(wanted, at)) >= 0:
        line += lines.count(b"\n", at, found)
        rows.append(line)
        at = lines.find(b"\n", found)
        if at < 0:
            break
    return rows


def _distances(
    latitudes: NDArray[np.float64],
    longitudes: NDArray[np.float64],
    latitude: float,
    longitude: float,
) -> NDArray[np.float64]:
    """Kilometres, on a plane that touches the globe at the position: 0.1 % off at 50 km."""
    east = (longitudes - longitude + 180) % 360 - 180
    return np.hypot(latitudes - latitude, east * cos(radians(latitude))) * _KM_PER_DEGREE
