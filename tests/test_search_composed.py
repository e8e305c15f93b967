"""Queries of several terms: words with weights, photos, and what is subtracted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from index.build import build
from index.library import Library
from index.query.parse import parse
from index.query.parts import Like
from index.search.query_vector import SIMILAR, bounds, query_vector
from index.search.search import search_text
from vlm.errors import ImageUnreadable, QueryInvalid
from vlm.fakes import ColourEmbedder
from vlm.protocols import Calibration, Vectors

FAKE = ColourEmbedder()
COLOURS = {"red": "red.png", "green": "green.png", "blue": "blue.png", "purple": "sub/purple.png"}
WEIGHTS = st.floats(0.01, 100)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    (folder / "sub").mkdir()
    for colour, name in COLOURS.items():
        Image.new("RGB", (32, 24), colour).save(folder / name)
    return folder


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("library"), create=True) as library:
        build(library, [photos], FAKE, workers=1)
        yield library


def names(library: Library, query: str) -> list[str]:
    return [hit.path.name for hit in search_text(library, FAKE, query).hits]


def cosine(query: str, colour: tuple[float, float, float]) -> float:
    vector = query_vector(parse(query), FAKE, lambda like: Image.new("RGB", (8, 8), like.path))
    assert vector is not None
    return float(vector.whole @ np.array(colour, np.float32) / np.linalg.norm(colour))


class Hearing(ColourEmbedder):
    """Remembers the texts that it was given."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.heard += texts
        return super().embed_texts(texts)


@pytest.mark.parametrize(
    ("query", "heard"),
    [
        ("a red barn", ["red barn"]),
        ("A photo of the red barn", ["red barn"]),
        ("pictures of some red barns", ["red barns"]),
        ('2:a-red 1:blue -"the green"', ["a-red", "blue", "green", "a-red blue"]),
        ("the", ["the"]),
        ("theatre in red", ["theatre in red"]),
    ],
)
def test_what_stands_before_any_thing_alike_is_not_looked_for(query: str, heard: list[str]) -> None:
    embedder = Hearing()
    query_vector(parse(query), embedder, lambda like: Image.new("RGB", (8, 8)))
    assert embedder.heard == heard


def test_terms_are_summed_by_their_weights() -> None:
    assert cosine("2:red 1:blue", (2, 0, 1)) == pytest.approx(1, abs=1e-4)
    assert cosine("red 0.5:blue", (2, 0, 1)) == pytest.approx(1, abs=1e-4)
    assert cosine("like:red 1:blue", (1, 0, 1)) == pytest.approx(1, abs=1e-4)
    assert cosine("2:like:red blue", (2, 0, 1)) == pytest.approx(1, abs=1e-4)
    assert cosine("red -1:blue", (1, 0, -1)) == pytest.approx(1, abs=1e-4)
    assert cosine("red -blue", (2, 0, -1)) == pytest.approx(1, abs=1e-4)


@given(a=WEIGHTS, b=WEIGHTS, minus=st.booleans())
def test_a_query_vector_has_length_one(a: float, b: float, minus: bool) -> None:
    query = parse(f"{a!r}:red {'-' if minus else ''}{b!r}:green")
    vector = query_vector(query, FAKE, lambda like: Image.new("RGB", (8, 8)))
    assert vector is not None
    assert np.linalg.norm(vector.whole) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(vector.wanted) == pytest.approx(1, abs=1e-4)
    alone = query_vector(parse(f"{a!r}:red"), FAKE, lambda like: Image.new("RGB", (8, 8)))
    assert alone is not None
    assert alone.whole is alone.wanted


def test_bands_come_from_all_texts_read_as_one_and_not_from_what_is_subtracted() -> None:
    asked: list[str] = []

    class Listening(ColourEmbedder):
        def embed_texts(self, texts: Sequence[str]) -> Vectors:
            asked.extend(texts)
            return super().embed_texts(texts)

    vector = query_vector(
        parse("red 2:blue -green"), Listening(), lambda like: Image.new("RGB", (1, 1))
    )
    assert vector is not None
    assert asked == ["red", "blue", "green", "red blue"]
    assert vector.wanted @ FAKE.embed_texts(["red blue"])[0] == pytest.approx(1)


