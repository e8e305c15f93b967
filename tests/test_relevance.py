"""Whether photos answer a text: the signs, the bounds, and the words they are measured with."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import index.search.background
from index.build import build
from index.library import Library
from index.search.background import background, embed_words, kept_words
from index.search.everyday_words import WORDS
from index.search.relevance import (
    DEFAULT,
    HITS,
    STRONG,
    Background,
    Signs,
    bounds,
    evidence,
    signs,
    text_bounds,
)
from index.search.search import search_photo, search_text
from vlm.fakes import ColourEmbedder
from vlm.protocols import Calibration, ImageInput, SignWeights, Vectors

DIM = 64
THINGS = ("dog", "beach", "snow", "guitar", "pizza", "castle")


def unit(rows: Any) -> Vectors:
    vectors: Vectors = np.asarray(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def meaning(word: str) -> Vectors:
    return unit(np.random.default_rng(list(word.encode())).normal(size=DIM))


class Painted:
    """Fake: each word points anywhere; a photo shows the thing that its red value numbers."""

    name = "painted"
    fingerprint = "painted-1"
    dim = DIM
    image_input = ImageInput(size=8, fit="squash")
    calibration: Calibration | None = None

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_images(self, images: Sequence[Image.Image]) -> Vectors:
        rows = []
        for image in images:
            red, green, _ = image.resize((1, 1)).getpixel((0, 0))
            noise = np.random.default_rng(green).normal(size=DIM) / 16
            rows.append(meaning(THINGS[red // 40]) + noise)
        return unit(rows)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return unit([sum(meaning(word) for word in text.split()) for text in texts])


class Weighed(Painted):
    """Its words point anywhere, so how near they are to each other says nothing."""

    calibration: Calibration | None = Calibration(
        strong=0.9,
        maybe=((1, 0.0),),
        weights=SignWeights(1.0, -0.7, 3.0, text_spread=0, nearness=0, size=-0.7, start=-1.0),
    )


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexed")
    (folder / "photos").mkdir()
    for thing in range(len(THINGS)):
        for number in range(4):
            image = Image.new("RGB", (8, 8), (40 * thing + 10, 60 * number, 7))
            image.save(folder / "photos" / f"{THINGS[thing]}-{number}.png")
    with Library.open(folder / "library", create=True) as library:
        build(library, [folder / "photos"], Painted(), workers=1)
    return folder


@pytest.fixture
def library(indexed: Path, tmp_path: Path) -> Iterator[Library]:
    """A copy, which a test may harm."""
    shutil.copytree(indexed / "library", tmp_path / "library")
    with Library.open(tmp_path / "library") as library:
        yield library


def some_background(seed: int, photos: int = 40) -> Background:
    draw = np.random.default_rng(seed)
    return Background.of(unit(draw.normal(size=(50, 8))), unit(draw.normal(size=(photos, 8))))


seeds = st.integers(0, 1000)
found_signs = st.builds(
    Signs, st.floats(-2, 12), st.floats(0, 6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)
)


@pytest.mark.parametrize("embedder", [Painted(), Weighed()])
@pytest.mark.parametrize("thing", ["dog", "castle", "pizza dog", "snow beach"])
def test_what_is_there_is_found_with_a_calibration_or_without(
    library: Library, embedder: Painted, thing: str
) -> None:
    result = search_text(library, embedder, thing)
    assert result.answer == "matches"
    assert result.hits[0].path.name.split("-")[0] in thing
    right = [hit.path.name.split("-")[0] in thing for hit in result.hits]
    assert all(hit.band != "weak" for hit, fits in zip(result.hits, right, strict=True) if fits)


@pytest.mark.parametrize("thing", ["zebra", "volcano", "sheet music", "wheel chair"])
def test_what_is_not_there_is_answered_with_nothing(library: Library, thing: str) -> None:
    result = search_text(library, Weighed(), thing)
    assert (result.answer, {hit.band for hit in result.hits}) == ("nothing", {"weak"})


def test_a_calibration_keeps_its_own_bound_of_strong(library: Library) -> None:
    class Certain(Painted):
        calibration: Calibration | None = Calibration(strong=0.01, maybe=((1, 0.0),))

    (best, *_) = search_text(library, Certain(), "zebra").hits
    assert 0.01 <= best.score < 0.1 and best.band == "strong"


def test_photos_are_compared_by_fixed_bounds_and_without_words(library: Library) -> None:
    embedder = Painted()
    result = search_photo(library, embedder, Image.new("RGB", (8, 8), (10, 0, 7)))
    assert result.hits[0].band == "strong"
    assert embedder.texts == []


@settings(deadline=None)
@given(found_signs, st.integers(1, 10**6), seeds)
def test_a_hit_is_a_maybe_exactly_where_the_evidence_is_for_an_answer(
    found: Signs, photos: int, seed: int
) -> None:
    behind = some_background(seed)
    strong, maybe = bounds(found, photos, behind, None)
    assert strong == pytest.approx(behind.mean + STRONG * behind.deviation)
    assert maybe <= strong
    best = behind.mean + found.lead * behind.deviation
    told = evidence(found, photos, DEFAULT)
    if abs(told) > 1e-3 and maybe < strong:
        assert (best >= maybe) == (told > 0)


@settings(deadline=None)
@given(found_signs, st.integers(1, 10**6), seeds, st.floats(-1, 1))
def test_below_a_best_hit_that_reaches_the_calibration_the_others_must_reach_it_too(
    found: Signs, photos: int, seed: int, usual: float
) -> None:
    """And whether there is an answer at all does not depend on it."""
    behind = some_background(seed)
    high = Calibration(strong=9.0, maybe=((1, 8.9),))
    _, own = bounds(found, photos, behind, high)
    strong, maybe = bounds(found, photos, behind, Calibration(strong=9.0, maybe=((1, usual),)))
    best = behind.mean + found.lead * behind.deviation
    assert strong == 9.0
    assert maybe == (max(own, usual) if best >= usual else own)
    assert (best >= maybe) == (best >= own)


@settings(deadline=None)
@given(found_signs, st.integers(1, 10**5), seeds)
def test_the_nearest_of_more_photos_must_be_nearer(found: Signs, photos: int, seed: int) -> None:
    behind = some_background(seed)
    few, many = (bounds(found, n, behind, None)[1] for n in (photos, 10 * photos))
    assert few <= many


@settings(deadline=None)
@given(seeds, st.integers(1, HITS))
def test_the_signs_stay_when_the_space_is_turned(seed: int, hits: int) -> None:
    draw = np.random.default_rng(seed)
    words, photos = unit(draw.normal(size=(40, 8))), unit(draw.normal(size=(30, 8)))
    query = unit(draw.normal(size=8))
    turned, _ = np.linalg.qr(draw.normal(size=(8, 8)))
    one = signs(query, photos[:hits], Background.of(words, photos))
    turn = turned.astype(np.float32)
    other = signs(query @ turn, photos[:hits] @ turn, Background.of(words @ turn, photos @ turn))
    assert one.lead == pytest.approx(other.lead, abs=1e-3)
    assert np.abs(np.subtract(one[1:], other[1:])).max() < 0.1


def test_a_word_is_no_rival_of_itself() -> None:
    words = unit(np.eye(8))
    behind = Background.of(words, words[:5])
    assert signs(words[0], words[:1], behind).rivals == 0
    assert signs(words[0], words[1:2], behind).rivals == pytest.approx(np.log(2))


def test_a_model_that_does_not_know_words_apart_tells_nothing() -> None:
    words = embed_words(ColourEmbedder())
    colours = ColourEmbedder().embed_texts(["red", "green", "blue"])
    behind = Background.of(words, colours)
    assert not behind.tells
    assert text_bounds(colours[0], colours, 3, behind, None) is None
    known = Background.of(unit(np.eye(3)), colours)
    assert known.tells and text_bounds(colours[0], colours[:0], 3, known, None) is None


def test_the_words_are_embedded_when_photos_are_indexed_and_kept(library: Library) -> None:
    embedder = Painted()
    search_text(library, embedder, "dog")
    assert embedder.texts == ["dog"]
    assert len(WORDS) == len(set(WORDS)) > 200
    words = kept_words(library.folder, embedder)
    assert np.abs(words - embed_words(Painted())).max() < 1e-3


@pytest.mark.parametrize("harm", ["cut", "flipped", "gone", "other words"])
def test_words_that_cannot_be_read_are_embedded_again(
    library: Library, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = library.folder.glob("*.words")
    whole = path.read_bytes()
    if harm == "cut":
        path.write_bytes(whole[:-9])
    elif harm == "flipped":
        path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    elif harm == "gone":
        path.unlink()
    else:
        monkeypatch.setattr(index.search.background, "_DIGEST", "0" * 16)
    embedder = Painted()
    words = kept_words(library.folder, embedder)
    assert embedder.texts == list(WORDS)
    assert np.abs(words - embed_words(Painted())).max() < 1e-3
    embedder.texts.clear()
    kept_words(library.folder, embedder)
    assert embedder.texts == []


def test_a_library_that_cannot_be_written_to_is_still_judged(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    (path,) = library.folder.glob("*.words")
    path.unlink()
    monkeypatch.setattr(index.search.background, "write", refuse)
    assert search_text(library, Painted(), "dog").answer == "matches"
    assert not list(library.folder.glob("*.words"))


def test_the_background_follows_the_library(library: Library) -> None:
    embedder = Painted()
    first = background(library, embedder)
    assert background(library, embedder) is first
    more = library.folder / "more"
    more.mkdir()
    Image.new("RGB", (8, 8), (10, 200, 7)).save(more / "new.png")
    build(library, [more], embedder, workers=1)
    assert len(background(library, embedder).photos) == len(first.photos) + 1


def test_photos_that_stand_for_a_library_are_the_same_each_time(library: Library) -> None:
    model = library.model_of(Painted())
    five, all_of_them = (library.catalogue.some_vectors(model, n) for n in (5, 1000))
    assert five.shape == (5, DIM) and len(all_of_them) == 24
    assert np.array_equal(five, all_of_them[:5])
