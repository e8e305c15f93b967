"""IPTC records, whole, in old encodings, cut off and invented."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from index.metadata.iptc import read_iptc
from index.metadata.told import MAX_KEYWORDS, Told
from vlm.untrusted_text import printable

UTF_8 = (1, 90, b"\x1b%G")


def record(*sets: tuple[int, int, bytes]) -> bytes:
    return b"".join(
        bytes((0x1C, number, key)) + len(value).to_bytes(2, "big") + value
        for number, key, value in sets
    )


def test_words_and_time_are_read() -> None:
    data = record(
        (2, 0, b"\x00\x04"),
        (2, 5, b"A barn"),
        (2, 25, b"barn"),
        (2, 25, b"snow"),
        (2, 55, b"20230504"),
        (2, 60, b"101112+0200"),
        (2, 62, b"20230505"),
        (2, 120, b"A red barn\rin the snow"),
    )
    assert read_iptc(data) == Told(
        taken_at="2023-05-04T10:11:12+02:00",
        digitised_at="2023-05-05T00:00:00",
        title="A barn",
        description="A red barn in the snow",
        keywords=("barn", "snow"),
    )


def test_a_time_that_is_none_leaves_the_day() -> None:
    data = record((2, 55, b"20230504"), (2, 60, b"990000"))
    assert read_iptc(data).taken_at == "2023-05-04T00:00:00"


def test_a_headline_stands_in_for_a_title() -> None:
    assert read_iptc(record((2, 105, b"Barn burns"))).title == "Barn burns"
    assert read_iptc(record((2, 5, b"  "), (2, 105, b"Barn burns"))).title == "Barn burns"


def test_text_is_read_in_the_encoding_it_names_or_the_likeliest() -> None:
    for said in ([UTF_8], []):
        assert read_iptc(record(*said, (2, 5, "Café".encode()))).title == "Café"
    assert read_iptc(record((2, 5, "Café".encode("cp1252")))).title == "Café"
    assert read_iptc(record(UTF_8, (2, 5, "Café".encode("cp1252")))).title == "Caf\ufffd"


def test_a_record_cut_off_gives_what_came_before() -> None:
    data = record((2, 5, b"A barn"), (2, 120, b"in the snow"))
    assert read_iptc(data[:-1]) == Told(title="A barn")


def test_a_length_that_lies_ends_the_record() -> None:
    assert read_iptc(record((2, 5, b"A barn")) + b"\x1c\x02\x78\x7f\xff") == Told(title="A barn")
    assert read_iptc(b"\x1c\x02\x05\xff\xff" + b"\xff" * 40) == Told()


def test_a_long_text_has_a_length_of_its_own() -> None:
    text = b"x" * 40_000
    data = b"\x1c\x02\x78\x80\x04" + len(text).to_bytes(4, "big") + text
    assert read_iptc(data).description == "x" * 5000


def test_keywords_without_end_have_one() -> None:
    data = record(*((2, 25, str(number).encode()) for number in range(20_000)))
    assert len(read_iptc(data).keywords) == MAX_KEYWORDS


@settings(deadline=None)
@given(data=st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    read_iptc(data)
    read_iptc(record((2, 5, b"A barn")) + data)


@settings(deadline=None)
@given(sets=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 255), st.binary(max_size=30))))
def test_any_sets_give_clean_text(sets: list[tuple[int, int, bytes]]) -> None:
    told = read_iptc(record(*sets))
    for text in (told.title, told.description, *told.keywords):
        assert text is None or (text == text.strip() != "" and printable(text) == text)
