"""Bytes in, bytes out: encodings, laws of changing alts, and taking changes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlm.documents import (
    DocumentChanged,
    DocumentUnreadable,
    changes,
    images_in,
    images_in_html,
    with_alts,
)
from vlm.documents.character_references import one_line
from vlm.documents.encodings import decode

WORDS = "Scheune, été 中 \U0001f984 & {x}"


@pytest.mark.parametrize(
    ("codec", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", ""),
        ("cp1252", '<meta charset="ISO-8859-1">'),
        ("iso8859-2", "<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=iso-8859-2'>"),
        ("koi8-r", "<meta charset=koi8-r>"),
        ("cp932", "<meta charset=Shift_JIS>"),
        ("gb18030", '<?xml version="1.0" encoding="GBK"?>'),
        ("euc-jp", "<meta charset='euc-jp'>"),
    ],
)
def test_a_page_keeps_its_encoding_and_every_other_byte(codec: str, head: str) -> None:
    words = {"cp932": "納屋", "gb18030": "谷仓", "euc-jp": "納屋", "koi8-r": "Сарай"}.get(
        codec, "ě"
    )
    words = "été" if codec == "cp1252" else words
    page = f"{head}<p>{words}<img src='{words}.jpg' alt='{words}'>\r\n<img src=b.jpg>{words}"
    data = page.encode(codec)
    first, second = images_in_html(data)
    assert (first.context.alt, first.local, second.context.after) == (words, f"{words}.jpg", words)
    assert data[second.start : second.end] == "<img src=b.jpg>".encode(decode(data).codec)
    written = with_alts(data, {second: WORDS})
    assert [image.context.alt for image in images_in_html(written)] == [words, WORDS]
    position = data.index(" alt='".encode(decode(data).codec))
    assert written[: position + 20] == data[: position + 20]
    tail = f">{words}".encode(decode(data).codec)
    assert written.endswith(tail) and data.endswith(tail)


def test_bytes_that_mean_nothing_in_the_encoding_stay_as_they_are() -> None:
    data = b"<meta charset=utf-8>\xff\xfe\x81<img src='\xe9.jpg'>\xc3"
    (image,) = images_in_html(data)
    assert image.context.src == "\ufffd.jpg"
    expected = data.replace(b"\xe9.jpg'", b"\xe9.jpg' alt='\xc3\xa9'")
    assert with_alts(data, {image: "é"}) == expected


def test_a_page_that_is_not_what_it_says_is_refused_by_name() -> None:
    with pytest.raises(DocumentUnreadable, match=r"^a\.md: its bytes are not the utf-16-le text"):
        images_in(b"\xff\xfe<\x00a", Path("a.md"))
    # A character with two spellings: it would be written back as the other one.
    with pytest.raises(DocumentUnreadable, match=r"^a\.html: its bytes are not the cp932 text"):
        images_in(b"<meta charset=sjis>\xfa\x54", Path("a.html"))


def test_alts_are_written_only_into_the_bytes_they_were_found_for() -> None:
    data = b"<img src=a><img src=a>"
    first, second = images_in_html(data)
    written = with_alts(data, {second: "b"})
    assert written == b'<img src=a><img src=a alt="b">'
    for images in ({first: "x"}, {second: "b"}):
        with pytest.raises(DocumentChanged):
            with_alts(written, images)


def test_an_alt_that_is_there_already_is_not_written_anew() -> None:
    data = b"<img alt=Tom&Ann><img alt=''><img alt>"
    alts = dict(zip(images_in_html(data), ("Tom&Ann", "", ""), strict=True))
    assert with_alts(data, alts) == data
    (image,) = images_in_html(b"<img>")
    assert with_alts(b"<img>", {image: " \n"}) == b'<img alt="">'


ATTRIBUTES = ["alt", "ALT='o&amp;'", 'alt="x"', "alt=y", "alt = ", "src=a.jpg", "src='b c.jpg'"]
ATTRIBUTES += ['src="c.jpg"', "srcset=d.jpg", "/", "=", "'", '"', "a=b", "{{ x }}", "{% if x %}"]
MARKUP = ["<img ", "<IMG\n", ">", "/>", " ", "text & é", "<p>", "</p>", "<!--", "-->", "<a href=x>"]
MARKUP += ["</a>", "<script>", "</script>", "<svg>", "</svg>", "<![CDATA[", "]]>", "<", "\r\n"]
MARKUP += ["<textarea>", "</textarea>", "<h2>", "</h2>", "<?php ", "?>", "<input type=image "]
PAGES = st.lists(st.sampled_from(ATTRIBUTES + MARKUP), max_size=25).map(" ".join)
TAGS = st.lists(st.sampled_from(ATTRIBUTES), max_size=5).map(lambda a: f"<img {' '.join(a)}>")


def undone(written: bytes, changed: list[tuple[int, bytes, bytes]]) -> bytes:
    """The bytes before changes, which put everything behind them elsewhere."""
    for start, old, new in sorted(changed):
        assert written[start : start + len(new)] == new
        written = written[:start] + old + written[start + len(new) :]
    return written


@settings(max_examples=300)
@given(PAGES | st.lists(TAGS | PAGES, max_size=4).map("".join), st.text(max_size=30))
def test_laws_of_changing_alts_in_html(page: str, alt: str) -> None:
    data = page.encode()
    images = images_in_html(data)
    editable = [image for image in images if image.edit]
    changed = changes(data, dict.fromkeys(editable, alt))
    written = with_alts(data, dict.fromkeys(editable, alt))
    after = images_in_html(written)

    # The same images, all with that text, and nothing else that a reader could tell apart.
    assert [i.context.src for i in after] == [i.context.src for i in images]
    assert [i.fixed for i in after] == [i.fixed for i in images]
    assert {i.context.alt for i in after if i.edit} <= {one_line(alt)}
    # Bytes outside of the edits are the same, in the same order.
    rest = []
    for source, found in ((data, images), (written, after)):
        position, kept = 0, b""
        for image in (i for i in found if i.edit):
            assert image.edit is not None
            kept += source[position : image.edit.start] + b"|"
            position = image.edit.end
        rest.append(kept + source[position:])
    assert rest[0] == rest[1]
    # Twice is once, and everything can be taken back.
    assert with_alts(written, {i: alt for i in after if i.edit}) == written
    assert undone(written, changed) == data


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_page_or_refused(data: bytes) -> None:
    for suffix in (".html", ".md", ".mdx", ".svelte", ".xhtml"):
        try:
            images = images_in(b"<img src=a>" + data, Path("page" + suffix))
        except DocumentUnreadable:
            continue
        assert all(image.start < image.end <= len(data) + 11 for image in images)


@pytest.mark.parametrize(
    "page", ["![o\n> l](a) ![R][] ![R] <img\nalt=x src=a>\n\n[r]: b", "![](a)"]
)
def test_changes_in_markdown_can_be_taken_back(page: str) -> None:
    data, path = page.encode(), Path("page.md")
    images = images_in(data, path)
    alts = dict.fromkeys(images, "A [new] text")
    written = with_alts(data, alts)
    assert written != data
    assert undone(written, changes(data, alts)) == data
