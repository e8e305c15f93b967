"""Packets put into photo files: the picture and all else stay, and damaged files are refused."""

from __future__ import annotations

import io
import tempfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photo_containers import (
    FILES,
    PACKET,
    chunk,
    drawing,
    jpeg,
    packet_by_pillow,
    pixels,
    png,
    tiff,
    webp,
)
from PIL import Image

from index.metadata.facts import facts_of
from index.metadata.writing.containers import container_of
from index.metadata.writing.errors import EmbeddingUnsupported, Refusal, TextNotWritten
from index.metadata.writing.packet import ALT, with_texts
from index.metadata.writing.planning import plan_embedding
from index.metadata.writing.splices import applied
from index.metadata.writing.write import embed
from vlm.images import decode_photo

TEXTS = {ALT: "A red barn"}


def written(data: bytes, alt: str = "A red barn") -> bytes:
    """The file with a text; raises `Refusal`."""
    container = container_of(data)
    assert container is not None
    packet = with_texts(container.packet_of(data) or b"", {ALT: alt}, "en")
    return applied(data, container.with_packet(data, packet))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("before", [b"", PACKET], ids=["without XMP", "with XMP"])
def test_the_pixels_and_all_other_facts_stay(name: str, before: bytes, tmp_path: Path) -> None:
    data = FILES[name](before)
    photo = tmp_path / name
    photo.write_bytes(data)
    embed(photo, "A red barn", "It stands in the snow.")
    after = photo.read_bytes()
    assert pixels(after) == pixels(data)
    old, new = facts_of(decode_photo(data, name)), facts_of(decode_photo(after, name))
    assert (new.alt_text, new.extended_description) == ("A red barn", "It stands in the snow.")
    same = ("camera", "taken_at", "rating", "title", "width", "height")
    assert [getattr(new, field) for field in same] == [getattr(old, field) for field in same]
    assert old.title == ("Scheune & Hof" if before else None)


@pytest.mark.parametrize("name", FILES)
def test_pillow_finds_the_packet_that_was_written(name: str) -> None:
    data = written(FILES[name](PACKET))
    container = container_of(data)
    assert container is not None
    assert packet_by_pillow(data) == container.packet_of(data) == with_texts(PACKET, TEXTS, "en")


def test_the_segments_of_a_jpeg_stay_in_their_order() -> None:
    before, after = jpeg(), written(jpeg())
    start = after.index(b"\xff\xe1", 4 + before.index(b"Exif"))
    length = 2 + int.from_bytes(after[start + 2 : start + 4], "big")
    assert after[:start] + after[start + length :] == before


@pytest.mark.parametrize("data", [png(), png(PACKET)])
def test_every_chunk_of_a_png_has_the_right_check_sum(data: bytes) -> None:
    after, at = written(data), 8
    kinds = []
    while at < len(after):
        end = at + 8 + int.from_bytes(after[at : at + 4], "big")
        assert zlib.crc32(after[at + 4 : end]) == int.from_bytes(after[end : end + 4], "big")
        kinds.append(after[at + 4 : at + 8])
        at = end + 4
    assert kinds.index(b"iTXt") < kinds.index(b"IDAT")


def test_packed_xmp_of_a_png_is_read() -> None:
    body = b"iTXtXML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(PACKET)
    data = png()[:33] + chunk(body) + png()[33:]
    assert packet_by_pillow(written(data)) == with_texts(PACKET, TEXTS, "en")


def test_the_padding_of_an_editor_makes_room_in_a_jpeg() -> None:
    end = b'<?xpacket end="w"'
    padded = PACKET.replace(end, b" " * (65_400 - len(PACKET)) + end)
    after = packet_by_pillow(written(jpeg(padded)))
    assert after is not None
    assert len(after) < 4000
    assert b"A red barn" in after


def test_a_packet_over_64_kb_is_refused_for_a_jpeg_only() -> None:
    large = PACKET.replace(b"Scheune", b"S" * (65_400 - len(PACKET)))
    with pytest.raises(Refusal, match=r"64 KB.*--write xmp"):
        written(jpeg(large), alt="barn " * 900)
    assert b"barn barn" in written(webp(large), alt="barn " * 900)


def test_the_other_pictures_of_a_jpeg_are_still_found() -> None:
    file = io.BytesIO()
    drawing().save(file, "MPO", save_all=True, append_images=[drawing().rotate(180)])
    before = file.getvalue()
    for after in (written(before), written(written(before), "A barn, told at greater length")):
        assert pixels(after) == pixels(before)
        assert len(pixels(after)) == 2
        with Image.open(io.BytesIO(after)) as image:
            first, _ = image.mpinfo[0xB002]
        assert after[first["Size"] :].startswith(b"\xff\xd8\xff")


def test_a_simple_webp_says_its_size_and_transparency_when_it_becomes_an_extended_one() -> None:
    for name in ("a.webp", "lossless.webp"):
        data = FILES[name](b"")
        assert data[12:15] == b"VP8"
        assert data[15:16] != b"X"
        after = written(data)
        assert after[12:16] == b"VP8X"
        assert int.from_bytes(after[4:8], "little") == len(after) - 8
        assert (after[24] + 1, after[27] + 1) == (61, 43)
        assert bool(after[20] & 0x10) == (name == "lossless.webp")


