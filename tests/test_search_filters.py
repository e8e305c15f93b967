"""Every filter bounds what is searched, and what leaves no photo says what there is instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from known_photos import BLUE, GREEN, RED, Known, fill

from index.library import Library
from index.records import Facts
from index.search.search import search_text
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()
TODAY = date(2024, 5, 15)  # a Wednesday

PIXEL, CANON = "Google Pixel 7a", "Canon EOS R6"
PHOTOS = [
    Known("rome/1.jpg", RED, Facts("JPEG", 4, 3, 1, "2023-06-01T10:00:00", PIXEL, 41.9, 12.49)),
    Known("rome/2.jpg", RED, Facts("JPEG", 4, 3, 1, "2023-08-31T23:59:59+02:00", CANON)),
    Known("new york/3.png", GREEN, Facts("PNG", 4, 3, taken_at="2024-05-14T08:00:00", rating=5)),
    Known("new york/4.png", GREEN, Facts("PNG", 4, 3, taken_at="2024-05-06T08:00:00", rating=3)),
    Known("new york/5.heic", BLUE, Facts("HEIF", 4, 3, rating=-1, lens="RF 50mm F1.8 STM")),
    Known("6.jpg", BLUE, Facts("JPEG", 4, 3, keywords=("sea",), place="Rome, Italy")),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("library"), create=True) as library:
        fill(library, PHOTOS)
        yield library


def found(library: Library, query: str) -> str:
    result = search_text(library, FAKE, query, today=TODAY)
    return "".join(sorted(hit.path.stem for hit in result.hits))


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ("taken:2023", "12"),
        ("taken:2023-06-01", "1"),
        ("taken:summer-2023", "12"),
        ("taken:..2023-07", "1"),
        ("taken:2023-07..", "234"),
        ("taken:june-2023 taken:may-2024", "134"),
        ("taken:yesterday", "3"),
        ("taken:last-week", "4"),
        ("-taken:2023", "3456"),
        ("camera:pixel", "1"),
        ('camera:"eos canon"', "2"),
        ("camera:pixel camera:canon", "12"),
        ("-camera:pixel", "23456"),
        ("lens:50mm", "5"),
        ("rating:5", "3"),
        ("rating:3..", "34"),
        ("rating:..2", "5"),
        ("rating:3..5 type:png", "34"),
        ("near:41.9,12.5,5", "1"),
        ("near:41.9,12.5,0.1", ""),
        ("-near:41.9,12.5,5", "23456"),
        ("place:rome", "16"),
        ("place:italy", "6"),
        ("place:roma", "1"),
        ("type:heic type:jpg", "1256"),
        ("-type:png", "1256"),
        ('in:"new york"', "345"),
        ('-in:"new york" -in:rome', "6"),
        ("file:?.png", "34"),
        ("-file:png -file:jpg", "5"),
        ("keyword:sea", "6"),
        ("-keyword:sea in:/pictures", "12345"),
    ],
)
def test_a_filter_keeps_what_it_says(library: Library, filters: str, names: str) -> None:
    assert found(library, filters) == names
    assert found(library, f"red {filters}") == names


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("red taken:2019", "No photo was taken in 2019; the library spans 2023 to 2024."),
        ("in:paris", "No photo lies in a folder 'paris'; folders with photos: new york, rome,"),
        ("type:gif", "No photo is a gif; there are: jpeg, png, heic."),
        ("camera:nikon", "a camera 'nikon'; cameras there are: Canon EOS R6, Google Pixel 7a."),
        ("lens:85mm", "No photo was taken with a lens '85mm'; lenses there are: RF 50mm F1.8"),
        ("rating:4", "No photo is rated 4; ratings there are: -1, 3, 5."),
        ("near:0,0,10", "No photo was taken within 10 km of 0,0; 1 of 6 say where."),
        ("place:paris", "No photo was taken at a place 'paris'; places there are: Rome, Italy."),
        ("file:raw", "No photo's file name has 'raw' in it."),
        ("keyword:dog", "No photo has the keyword 'dog'."),
        (
            "text:exit",
            "says 'exit'. Text was read in 0 of 6 photos; to read the rest: vlm index --text",
        ),
        ("caption:dog", "No photo has a caption with 'dog'."),
        ('"no entry"', 'No photo has the words "no entry" in its name, folder, keywords,'),
        ("in:rome type:png", "No photo passes all of in:rome type:png together"),
        ("-in:/pictures", "Every photo is left out by -in:/pictures."),
    ],
)
def test_filters_that_leave_nothing_say_why(library: Library, query: str, note: str) -> None:
    result = search_text(library, FAKE, query, today=TODAY)
    assert (result.answer, result.hits) == ("nothing", ())
    assert note in result.note


def test_a_library_without_dates_or_cameras_says_so(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        fill(library, [Known("a.jpg")])
        for query, note in [
            ("taken:2020", "no photo here says when it was taken"),
            ("camera:x", "no photo here says so"),
            ("rating:1", "no photo here has a rating"),
        ]:
            assert note in search_text(library, FAKE, query).note


def test_filters_alone_list_the_newest_first_and_undated_last(library: Library) -> None:
    hits = search_text(library, FAKE, "in:/pictures", today=TODAY).hits
    assert [hit.path.stem for hit in hits] == ["3", "4", "2", "1", "6", "5"]
    assert {(hit.band, hit.score, hit.why["filters"]) for hit in hits} == {("strong", 0.0, 1.0)}
    assert len(search_text(library, FAKE, "in:/pictures", 2).hits) == 2


def test_raw_files_and_videos_are_types_of_their_own(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        kinds = {"a.dng": "DNG", "b.mov": "MOV", "c.jpg": "JPEG"}
        fill(library, [Known(name, facts=Facts(kind, 4, 3)) for name, kind in kinds.items()])
        assert found(library, "type:raw") == "a"
        assert found(library, "type:video") == "b"
        assert "there are: jpeg, raw, video." in search_text(library, FAKE, "type:png").note
