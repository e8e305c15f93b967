"""Facts of real files: what wins where sources disagree, and what damage costs."""

from __future__ import annotations

import io
import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IPTC_NAA_CHUNK, ImageFileDirectory_v2

from index.decoding.decode import Decoder
from index.metadata.facts import facts_of
from index.metadata.sidecar import Sidecars
from index.metadata.told import Told
from index.records import Facts
from vlm.errors import ImageUnreadable
from vlm.images import decode_photo
from vlm.protocols import ImageInput

PHOTO = Image.new("RGB", (60, 40), "red")
XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 tiff:Model="Xmp 1" exif:GPSLatitude="60,0N" exif:GPSLongitude="10,45E"
 xmp:Rating="4" exif:DateTimeOriginal="2002-02-02T02:02:02"><dc:title><rdf:Alt>
 <rdf:li xml:lang="x-default">xmp title</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>"""
IPTC = b"\x1c\x02\x05\x00\x0aiptc title\x1c\x02\x78\x00\x0ciptc caption\x1c\x02\x37\x00\x0820030303"


def exif(*, original: bool = True) -> Image.Exif:
    tags = Image.Exif()
    tags[Base.ImageDescription] = "exif caption"
    tags[Base.Model] = "Barn 2000"
    tags[Base.DateTime] = "2009:09:09 09:09:09"
    if original:
        tags.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2001:01:01 01:01:01"
        tags.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = "+01:00"
        tags.get_ifd(IFD.Exif)[Base.LensModel] = "Straw 50mm"
    tags.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: (41.0, 53.0, 24.7),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (12.0, 29.0, 31.9),
        }
    )
    return tags


def jpeg(*, iptc: bytes = b"", **options: object) -> bytes:
    file = io.BytesIO()
    PHOTO.save(file, "JPEG", **options)
    data = file.getvalue()
    if not iptc:
        return data
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(iptc).to_bytes(4, "big") + iptc
    return data[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block + data[2:]


def facts(data: bytes, name: str = "a.jpg", **more: object) -> Facts:
    return facts_of(decode_photo(data, name), Path(name), **more)  # type: ignore[arg-type]


def test_words_come_from_xmp_then_iptc_then_exif_and_the_time_from_exif() -> None:
    told = facts(jpeg(exif=exif(), xmp=XMP, iptc=IPTC))
    assert (told.title, told.description, told.rating) == ("xmp title", "iptc caption", 4)
    assert (told.taken_at, told.taken_from) == ("2001-01-01T01:01:01+01:00", "exif")
    assert (told.camera, told.lens, told.place) == ("Barn 2000", "Straw 50mm", "Rome, Italy")
    assert (told.latitude, told.longitude) == pytest.approx((41.89019, 12.49219), abs=1e-4)
    told = facts(jpeg(xmp=XMP))
    assert (told.camera, told.latitude, told.longitude) == ("Xmp 1", 60.0, 10.75)


def test_without_a_camera_the_time_comes_from_xmp_iptc_the_name_and_last_the_file() -> None:
    def taken(name: str = "a.jpg", **options: object) -> tuple[str | None, str | None]:
        told = facts(jpeg(**options), name, mtime_ns=0)  # type: ignore[arg-type]
        return told.taken_at, told.taken_from

    late = exif(original=False)
    name = "IMG_20040404_040404.jpg"
    assert taken(name, xmp=XMP, iptc=IPTC, exif=late) == ("2002-02-02T02:02:02", "xmp")
    assert taken(name, iptc=IPTC, exif=late) == ("2003-03-03T00:00:00", "iptc")
    assert taken(name, exif=late) == ("2004-04-04T04:04:04", "name")
    assert taken(exif=late) == ("2009-09-09T09:09:09", "exif")
    assert taken()[1] == "mtime"


def test_a_sidecar_corrects_what_is_in_the_file() -> None:
    sidecars = Sidecars(
        Told(taken_at="2010-10-10T10:10:10", rating=0, title="corrected", keywords=("barn",)),
        Told(taken_at="2011-11-11T11:11:11+00:00", description="takeout", keywords=("Ada",)),
    )
    told = facts(jpeg(exif=exif(), xmp=XMP, iptc=IPTC), sidecars=sidecars)
    assert (told.taken_at, told.taken_from) == ("2010-10-10T10:10:10", "xmp")
    assert (told.title, told.description, told.rating) == ("corrected", "takeout", 0)
    assert told.keywords == ("barn", "Ada")


def test_takeout_tells_the_time_before_the_name_does() -> None:
    takeout = Sidecars(takeout=Told(taken_at="2011-11-11T11:11:11+00:00"))
    told = facts(jpeg(), "IMG_20040404_040404.jpg", sidecars=takeout)
    assert (told.taken_at, told.taken_from) == ("2011-11-11T11:11:11+00:00", "takeout")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_every_format_that_can_tell_is_heard(kind: str) -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    file = io.BytesIO()
    options: dict[str, object] = {"xmp": XMP}
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        options = {"pnginfo": PngInfo()}
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())  # type: ignore[attr-defined]
    elif kind == "TIFF":
        tags = ImageFileDirectory_v2()
        tags[700] = XMP
        options = {"tiffinfo": tags}
    PHOTO.save(file, kind, **options)
    told = facts(file.getvalue())
    assert (told.format, told.title, told.rating) == (kind, "xmp title", 4)


def test_a_tiff_tells_by_iptc_as_bytes_or_as_the_numbers_of_photoshop() -> None:
    padded = IPTC + bytes(-len(IPTC) % 4)
    tags = ImageFileDirectory_v2()
    tags.tagtype[IPTC_NAA_CHUNK] = 7
    tags[IPTC_NAA_CHUNK] = padded
    file = io.BytesIO()
    PHOTO.save(file, "TIFF", tiffinfo=tags)
    data = file.getvalue()
    assert facts(data).title == "iptc title"
    as_bytes, as_numbers = (
        struct.pack("<HHL", IPTC_NAA_CHUNK, kind, count)
        for kind, count in ((7, len(padded)), (4, len(padded) // 4))
    )
    assert data.count(as_bytes) == 1
    assert facts(data.replace(as_bytes, as_numbers)).title == "iptc title"


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder(ImageInput(16, "squash"), 1) as one:
        yield one


def test_the_worker_tells_all_of_it(decoder: Decoder, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(jpeg(exif=exif(), iptc=IPTC))
    sidecar = tmp_path / "a.jpg.json"
    sidecar.write_text(
        json.dumps({"photoTakenTime": {}, "description": "\ud800 zwölf\u202e", "people": [7]})
    )
    (tmp_path / "a.xmp").write_bytes(XMP)
    told = decoder.submit(photo).result().facts
    assert (told.title, told.description, told.rating) == ("xmp title", "zwölf", 4)
    assert (told.taken_at, told.taken_from) == ("2002-02-02T02:02:02", "xmp")
    assert told.place == "Oslo, Norway"


def test_a_name_in_no_encoding_is_no_obstacle(decoder: Decoder, tmp_path: Path) -> None:
    photo = tmp_path / os.fsdecode(b"caf\xe9 2004-04-04 04.04.04.jpg")
    photo.write_bytes(jpeg())
    assert decoder.submit(photo).result().facts.taken_at == "2004-04-04T04:04:04"


@settings(deadline=None)
@given(at=st.integers(2, 2000), noise=st.binary(min_size=1, max_size=8))
def test_damage_costs_facts_or_the_file_but_raises_nothing_else(at: int, noise: bytes) -> None:
    data = jpeg(exif=exif(), xmp=XMP, iptc=IPTC)
    try:
        told = facts(data[:at] + noise + data[at + len(noise) :])
    except ImageUnreadable:
        return
    assert json.loads(json.dumps(told.title)) == told.title
