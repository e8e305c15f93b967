"""Names of places, both ways, without a network."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.gazetteer.places
from index.gazetteer.names import folded
from index.gazetteer.places import MAX_KM, country_named, find, nearest

ANY = st.floats()
NAMES = ("names", "found_by")


@pytest.mark.parametrize(
    ("position", "place"),
    [
        ((41.8902, 12.4922), "Rome, Italy"),
        ((48.8584, 2.2945), "Paris, France"),
        ((48.8049, 2.1204), "Versailles, France"),  # a town of its own inside the reach of Paris
        ((52.5163, 13.3777), "Berlin, Germany"),
        ((-33.8568, 151.2153), "Sydney, Australia"),
        ((45.9766, 7.6585), "Zermatt, Switzerland"),
        ((1.29, 103.85), "Singapore"),
        ((69.65, 19.86), "Tromsdalen, Norway"),  # where a degree to the east is short
        ((-25.344, 131.036), None),  # a desert
        ((0.0, -30.0), None),  # an ocean
        ((90.0, 0.0), None),
        ((float("nan"), 0.0), None),
        ((0.0, float("inf")), None),
    ],
)
def test_a_position_has_the_name_that_people_would_say(
    position: tuple[float, float], place: str | None
) -> None:
    assert nearest(*position) == place


def test_a_longitude_may_be_counted_across_the_date_line() -> None:
    fiji = find("Labasa")[0]
    assert fiji.longitude > 179
    for longitude in (fiji.longitude, fiji.longitude - 360):
        assert nearest(fiji.latitude, longitude) == "Labasa, Fiji"


@settings(deadline=None)
@given(latitude=ANY, longitude=ANY)
def test_any_numbers_are_a_place_or_none(latitude: float, longitude: float) -> None:
    place = nearest(latitude, longitude)
    assert place is None or (-91 < latitude < 91 and place.strip() == place != "")


@pytest.mark.parametrize("name", ["Rome", "roma", " ROME ", "Rom", "Рим", "로마", "Rome, Italy"])
def test_a_town_is_found_in_any_language_the_largest_first(name: str) -> None:
    first = find(name)[0]
    assert (first.latitude, first.longitude) == pytest.approx((41.89, 12.51), abs=0.01)
    assert 5 < first.radius_km < 30


def test_a_country_tells_namesakes_apart() -> None:
    assert len(find("Paris")) > 2
    assert [round(town.longitude) for town in find("paris, france")] == [2]
    assert all(town.longitude < -60 for town in find("Paris, USA"))
    assert find("Paris, Atlantis") == []


@pytest.mark.parametrize("name", ["", " ", "\t", "\n", ",", "Rome,", "\x00", "Middle of Nowhere"])
def test_what_is_no_town_is_not_found(name: str) -> None:
    assert find(name) in ([], find("Rome"))


@settings(deadline=None)
@given(name=st.text())
def test_any_name_gives_circles_or_none(name: str) -> None:
    for circle in find(name):
        assert 0 < circle.radius_km <= MAX_KM
        assert math.isfinite(circle.latitude + circle.longitude)
    country_named(name)


@pytest.mark.parametrize("town", ["München", "Saint-Étienne", "são paulo", "Kraków", "Tokyo"])
def test_the_middle_of_a_town_lies_in_it(town: str) -> None:
    middle = find(town)[0]
    place = nearest(middle.latitude, middle.longitude)
    assert place is not None
    nearer = find(place.split(",")[0])
    assert any(abs(middle.latitude - other.latitude) < 0.2 for other in nearer)


def test_countries_are_known_by_name_code_and_alias() -> None:
    for name in ("Netherlands", "the netherlands", "NL", "nld", "Holland"):
        assert country_named(name) == "Netherlands"
    assert country_named("UK") == "United Kingdom"
    assert country_named("Rome") is None


def test_the_table_has_a_name_a_country_and_a_position_for_every_town() -> None:
    with np.load(Path(index.gazetteer.places.__file__).parent / "towns.npz") as table:
        names, found_by = (table[key].tobytes().decode().split("\n") for key in NAMES)
        countries = len(table["countries"].tobytes().decode().split("\n"))
        assert len(names) == len(found_by) == len(table["people"]) == len(table["country"])
        assert all(name.strip() == name != "" for name in names)
        assert all(line[0] == line[-1] == "\t" and folded(line) for line in found_by)
        assert table["country"].max() < countries
        assert (np.diff(table["people"]) <= 0).all()
        assert np.abs(table["latitude"]).max() <= 90_000
        assert np.abs(table["longitude"]).max() <= 180_000
