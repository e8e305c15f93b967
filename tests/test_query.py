"""Reading queries: every form, laws of reading and writing, and errors that point."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.query.dates import RELATIVE, Period
from index.query.parse import HEAVIEST, LIGHTEST, parse
from index.query.parts import (
    SUBTRACTED,
    Circle,
    Filter,
    FilterName,
    Like,
    Part,
    Query,
    Ratings,
    Value,
    Weighted,
    Words,
    query_of,
)
from index.query.values import FORMATS, STARS
from vlm.errors import QueryInvalid

TEXTS = st.text(max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
WORDY = TEXTS.filter(lambda text: any(map(str.isalnum, text)))
NAMES = st.text(max_size=20).map(str.strip).filter(bool)
SIZES = st.floats(LIGHTEST, HEAVIEST)
WEIGHTS = st.builds(lambda size, minus: -size if minus else size, SIZES, st.booleans())
POINTS = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: f"summer-{day.year:04}"),
    st.dates().map(lambda day: f"may-{day.year:04}"),
    st.sampled_from(RELATIVE),
)
STARRED = st.sampled_from(STARS)


def filters(name: FilterName, values: st.SearchStrategy[Value]) -> st.SearchStrategy[Part]:
    return st.builds(Filter, st.just(name), values, st.booleans())


PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Words, TEXTS, st.booleans()),
    st.builds(Weighted, TEXTS, WEIGHTS | st.just(-SUBTRACTED)),
    st.builds(Like, st.text(min_size=1).filter(str.strip), WEIGHTS | st.just(1.0)),
    filters("in", NAMES),
    filters("file", NAMES),
    filters("type", st.sampled_from(sorted(FORMATS))),
    filters("camera", TEXTS),
    filters("lens", TEXTS),
    filters("place", TEXTS),
    filters("keyword", WORDY),
    filters("text", WORDY),
    filters("caption", WORDY),
    filters("rating", STARRED.map(lambda n: Ratings(n, n))),
    filters("rating", STARRED.map(lambda n: Ratings(n, None))),
    filters("rating", st.tuples(STARRED, STARRED).map(lambda pair: Ratings(*sorted(pair)))),
    filters("taken", POINTS.map(lambda point: Period(point, point))),
    filters("taken", POINTS.map(lambda point: Period("", point))),
    filters("near", st.builds(Circle, *(st.floats(0, n) for n in (90, 180, 20_038)))),
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("  a   cat ", [Words("a cat")]),
        ("cat in:holiday asleep", [Words("cat"), Filter("in", "holiday"), Words("asleep")]),
        ('IN:"New York" in:/a/b/', [Filter("in", "New York"), Filter("in", "/a/b/")]),
        (r"in:New\ York", [Filter("in", "New York")]),
        ("Type:.JPG -type:heif", [Filter("type", "jpeg"), Filter("type", "heic", True)]),
        ('"red barn" door', [Words("red barn", exact=True), Words("door")]),
        ('"in:holiday" cat', [Words("in:holiday", exact=True), Words("cat")]),
        (r"in\:holiday \-cat \"", [Words('in:holiday -cat "')]),
        (r'"say \"no\" \\ maybe"', [Words(r'say "no" \ maybe', exact=True)]),
        ('a 12" pizza', [Words('a 12" pizza')]),
        ("10:30 o'clock 16:9", [Words("10:30 o'clock 16:9")]),
        ("http://example.org note:this", [Words("http://example.org note:this")]),
        ("black-and-white - or not -1 --", [Words("black-and-white - or not -1 --")]),
        ("-dog", [Weighted("dog", -SUBTRACTED)]),
        ('-"black dog"', [Weighted("black dog", -SUBTRACTED)]),
        ('2:cat .5:"two dogs"', [Weighted("cat", 2), Weighted("two dogs", 0.5)]),
        ("-0.3:rain -1:fog", [Weighted("rain", -0.3), Weighted("fog", -1)]),
        ("like:beach.jpg at night", [Like("beach.jpg"), Words("at night")]),
        ('-like:"a b.jpg" 2:like:c', [Like("a b.jpg", -SUBTRACTED), Like("c", 2)]),
        ('text:"no  entry"', [Filter("text", "no entry")]),
        ("-caption:dog file:IMG_1", [Filter("caption", "dog", True), Filter("file", "IMG_1")]),
        ("tag:sea Keyword:sun", [Filter("keyword", "sea"), Filter("keyword", "sun")]),
        ("camera:pixel lens:50mm", [Filter("camera", "pixel"), Filter("lens", "50mm")]),
        ("rating:5", [Filter("rating", Ratings(5, 5))]),
        ("rating:3..", [Filter("rating", Ratings(3, None))]),
        ("rating:-1..2", [Filter("rating", Ratings(-1, 2))]),
        ("taken:2023", [Filter("taken", Period("2023", "2023"))]),
        ("taken:2023-05..2024", [Filter("taken", Period("2023-05", "2024"))]),
        ("taken:..2020-01", [Filter("taken", Period("", "2020-01"))]),
        ("-taken:Last-Week", [Filter("taken", Period("last-week", "last-week"), True)]),
        ("near:41.9,-12.5,3", [Filter("near", Circle(41.9, -12.5, 3))]),
        ('place:"New  York"', [Filter("place", "New York")]),
    ],
)
def test_every_form_is_read(text: str, parts: list[Part]) -> None:
    assert parse(text) == Query(tuple(parts))


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('cat "red barn', '"red', "this double quote is not closed"),
        ('in:"New York', '"New', "this double quote is not closed"),
        ('"red barn"door', "door", "a blank must follow"),
        ("cat \\", "\\", "nothing stands after the backslash"),
        ("in: holiday", " holiday", "in: needs its value right behind it.*in:holiday"),
        ('in:"" cat', '"" cat', "in: needs its value"),
        ("like:", "", "like: needs its value.*like:beach.jpg"),
        ('-"" cat', '"" cat', "no words here"),
        ("cat tyep:png", "tyep", "there is no 'tyep:'; did you mean type:"),
        ("cat date:2023", "date", "did you mean taken:"),
        ('note:"x y"', "note", "there is no 'note:'; known: in, type, camera"),
        ("cat type:pngg", "pngg", "no type 'pngg'; did you mean type:png.*known types: jpeg"),
        ("0:cat", "0:cat", "from 0.01 to 100"),
        ("-1000:cat", "1000:cat", "from 0.01 to 100"),
        ("2:in:holiday", "2:in", "a weight goes with words or like:"),
        ("rating:6", "6", "'6' is no rating"),
        ("rating:2..x", "x", "'x' is no rating"),
        ("rating:4..2", "2", "4 is more than 2"),
        ("rating:..", "..", "a rating is a number of stars"),
        ("taken:soon", "soon", "'soon' is no date; write 2023"),
        ("taken:2023..2021", "2021", "2023 is after 2021"),
        ("taken:2023..2024-13", "2024-13", "there is no such date as 2024-13"),
        ("taken:..", "..", "a range needs an end"),
        ("taken:sumer-2023", "sumer", "no season or month"),
        ("taken:0000", "0000", "years begin with 0001"),
        ("near:1,2", "1,2", "latitude, longitude and kilometres"),
        ("near:95,2,1", "95", "the latitude must be from -90 to 90"),
        ("near:1,200,1", "200", "the longitude must be from -180 to 180"),
        ("near:1,2,-3", "-3", "the distance in km must be from 0"),
        ("near:1,x,3", "x,3", "'x' is no longitude"),
        ("near:nan,2,3", "nan", "the latitude must be"),
        ('text:"?!"', '?!"', "there is no word here"),
    ],
)
def test_an_error_names_the_reason_and_the_character(text: str, place: str, reason: str) -> None:
    with pytest.raises(QueryInvalid, match=reason) as error:
        parse(text)
    assert text[error.value.position :].startswith(place)
    assert (error.value.query, error.value.position) == (text, text.rindex(place))


@given(parts=st.lists(PARTS, max_size=5))
def test_a_query_written_out_reads_as_itself(parts: list[Part]) -> None:
    query = query_of(parts)
    assert parse(str(query)) == query


@given(text=st.text(max_size=60) | st.text('-":\\ .2ainlke,', max_size=30))
@example("-\\")
@example('"\\')
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        query = parse(text)
    except QueryInvalid as error:
        assert "Cannot read the query" in str(error)
        assert 0 <= error.position <= len(text)
    else:
        assert parse(str(query)) == query


@given(words=st.lists(st.text("abc:é猫'.,!?", min_size=1), max_size=5))
def test_words_without_signs_are_what_is_looked_for(words: list[str]) -> None:
    text = " ".join(words)
    assert parse(text).text == text


def test_what_is_looked_for_is_all_plain_words_in_their_order() -> None:
    query = parse('red in:x "no entry" -dog sign like:a.jpg type:png')
    assert (query.text, query.exact) == ("red no entry sign", ("no entry",))
    assert query.terms == (Weighted("dog", -SUBTRACTED), Like("a.jpg"))
    assert query.filters == (Filter("in", "x"), Filter("type", "png"))
