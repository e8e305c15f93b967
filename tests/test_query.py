"""Reading queries: words, filters, quotes, and a refusal of what is not there yet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import FORMATS, Query, parse, within
from vlm.errors import QueryInvalid

WORDS = st.text(st.characters(exclude_characters='"', exclude_categories=["C"]), max_size=20)
NAMES = WORDS.filter(lambda name: name.strip() != "")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a cat", Query("a cat")),
        ("  a   cat ", Query("a cat")),
        ("", Query("")),
        ("cat in:holiday", Query("cat", ("holiday",))),
        ("in:holiday cat IN:rome", Query("cat", ("holiday", "rome"))),
        ('in:"New York" cat', Query("cat", ("New York",))),
        ("in:/a/b/ cat", Query("cat", ("/a/b/",))),
        ("cat type:jpg", Query("cat", (), ("jpeg",))),
        ("cat Type:.JPEG type:heif", Query("cat", (), ("jpeg", "heic"))),
        ('"red barn" door', Query("red barn door")),
        ('"in:holiday" cat', Query("in:holiday cat")),
        ('a 12" pizza', Query('a 12" pizza')),
        ("10:30 o'clock", Query("10:30 o'clock")),
        ("http://example.org note:this", Query("http://example.org note:this")),
        ("black-and-white - or not -1", Query("black-and-white - or not -1")),
        ('"taken:2023"', Query("taken:2023")),
    ],
)
def test_a_query_is_words_folders_and_types(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cat taken:2023", "taken: is not supported yet"),
        ('sign text:"no entry"', "text: is not supported yet"),
        ("near:1,2,3", "near: is not supported yet"),
        ("like:photo.jpg", "like: is not supported yet"),
        ("cat -dog", "leaving something out"),
        ('cat -"black dog"', "leaving something out"),
        ("2:cat dog", "weights"),
        ("1.5:cat", "weights"),
        ("cat in: holiday", "without a space"),
        ('cat in:""', "in: needs the name of a folder"),
        ("cat type:xyz", "there is no type 'xyz'; known types: jpeg, png"),
        ('cat in:"New York', "not closed"),
        ('"red barn', "not closed"),
        ('"red barn"door', "not closed"),
    ],
)
def test_what_cannot_be_done_is_refused_and_not_searched_as_words(text: str, reason: str) -> None:
    with pytest.raises(QueryInvalid, match=reason):
        parse(text)


@given(text=WORDS, folders=st.lists(NAMES), types=st.lists(st.sampled_from(sorted(FORMATS))))
def test_a_query_written_out_reads_as_itself(
    text: str, folders: list[str], types: list[str]
) -> None:
    query = Query(" ".join(text.split()), tuple(f.strip() for f in folders), tuple(types))
    assert parse(str(query)) == query


@given(text=st.text(max_size=60))
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        parse(text)
    except QueryInvalid as error:
        assert "Cannot read the query" in str(error)


@given(above=st.lists(NAMES, max_size=3), folder=NAMES, below=st.lists(NAMES, max_size=3))
def test_a_folder_holds_what_lies_anywhere_below_it(
    above: list[str], folder: str, below: list[str]
) -> None:
    parts = [name.replace("/", "-") for name in [*above, folder, *below]]
    path = "/" + "/".join(parts) + "/photo.jpg"
    named = parts[len(above)]
    assert within(path, named)
    assert within(path, named.swapcase()) == (
        f"/{named.swapcase().casefold()}/" in f"/{'/'.join(parts)}/".casefold()
    )
    assert within(path, "/" + "/".join(parts[: len(above) + 1]))
    assert not within(path, "photo.jpg")