def test_nothing_wanted_has_no_vector() -> None:
    for query in ("in:x", "-red", "-like:red in:x"):
        assert query_vector(parse(query), FAKE, lambda like: Image.new("RGB", (8, 8))) is None


def test_terms_that_cancel_out_find_nothing_rather_than_fail(library: Library) -> None:
    result = search_text(library, FAKE, "red -1:red")
    assert {hit.score for hit in result.hits} == {0.0}


def test_bounds_lie_between_those_of_texts_and_of_photos() -> None:
    text = Calibration(strong=0.4, maybe=((1, 0.2),))
    assert bounds(text, 10, 0) == (0.4, 0.2)
    assert bounds(text, 10, 1) == (SIMILAR.strong, SIMILAR.maybe_among(10))
    assert bounds(text, 10, 0.5) == pytest.approx((0.6, 0.35))
    assert bounds(None, 10, 1) == (SIMILAR.strong, SIMILAR.maybe_among(10))
    assert bounds(None, 10, 0.9) is None


def test_a_photo_and_words_find_what_has_of_both(library: Library, photos: Path) -> None:
    red = photos / "red.png"
    assert names(library, f"like:{red} something blue")[0] == "purple.png"
    assert "red.png" not in names(library, f"like:{red}")
    assert names(library, f"like:{photos}/sub/purple.png -blue")[0] == "red.png"


def test_a_photo_may_be_named_from_here_or_as_the_library_has_it(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos)
    expected = names(library, f"like:{photos}/red.png")
    assert names(library, "like:red.png") == expected
    monkeypatch.chdir(photos / "sub")
    assert names(library, "like:red.png") == names(library, "like:RED.png") == expected
    assert names(library, "like:sub/purple.png") == names(library, "like:purple.png")


def test_a_photo_that_is_not_there_is_an_error_that_points(library: Library) -> None:
    with pytest.raises(
        QueryInvalid, match=r"no photo of that name.*did you mean 'red.png'"
    ) as error:
        search_text(library, FAKE, "night like:rd.png")
    assert error.value.position == len("night like:")


def test_a_name_of_several_photos_is_an_error_that_lists_them(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (8, 8), "red" if folder == "a" else "blue").save(
            tmp_path / folder / "1.png"
        )
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [tmp_path / "a", tmp_path / "b"], FAKE, workers=1)
        with pytest.raises(QueryInvalid, match=r"a/1.png, .*b/1.png; name its folder"):
            search_text(library, FAKE, "like:1.png")
        assert names(library, "like:b/1.png") == ["1.png"]


def test_a_file_that_is_no_photo_is_an_error_about_that_file(
    library: Library, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no photo")
    with pytest.raises(ImageUnreadable, match=r"notes\.txt"):
        search_text(library, FAKE, f"like:{tmp_path}/notes.txt")


def test_a_like_is_read_once_for_each_time_it_is_named() -> None:
    opened: list[Like] = []

    def open_photo(like: Like) -> Image.Image:
        opened.append(like)
        return Image.new("RGB", (8, 8), like.path)

    query_vector(parse("like:red -like:blue"), FAKE, open_photo)
    assert [like.path for like in opened] == ["red", "blue"]


def test_a_query_of_a_stranger_reaches_photos_of_the_library_only(
    library: Library, photos: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.png"
    Image.new("RGB", (8, 8), "red").save(outside)
    asked = f"like:{photos}/red.png"
    inside = search_text(library, FAKE, asked, anywhere=False)
    assert inside.hits == search_text(library, FAKE, asked).hits
    with pytest.raises(QueryInvalid, match="no photo of that name"):
        search_text(library, FAKE, f"like:{outside}", anywhere=False)


def test_a_content_is_found_by_its_hash_and_a_path_has_one(library: Library, photos: Path) -> None:
    digest = hashlib.sha256((photos / "red.png").read_bytes()).digest()
    [(state, facts)] = library.catalogue.photos_with(digest)
    assert (state.path, state.hash, facts.width, facts.height) == (
        photos / "red.png",
        digest,
        32,
        24,
    )
    assert library.catalogue.digests([photos / "red.png", photos / "gone"]) == {state.path: digest}
    assert library.catalogue.photos_with(bytes(32)) == []
