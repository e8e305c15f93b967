"""Completing half-typed queries."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_photos import Known, fill

from index.library import Library
from index.query.completion import MOST, Facets, complete
from index.query.parse import parse
from index.query.tokens import tokens
from index.records import Facts
from index.search.facets import facets

KNOWN = Facets(
    folders=("Rome", "New York", 'the "best"'),
    cameras=("Google Pixel 7a", "Canon EOS R6"),
    lenses=("50mm",),
    keywords=("sea", "sunset", "deep sea"),
    places=("Rome, Italy",),
    years=("2023", "2021"),
)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("cat ty|", ["cat type:"]),
        ("-ty|", ["-type:"]),
        ("t|", ["type:", "taken:", "text:", "tag:"]),
        ("2:l|", ["2:like:"]),
        ("in:|", ["in:Rome", 'in:"New York"', r'in:"the \"best\""']),
        ("in:n|", ['in:"New York"']),
        ('in:"new y|', ['in:"New York"']),
        ('cat in:"new| yo" dog', ['cat in:"New York" dog']),
        ("IN:york|", ['IN:"New York"']),
        ("-camera:p|", ['-camera:"Google Pixel 7a"']),
        ("lens:5|", ["lens:50mm"]),
        ("tag:s|", ["tag:sea", "tag:sunset", 'tag:"deep sea"']),
        ("place:it|", ['place:"Rome, Italy"']),
        ("type:j|", ["type:jpeg"]),
        ("rating:4|", ["rating:4.."]),
        ("taken:202|", ["taken:2023", "taken:2021"]),
        ("taken:last|", ["taken:last-week", "taken:last-month", "taken:last-year"]),
        ("taken:su|", ["taken:summer-2023", "taken:summer-2021"]),
        ("|", []),
        ("cat |", []),
        ("cat in:Rome |", []),
        ("in:Rome|", []),
        ('in:"New York"|', []),
        ('"ty|', []),
        ("text:x|", []),
        ("http:x|", []),
    ],
)
def test_a_piece_is_completed(typed: str, completed: list[str]) -> None:
    cursor = typed.index("|")
    query = typed.replace("|", "")
    assert [found.applied(query) for found in complete(query, cursor, KNOWN)] == completed


@given(query=st.text('tyinake:" -\\Rsu2', max_size=20), data=st.data())
def test_completions_change_one_piece_and_can_be_read(query: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(query)))
    found = complete(query, cursor, KNOWN)
    assert len(found) <= MOST
    for one in found:
        assert one.start < cursor <= one.end
        (piece,) = tokens(one.text)
        assert piece.fault is None
        if piece.value:
            parse(one.text)


def test_the_values_of_a_library_are_those_of_its_photos(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        shot = Facts("JPEG", 4, 3, taken_at="2023-05-01", camera="A", lens="L", place="Rome, Italy")
        tagged = Facts("JPEG", 4, 3, keywords=("sea", "sun"))
        photos = [Known("x/1.jpg", facts=tagged), Known("y/2.jpg", facts=shot), Known("y/3.jpg")]
        fill(library, [*photos, Known("x/y/4.jpg", facts=Facts("PNG", 1, 1, keywords=("sun",)))])
        assert facets(library.catalogue) == Facets(
            folders=("y", "x"),
            cameras=("A",),
            lenses=("L",),
            keywords=("sun", "sea"),
            places=("Rome, Italy",),
            years=("2023",),
        )
