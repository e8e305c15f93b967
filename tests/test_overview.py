"""What a library holds, by time and place, and how that is drawn."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from index.build import build
from index.library import Library
from index.overview import Spot, overview
from index.query.parse import parse
from ui.library_page.months import by_month, by_year, ticks
from ui.library_page.naming import Disc, _name, sides
from ui.library_page.world import HIGH, WIDE, WORLD, circles, dots, view_of
from vlm.fakes import ColourEmbedder

spots = st.builds(
    Spot,
    st.sampled_from(["", "Rome, Italy", 'Odd "town", Italy']),
    st.floats(-85, 85),
    st.floats(-180, 180),
    st.integers(1, 999),
)


def test_photos_are_counted_by_month_place_camera_and_folder(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = "X-T5"
    exif.get_ifd(0x8769)[0x9003] = "2023:06:03 12:00:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (41.0, 54.0, 0.0), "E", (12.0, 30.0, 0.0)
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    Image.new("RGB", (8, 8), "red").save(folder / "sub" / "a.jpg", exif=exif)
    Image.new("RGB", (8, 8), "blue").save(folder / "b.jpg")
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [folder], ColourEmbedder())
        held = overview(library.catalogue)
    assert held.photos == 2
    assert held.months["2023-06"] == 1
    assert held.first == "2023-06-03T12:00:00"
    assert held.cameras == {"X-T5": 1}
    assert held.folders == {str(folder): 1, str(folder / "sub"): 1}
    assert held.unplaced == held.file_dated == 1
    (spot,) = held.spots
    assert (spot.name, spot.photos) == ("Rome, Italy", 1)
    assert (spot.latitude, spot.longitude) == pytest.approx((41.9, 12.5))


def test_the_newest_photos_come_by_their_own_date_and_others_after_them(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name in ("IMG_20210203_120000", "copied", "IMG_20230203_120000"):
        Image.new("RGB", (8, 8), "red").save(tmp_path / "photos" / f"{name}.png")
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [tmp_path / "photos"], ColourEmbedder())
        newest = library.catalogue.newest(9)
        assert library.catalogue.newest(1) == newest[:1]
    assert [(path.name, taken and taken[:4]) for path, taken in newest] == [
        ("IMG_20230203_120000.png", "2023"),
        ("IMG_20210203_120000.png", "2021"),
        ("copied.png", None),
    ]


def test_an_empty_library_has_nothing_to_draw(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        held = overview(library.catalogue)
    assert (held.photos, held.first, held.months, list(held.spots)) == (0, None, {}, [])
    assert by_month({}) == by_year({}) == ticks([]) == []
    assert view_of([]) == WORLD


@given(st.lists(spots, min_size=1, max_size=30))
def test_every_photo_is_in_one_circle_inside_the_picture_and_can_be_searched(
    places: list[Spot],
) -> None:
    view = view_of(places)
    drawn = circles(places, view)
    assert sum(circle.photos for circle in drawn) == sum(spot.photos for spot in places)
    for circle in drawn:
        assert -0.01 <= circle.x <= WIDE + 0.01
        assert 0 <= circle.y <= HIGH
        assert parse(circle.query).filters
        assert circle.name


def test_a_part_of_the_map_leaves_out_what_lies_elsewhere() -> None:
    rome, siena, tokyo = (41.9, 12.5), (43.3, 11.3), (35.7, 139.7)
    places = [Spot(str(at), *at, 3) for at in (rome, siena, tokyo)]
    assert {circle.photos for circle in circles(places, view_of(places))} == {6, 3}
    drawn = circles(places, view_of(places[:2]))
    assert [circle.spots for circle in drawn] == [[places[0]], [places[1]]]


@given(st.lists(spots, min_size=1, max_size=30))
def test_names_on_the_map_do_not_cover_each_other(places: list[Spot]) -> None:
    drawn = circles(places, view_of(places))
    discs = [Disc(circle.x, circle.y, 26, circle.name) for circle in drawn]
    chosen = sides(discs)
    boxes = [_name(disc, side) for disc, side in zip(discs, chosen, strict=True) if side]
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert all(box.fits() for box in boxes)


@given(
    st.dictionaries(
        st.builds("{:04}-{:02}".format, st.integers(1900, 2030), st.integers(1, 12)),
        st.integers(1, 99),
        min_size=1,
    )
)
def test_no_photo_is_lost_between_the_bars(months: dict[str, int]) -> None:
    for bars in (by_month(months), by_year(months)):
        assert sum(bar.photos for bar in bars) == sum(months.values())
        assert all(0 <= at < 100 for _, at in ticks(bars))
        assert all(parse(bar.query).filters for bar in bars)


def test_the_map_of_the_world_shows_towns_where_people_live() -> None:
    drawn = set(dots(WORLD).split("M"))
    x, y = WORLD.place(41.9, 12.5)
    assert f"{int(x)}.5 {int(y)}.5h0" in drawn
    x, y = WORLD.place(0.0, -30.0)  # the Atlantic
    assert f"{int(x)}.5 {int(y)}.5h0" not in drawn
