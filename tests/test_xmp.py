"""XMP packets, as programs write them and as nobody should."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.metadata.told import Told
from index.metadata.xmp import read_xmp
from index.metadata.xmp_packet import MAX_BYTES

NAMESPACES = """
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:digiKam="http://www.digikam.org/ns/1.0/"
 xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
"""


def packet(inside: str = "", attributes: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {NAMESPACES} {attributes}>{inside}</rdf:Description>'
        f'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def items(name: str, kind: str, *texts: str) -> str:
    rows = "".join(f"<rdf:li>{text}</rdf:li>" for text in texts)
    return f"<{name}><rdf:{kind}>{rows}</rdf:{kind}></{name}>"


def languages(name: str, **texts: str) -> str:
    rows = "".join(
        f'<rdf:li xml:lang="{language.replace("_", "-")}">{text}</rdf:li>'
        for language, text in texts.items()
    )
    return f"<{name}><rdf:Alt>{rows}</rdf:Alt></{name}>"


def test_everything_a_packet_tells_is_read() -> None:
    told = read_xmp(
        packet(
            languages("dc:title", x_default="A barn")
            + languages("dc:description", x_default="A red barn in the snow")
            + languages("Iptc4xmpCore:AltTextAccessibility", x_default="Red barn")
            + languages("Iptc4xmpCore:ExtDescrAccessibility", x_default="A barn, long told")
            + items("dc:subject", "Bag", "barn", "Snow")
            + "<exif:DateTimeOriginal>2023-05-04T10:11:12+02:00</exif:DateTimeOriginal>",
            'xmp:Rating="4" tiff:Make="Canon" tiff:Model="Canon EOS 40D" aux:Lens="EF 50mm" '
            'exif:GPSLatitude="41,45.0N" exif:GPSLongitude="12,30,0E" '
            'xmp:CreateDate="2023-05-05T00:00:00"',
        )
    )
    assert told == Told(
        taken_at="2023-05-04T10:11:12+02:00",
        digitised_at="2023-05-05T00:00:00",
        camera="Canon EOS 40D",
        lens="EF 50mm",
        position=(41.75, 12.5),
        rating=4,
        title="A barn",
        description="A red barn in the snow",
        alt_text="Red barn",
        extended_description="A barn, long told",
        keywords=("barn", "Snow"),
    )


def test_the_text_for_everybody_comes_first_then_english_then_any() -> None:
    name = "dc:description"
    both = languages(name, de="Scheune", en_GB="Barn", x_default="Stodola")
    assert read_xmp(packet(both)).description == "Stodola"
    assert read_xmp(packet(languages(name, de="Scheune", en_GB="Barn"))).description == "Barn"
    assert read_xmp(packet(languages(name, de="Scheune", fr="Grange"))).description == "Scheune"


def test_every_branch_of_a_tree_of_keywords_is_a_keyword_once() -> None:
    told = read_xmp(
        packet(
            items("dc:subject", "Bag", "Rome")
            + items("lr:hierarchicalSubject", "Bag", "Places|Italy|Rome", "Places|Italy|Ostia")
            + items("digiKam:TagsList", "Seq", "People/Ada")
            + items("Iptc4xmpExt:PersonInImage", "Bag", "Ada", "Bo")
        )
    )
    assert told.keywords == ("Rome", "Ada", "Bo", "Places", "Italy", "Ostia", "People")


@pytest.mark.parametrize(
    ("written", "stars"),
    [("-1", -1), ("0", 0), ("5", 5), ("4.0", 4), ("6", None), ("-2", None), ("nan", None)],
)
def test_stars_outside_the_scale_are_none(written: str, stars: int | None) -> None:
    assert read_xmp(packet("", f'xmp:Rating="{written}"')).rating == stars


@pytest.mark.parametrize(("percent", "stars"), [(0, 0), (1, 1), (25, 2), (50, 3), (75, 4), (99, 5)])
def test_the_percent_of_windows_are_stars(percent: int, stars: int) -> None:
    assert read_xmp(packet("", f'MicrosoftPhoto:Rating="{percent}"')).rating == stars


def test_words_inside_structures_are_not_those_of_the_photo() -> None:
    region = (
        '<xmpMM:History><rdf:Seq><rdf:li rdf:parseType="Resource">'
        "<dc:title>not this</dc:title></rdf:li></rdf:Seq></xmpMM:History>"
        '<xmpMM:DerivedFrom rdf:parseType="Resource"><dc:description>nor this</dc:description>'
        "</xmpMM:DerivedFrom><dc:title><xmpMM:part>nor a part</xmpMM:part></dc:title>"
    )
    assert read_xmp(packet(region)) == Told()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"])
def test_a_packet_is_read_in_any_encoding(encoding: str) -> None:
    text = packet(languages("dc:title", x_default="Café")).decode()
    bom = "\ufeff" if encoding == "utf-16-be" else ""
    data = (bom + text.replace("\ufeff", "")).encode(encoding)
    assert read_xmp(data).title == "Café"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_with_all_that_follows(encoding: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    body = packet(languages("dc:title", x_default="&b;")).decode().split("?>", 1)[1]
    assert read_xmp((laughs + body).encode(encoding)) == Told()
    assert read_xmp(body.encode(encoding)) == Told()  # an entity that nobody defined
    fine = packet(languages("dc:title", x_default="ha")).decode().split("?>", 1)[1]
    assert read_xmp(fine.encode(encoding)).title == "ha"


def test_a_packet_cut_off_gives_what_came_before() -> None:
    whole = packet(languages("dc:title", x_default="A barn") + items("dc:subject", "Bag", "snow"))
    told = read_xmp(whole[: whole.index(b"snow")])
    assert (told.title, told.keywords) == ("A barn", ())


def test_a_packet_too_large_is_not_read() -> None:
    words = languages("dc:title", x_default="A barn")
    assert read_xmp(packet(words + " " * (MAX_BYTES // 2))).title == "A barn"
    assert read_xmp(packet(words + " " * MAX_BYTES)) == Told()


def test_a_packet_of_a_million_parts_stops_being_read() -> None:
    title = languages("dc:title", x_default="A barn")
    for flood in ("<a/>" * 300_000, "<a>" * 1000, items("dc:subject", "Bag", *"x" * 9000)):
        told = read_xmp(packet(title + flood + languages("dc:description", x_default="after it")))
        assert (told.title, told.description) == ("A barn", None)


@settings(deadline=None)
@given(data=st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    read_xmp(data)


@settings(deadline=None)
@given(
    at=st.integers(0, 2500),
    cut=st.integers(0, 40),
    noise=st.sampled_from(
        [b"<", b">", b"&", b'"', b"<rdf:li>", b"&#0;", b"\xff\xfe", b"\x00", b"<![CDATA[", b"]]>"]
    ),
)
def test_a_damaged_packet_gives_less_and_raises_nothing(at: int, cut: int, noise: bytes) -> None:
    whole = packet(
        languages("dc:title", x_default="A barn") + items("dc:subject", "Bag", "snow"),
        'xmp:Rating="4"',
    )
    told = read_xmp(whole[:at] + noise + whole[at + cut :])
    assert told.rating in (4, None)
    assert len(told.keywords) <= 2
