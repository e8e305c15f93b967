"""Files beside a photo: which belong to it, what they tell, and what they must not do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.metadata.sidecar import Sidecars, changed_ns, read_sidecars, takeout_names
from index.metadata.takeout import read_takeout
from index.metadata.told import Told

XMP = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{}"/></rdf:RDF>'
)
TAKEOUT = {
    "title": "a.jpg",
    "description": "A red barn",
    "photoTakenTime": {"timestamp": "1683195072", "formatted": "4 May 2023, 10:11:12 UTC"},
    "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
    "geoDataExif": {"latitude": 60.5, "longitude": -5.25},
    "people": [{"name": "Ada"}, {"name": "Bo"}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["timestamp", "latitude", "longitude", "name"]), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", ["a.jpg.xmp", "a.xmp"])
def test_an_xmp_sidecar_is_found_by_either_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(XMP.format(3))
    assert read_sidecars(tmp_path / "a.jpg").xmp == Told(rating=3)


def test_the_sidecar_with_the_whole_name_is_the_nearer_one(tmp_path: Path) -> None:
    (tmp_path / "a.jpg.xmp").write_text(XMP.format(3))
    (tmp_path / "a.xmp").write_text(XMP.format(5))
    assert read_sidecars(tmp_path / "a.jpg").xmp == Told(rating=3)


def test_a_photo_alone_has_silent_sidecars(tmp_path: Path) -> None:
    assert read_sidecars(tmp_path / "a.jpg") == Sidecars()
    assert changed_ns(str(tmp_path), "a.jpg") == 0


@pytest.mark.parametrize(
    ("photo", "sidecar"),
    [
        ("a.jpg", "a.jpg.json"),
        ("a.jpg", "a.jpg.supplemental-metadata.json"),
        ("a(1).jpg", "a.jpg(1).json"),
        ("a(1).jpg", "a.jpg.supplemental-metadata(1).json"),
        ("a-edited.jpg", "a.jpg.supplemental-metadata.json"),
        ("a-edited(2).jpg", "a.jpg.supplemental-metadata(2).json"),
        ("PXL_20230504_101112345.jpg", "PXL_20230504_101112345.jpg.supplemental-metada.json"),
        (f"{'n' * 47}.jpg", f"{'n' * 46}.json"),
    ],
)
def test_what_takeout_calls_the_file_of_a_photo_is_found(photo: str, sidecar: str) -> None:
    assert sidecar in takeout_names(photo)


def test_takeout_tells_time_place_words_and_people(tmp_path: Path) -> None:
    (tmp_path / "a.jpg.supplemental-metadata.json").write_text(json.dumps(TAKEOUT))
    assert read_sidecars(tmp_path / "a.jpg").takeout == Told(
        taken_at="2023-05-04T10:11:12+00:00",
        position=(60.5, -5.25),
        description="A red barn",
        keywords=("Ada", "Bo"),
    )


def test_the_newer_sidecar_dates_both(tmp_path: Path) -> None:
    for name, second in (("a.xmp", 1000), ("a.jpg.json", 2000)):
        (tmp_path / name).write_text(XMP.format(3))
        os.utime(tmp_path / name, (second, second))
    assert changed_ns(str(tmp_path), "a.jpg") == 2000 * 10**9
    assert changed_ns(str(tmp_path), "a.jpg", {"a.xmp"}) == 1000 * 10**9


def test_what_would_never_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg.xmp")
    (tmp_path / "a.xmp").symlink_to("/dev/zero")
    (tmp_path / "a.jpg.json").mkdir()
    assert read_sidecars(tmp_path / "a.jpg") == Sidecars()
    assert changed_ns(str(tmp_path), "a.jpg") == 0
    writer = os.open(tmp_path / "a.jpg.xmp", os.O_RDWR)
    os.write(writer, XMP.format(3).encode())
    assert read_sidecars(tmp_path / "a.jpg") == Sidecars()
    os.close(writer)


def test_a_huge_sidecar_is_silent(tmp_path: Path) -> None:
    with (tmp_path / "a.jpg.xmp").open("wb") as file:
        file.write(XMP.format(3).encode())
        file.truncate(1 << 30)
    assert read_sidecars(tmp_path / "a.jpg") == Sidecars()
    assert changed_ns(str(tmp_path), "a.jpg") > 0


def test_a_name_too_long_or_in_no_encoding_has_no_sidecars(tmp_path: Path) -> None:
    for name in ("n" * 252 + ".jpg", os.fsdecode(b"caf\xe9.jpg"), "a\x00.jpg"):
        assert read_sidecars(tmp_path / name) == Sidecars()


def test_a_deep_or_foreign_json_is_silent() -> None:
    for data in (b"[" * 100_000, b"{}", b"\xff", b"", b'{"photoTakenTime": 7}', b"9" * 10_000):
        assert read_takeout(data) == Told()


@settings(deadline=None)
@given(told=st.dictionaries(st.sampled_from(sorted(TAKEOUT)), JSON))
def test_any_json_is_told_cleanly(told: dict[str, object]) -> None:
    found = read_takeout(json.dumps({"photoTakenTime": {}} | told).encode())
    json.dumps(found.keywords).encode()
    for text in (found.description, *found.keywords):
        assert text is None or text.encode()
    if found.position is not None:
        assert abs(found.position[0]) <= 90 and abs(found.position[1]) <= 180


@settings(deadline=None)
@given(data=st.binary(max_size=100))
def test_no_bytes_raise(data: bytes) -> None:
    read_takeout(data)
    read_takeout(b'{"photoTakenTime": {"timestamp": "' + data + b'"}}')
