"""XMP packets with two more texts: every other byte stays, and odd packets are refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photo_containers import IPTC, PACKET, RDF

from index.metadata.plain_text import LONG, plain
from index.metadata.writing.errors import Refusal
from index.metadata.writing.languages import LangAlt, with_language, writable
from index.metadata.writing.packet import ALT, EXTENDED, texts_in, with_texts, with_values
from index.metadata.writing.splices import Splice, applied, inverse, narrowed
from index.metadata.xmp import read_xmp

TEXTS = {ALT: "A red <barn> & snow", EXTENDED: 'A barn, "long" told\nin two lines: é 雪 🏚'}
NAMES = st.sampled_from([ALT, EXTENDED])
WORDS = st.text(min_size=1, max_size=60).map(writable).filter(bool)
LANGUAGES = st.sampled_from(["en", "de", "pt-BR", "zh-Hant"])


def packet(inside: str, rdf: str = "rdf", attributes: str = "") -> bytes:
    node = f'<{rdf}:Description {rdf}:about="" xmlns:c="{IPTC}" {attributes}>{inside}'
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><{rdf}:RDF xmlns:{rdf}="{RDF}">'
        f"{node}</{rdf}:Description></{rdf}:RDF></x:xmpmeta>"
    ).encode()


def only_added(before: bytes, after: bytes) -> bool:
    """Whether nothing but one stretch of bytes came in."""
    (splice,) = narrowed(before, [Splice(0, len(before), after)])
    return splice.start == splice.end


@pytest.mark.parametrize("before", [b"", b"\x00 \n", PACKET])
def test_texts_are_read_as_they_were_written(before: bytes) -> None:
    told = read_xmp(with_texts(before, TEXTS, "en"))
    assert (told.alt_text, told.extended_description) == (
        TEXTS[ALT],
        plain(TEXTS[EXTENDED], LONG),
    )


def test_what_was_in_the_packet_stays_byte_for_byte() -> None:
    after = with_texts(PACKET, TEXTS, "en")
    assert only_added(PACKET, after)
    assert read_xmp(after).title == "Scheune & Hof"
    assert after.endswith(PACKET[-2000:])  # the padding is the editor's


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_packet_in_utf_16_stays_in_it(encoding: str) -> None:
    before = PACKET.decode().encode(encoding)
    after = with_texts(before, TEXTS, "en")
    assert texts_in(after)[ALT][0] == ("x-default", TEXTS[ALT])
    assert after.decode(encoding).replace("\n", "").startswith(before.decode(encoding)[:50])
    assert after[-2000:] == before[-2000:]


def test_zeros_behind_a_packet_stay() -> None:
    assert with_texts(PACKET + bytes(7), TEXTS, "en") == with_texts(PACKET, TEXTS, "en") + bytes(7)


def test_the_same_text_again_changes_no_byte() -> None:
    once = with_texts(PACKET, TEXTS, "en")
    assert with_texts(once, TEXTS, "en") == once


def test_another_language_is_added_and_the_default_stays_with_its_own() -> None:
    english = with_texts(b"", {ALT: "A barn"}, "en")
    both = texts_in(with_texts(english, {ALT: "Eine Scheune"}, "de"))[ALT]
    assert both == (("x-default", "A barn"), ("en", "A barn"), ("de", "Eine Scheune"))


def test_a_default_that_is_no_languages_own_is_replaced() -> None:
    lone = packet(
        f"<c:{ALT}><rdf:Alt><rdf:li xml:lang='x-default'>Old</rdf:li></rdf:Alt></c:{ALT}>"
    )
    after = texts_in(with_texts(lone, {ALT: "New"}, "en"))[ALT]
    assert after == (("x-default", "New"), ("en", "New"))


@pytest.mark.parametrize(
    "before",
    [
        packet("", attributes=f"c:{ALT}='Old' c:IntellectualGenre=\"News\""),
        packet("", attributes=f'c:{ALT} = "Old > new"'),
        packet(f"<c:{ALT}>Old</c:{ALT}><c:Scene>1</c:Scene>"),
        packet(f"<c:{ALT}/>"),
        packet(f"<c:{ALT}><rdf:Alt/></c:{ALT}>"),
        packet(f"<c:{ALT}><rdf:Bag><rdf:li>Old</rdf:li></rdf:Bag></c:{ALT}>"),
        packet(f"<c:{ALT}><![CDATA[<Old>]]></c:{ALT}><!-- > -->"),
        packet("<c:Scene>1</c:Scene>", rdf="r"),
        packet("", rdf="r", attributes='xmlns:rdf="http://example.org/"'),
        packet(f"<c:{ALT}><r:Alt><r:li>Old</r:li></r:Alt></c:{ALT}>", rdf="r"),
        f"<rdf:RDF xmlns:rdf='{RDF}'/>".encode(),
        f"<r:RDF xmlns:r='{RDF}' />".encode(),
        b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>" + packet(""),
    ],
)
def test_a_text_that_is_there_in_any_form_is_replaced(before: bytes) -> None:
    after = with_texts(before, {ALT: "New"}, "en")
    assert texts_in(after) == {ALT: (("x-default", "New"), ("en", "New"))}
    assert read_xmp(after).alt_text == "New"
    assert b"Old" not in after
    for kept in re.findall(
        rb"<c:Scene>1</c:Scene>|c:IntellectualGenre=\"News\"|<!-- > -->", before
    ):
        assert kept in after


def test_what_a_packet_is_about_is_said_of_the_new_node_too() -> None:
    before = packet("").replace(b'about=""', b'about="uuid:&lt;1&gt;"')
    assert with_texts(before, TEXTS, "en").count(b'about="uuid:&lt;1&gt;"') == 2


def test_a_text_is_removed_where_no_value_is_left() -> None:
    after = with_values(with_texts(PACKET, TEXTS, "en"), {ALT: ()})
    assert set(texts_in(after)) == {EXTENDED}


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (PACKET[:-300].replace(b"</x:xmpmeta>", b""), "broken"),
        (PACKET.replace(b"Scheune", b"Sch\xe9une"), "UTF-8"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + packet(""), "document type"),
        (packet(f"<c:{ALT}>a</c:{ALT}><c:{ALT}>b</c:{ALT}>"), "twice"),
        (packet(f"<c:{ALT}>a</c:{ALT}>", attributes=f"c:{ALT}='b'"), "twice"),
        (packet(f"<c:{ALT} rdf:parseType='Literal'>a</c:{ALT}>"), "not understood"),
        (packet(f"<c:{ALT}>a<c:part/></c:{ALT}>"), "not understood"),
        (packet(f"<c:{ALT}><rdf:Alt><rdf:li>a<b/></rdf:li></rdf:Alt></c:{ALT}>"), "not understood"),
        (packet(f"<c:{ALT}><rdf:Alt>a<rdf:li>b</rdf:li></rdf:Alt></c:{ALT}>"), "not understood"),
        (packet(f"<c:{ALT}><rdf:Alt/><rdf:Alt/></c:{ALT}>"), "not understood"),
        (b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", "no rdf:RDF"),
        (b"<a>" + packet("") + packet("") + b"</a>", "more than one"),
        (b"<a>" * 200 + b"</a>" * 200, "too deep"),
        (b"<?xml version='1.0' encoding='latin-1'?>" + packet(""), "latin-1"),
        (b"not XML at all", "broken"),
    ],
)
def test_a_packet_that_is_not_understood_is_refused(before: bytes, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        with_texts(before, TEXTS, "en")


@given(st.dictionaries(NAMES, WORDS, min_size=1), LANGUAGES)
def test_any_text_comes_back(texts: dict[str, str], language: str) -> None:
    for before in (b"", PACKET, PACKET.decode().encode("utf-16-le")):
        said = texts_in(with_texts(before, texts, language))
        assert said == {n: (("x-default", t), (language, t)) for n, t in texts.items()}


@given(st.lists(st.tuples(NAMES, LANGUAGES, WORDS), max_size=6))
def test_texts_written_one_after_the_other_are_all_there(
    writes: list[tuple[str, str, str]],
) -> None:
    body, wanted = PACKET, dict[str, LangAlt]()
    for name, language, text in writes:
        body = with_texts(body, {name: text}, language)
        wanted[name] = with_language(wanted.get(name, ()), language, text)
    assert texts_in(body) == wanted
    assert texts_in(with_values(body, dict.fromkeys(wanted, ()))) == {}


@given(st.binary(max_size=200), st.integers(0, len(PACKET)), st.integers(0, 200))
def test_damage_anywhere_is_refused_or_harmless(junk: bytes, at: int, length: int) -> None:
    broken = PACKET[:at] + junk + PACKET[at + length :]
    try:
        after = with_texts(broken, {ALT: "New"}, "en")
    except Refusal:
        return
    assert ("en", "New") in texts_in(after)[ALT]
    assert not broken.strip(b"\x00 \t\r\n") or only_added(broken, after)


@given(st.binary(max_size=60), st.data())
def test_a_change_is_taken_back_by_its_inverse(data: bytes, draw: st.DataObject) -> None:
    places = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=8)))
    pairs = zip(places[::2], places[1::2], strict=False)
    splices = [Splice(a, b, draw.draw(st.binary(max_size=40))) for a, b in pairs]
    after = applied(data, splices)
    assert applied(after, inverse(data, splices)) == data
    narrow = narrowed(data, splices)
    assert applied(data, narrow) == after
    assert applied(after, inverse(data, narrow)) == data