def test_all_of_a_tiff_stays_where_it_was() -> None:
    before = tiff()
    after = written(before)
    assert (after[:4], after[8 : len(before)]) == (before[:4], before[8:])


def test_a_tiff_does_not_grow_with_every_change() -> None:
    once = written(tiff())
    again = written(once, "A red barn that stands in the snow")
    assert len(again) - len(once) == 2 * len(" that stands in the snow")


@pytest.mark.parametrize("behind", [b"\x00\x00\x00\x18ftypmp42 \xff\xd8\xff", b"\xff\xd8\xffSEFT"])
def test_what_phones_put_behind_a_picture_stays_behind_it(behind: bytes) -> None:
    assert written(jpeg() + behind) == written(jpeg()) + behind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (jpeg()[:300], "damaged JPEG"),
        (jpeg(PACKET)[:2] + jpeg(PACKET)[2:].replace(b"\xff\xdb", b"\x00\xdb", 1), "damaged JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x01" + jpeg()[4:], "damaged JPEG"),
        (b"\xff\xd8\xff\xe0\xff\xff" + jpeg()[6:], "damaged JPEG"),
        (jpeg() + jpeg(), "another picture"),
        (jpeg() + b"1234AXS!12341234", "AFCP"),
        (jpeg()[:2] + b"\xff\xeb\x00\x10JP....jumbc2pa" + jpeg()[2:], "content credentials"),
        (jpeg(PACKET)[:-400], "ok"),
        (png()[:-20], "damaged PNG"),
        (png().replace(b"IHDR", b"IDAT"), "damaged PNG"),
        (png()[:33] + chunk(b"caBXjumb") + png()[33:], "content credentials"),
        (png()[:33] + b"\xff\xff\xff\xffaaaa" + png()[33:], "damaged PNG"),
        (png(PACKET)[:33] + png(PACKET)[33:].replace(b"IDAT", b"iDAT"), "damaged PNG"),
        (png(PACKET.decode().encode("utf-16")), "UTF-8"),
        (webp()[:-9], "damaged WebP"),
        (webp()[:4] + b"\x04\x00\x00\x00" + webp()[8:], "damaged WebP"),
        (webp()[:16] + b"\xff\xff\xff\xff" + webp()[20:], "damaged WebP"),
        (webp().replace(b"\x9d\x01\x2a", b"\x9d\x01\x2b", 1), "damaged WebP"),
        (tiff()[:4] + b"\xff\xff\xff\x7f" + tiff()[8:], "damaged TIFF"),
        (tiff()[: len(tiff()) // 2], "damaged TIFF|cut off"),
    ],
)
def test_a_damaged_file_is_refused(data: bytes, reason: str) -> None:
    if reason == "ok":  # a picture that is cut off is as good, or bad, with a text
        assert written(data).endswith(data[-500:])
        return
    with pytest.raises(Refusal, match=reason):
        written(data)


def test_two_packets_in_a_file_are_refused() -> None:
    at = jpeg(PACKET).index(b"\xff\xe1")
    end = jpeg(PACKET).index(b'<?xpacket end="w"?>') + 19
    twice = jpeg(PACKET)[:end] + jpeg(PACKET)[at:]
    assert twice.count(b"xpacket begin") == 2
    with pytest.raises(Refusal, match="more than one"):
        written(twice)


MADE = {f"{bool(xmp)}-{name}": make(xmp) for name, make in FILES.items() for xmp in (b"", PACKET)}


@settings(max_examples=150)
@given(st.sampled_from(list(MADE)), st.data())
def test_lies_in_a_file_are_refused_or_harmless(made: str, draw: st.DataObject) -> None:
    data = bytearray(MADE[made])
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    before = bytes(data[: draw.draw(st.integers(len(data) // 2, len(data)))])
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / made
        photo.write_bytes(before)
        try:
            plan = plan_embedding(photo, "A red barn")
        except TextNotWritten:
            return
    container = container_of(before)
    assert container is not None
    assert list(container.picture(plan.content)) == list(container.picture(before))
    assert b"A red barn" in (container.packet_of(plan.content) or b"")
    assert applied(plan.content, plan.undo.splices) == before


@pytest.mark.parametrize("kind", ["GIF", "BMP", "AVIF"])
def test_other_kinds_of_files_name_the_sidecar(kind: str, tmp_path: Path) -> None:
    photo = tmp_path / f"a.{kind.lower()}"
    drawing().save(photo, kind)
    before = photo.read_bytes()
    with pytest.raises(EmbeddingUnsupported, match=f"{kind} files.*--write xmp"):
        embed(photo, "A red barn")
    assert photo.read_bytes() == before


def test_nothing_is_written_into_raw_files(tmp_path: Path) -> None:
    (tmp_path / "a.DNG").write_bytes(tiff())
    with pytest.raises(EmbeddingUnsupported, match="RAW"):
        embed(tmp_path / "a.DNG", "A red barn")


@pytest.mark.parametrize(
    ("alt", "language", "reason"),
    [("A barn", "English!", "no language tag"), ("A barn " * 1000, "en", "longer than 5000")],
)
def test_texts_that_cannot_be_kept_are_refused(
    alt: str, language: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    with pytest.raises(TextNotWritten, match=reason):
        plan_embedding(tmp_path / "a.jpg", alt, language=language)
