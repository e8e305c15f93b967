"""Searching a library: the right photos, in order, in bands, within the filters."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from index.build import build
from index.library import Library
from index.records import Facts, FileState
from index.retriever import ImageRetriever
from index.search.query_vector import SIMILAR
from index.search.search import search_photo, search_text
from vlm.errors import ModelNotIndexed, QueryInvalid
from vlm.fakes import ColourEmbedder
from vlm.images import read_image
from vlm.protocols import Calibration

FAKE = ColourEmbedder()


class Uncalibrated(ColourEmbedder):
    calibration: Calibration | None = None


@pytest.fixture
def library(tmp_path: Path, photos: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], FAKE, workers=1)
        yield library


def names(library: Library, query: str, k: int = 12) -> list[str]:
    return [hit.path.name for hit in search_text(library, FAKE, query, k).hits]


@pytest.mark.parametrize(
    ("colour", "name"), [("red", "red.png"), ("green", "green.jpg"), ("blue", "blue.webp")]
)
def test_the_photo_that_was_meant_comes_first(library: Library, colour: str, name: str) -> None:
    result = search_text(library, FAKE, f"something {colour}")
    assert (result.query, result.model, result.answer) == (f"something {colour}", "fake", "matches")
    assert result.hits[0].path.name == name
    assert [hit.band for hit in result.hits] == ["strong", "weak", "weak"]
    assert [hit.why["vector"] for hit in result.hits] == [1, 61 / 62, 61 / 63]
    assert result.seconds > 0


def test_k_bounds_the_hits(library: Library) -> None:
    assert [len(names(library, "red", k)) for k in (0, 1, 2, 3, 50)] == [0, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("in:sub", ["blue.webp"]),
        ("in:SUB", ["blue.webp"]),
        ("in:photos", ["red.png", "blue.webp", "green.jpg"]),
        ("in:photos/sub", ["blue.webp"]),
        ("in:nowhere", []),
        ("type:png", ["red.png"]),
        ("type:jpg type:webp", ["blue.webp", "green.jpg"]),
        ("in:sub type:png", []),
    ],
)
def test_filters_bound_what_is_searched(
    library: Library, filters: str, expected: list[str]
) -> None:
    assert sorted(names(library, f"red {filters}")) == sorted(expected)
    assert names(library, f"red {filters}", 1) == names(library, f"red {filters}")[:1]


def test_a_folder_may_be_named_from_here_from_home_or_from_the_root(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos)
    monkeypatch.setenv("HOME", str(photos))
    for folder in (str(photos / "sub"), "./sub", "~/sub", f"{photos}/sub/"):
        assert names(library, f'red in:"{folder}"') == ["blue.webp"]
    monkeypatch.chdir(photos / "sub")
    assert names(library, "red in:.") == ["blue.webp"]
    assert len(names(library, "red in:..")) == 3


def test_nothing_matches_is_an_answer(library: Library, photos: Path) -> None:
    grey = search_text(library, FAKE, "an unknown word")
    assert (grey.answer, {hit.band for hit in grey.hits}) == ("nothing", {"weak"})
    assert search_text(library, FAKE, "red in:nowhere").answer == "nothing"


def test_the_same_score_means_less_among_more_photos(library: Library) -> None:
    class Careful(ColourEmbedder):
        calibration: Calibration | None = Calibration(strong=1.1, maybe=((1, 0.5), (3, 1.05)))

    (alone,) = search_text(library, Careful(), "something red type:png").hits
    among_three = search_text(library, Careful(), "something red").hits[0]
    assert (alone.path, alone.score) == (among_three.path, among_three.score)
    assert (alone.band, among_three.band) == ("maybe", "weak")


def test_without_calibration_every_hit_may_be_right(library: Library) -> None:
    result = search_text(library, Uncalibrated(), "an unknown word")
    assert (result.answer, {hit.band for hit in result.hits}) == ("matches", {"maybe"})


@pytest.mark.parametrize("query", ["", "   ", '""', "-red", "in:sub -red -like:x.png"])
def test_a_query_that_looks_for_nothing_is_refused(library: Library, query: str) -> None:
    with pytest.raises(QueryInvalid, match="say what to look for"):
        search_text(library, FAKE, query)


def test_a_model_that_is_not_indexed_is_told_with_those_that_are(
    library: Library, tmp_path: Path
) -> None:
    class Other(ColourEmbedder):
        name, fingerprint = "other", "other-1"

    class Newer(ColourEmbedder):
        fingerprint = "fake-2"

    with pytest.raises(ModelNotIndexed, match=r"'other' \(indexed with: fake\).*--model other"):
        search_text(library, Other(), "red")
    with pytest.raises(ModelNotIndexed, match="indexed with: an older fake"):
        search_photo(library, Newer(), Image.new("RGB", (8, 8)))
    with (
        Library.open(tmp_path / "empty", create=True) as empty,
        pytest.raises(ModelNotIndexed, match="no model yet"),
    ):
        search_text(empty, FAKE, "red")


def test_a_photo_finds_its_like_and_itself_only_if_wanted(library: Library, photos: Path) -> None:
    shutil.copy(photos / "red.png", photos / "copy.png")
    build(library, [photos], FAKE, workers=1)
    image = read_image(photos / "red.png")
    result = search_photo(library, FAKE, image, 2)
    assert {hit.path.name for hit in result.hits} == {"red.png", "copy.png"}
    others = search_photo(library, FAKE, image, 2, exclude=photos / "sub" / ".." / "red.png")
    assert others.hits[0].path.name == "copy.png"
    assert "red.png" not in {hit.path.name for hit in others.hits}
    assert len(others.hits) == 2
    assert others.hits[0].band == "strong"
    assert others.hits[0].score >= SIMILAR.strong


def test_a_search_sees_what_another_process_stored_meanwhile(
    library: Library, photos: Path
) -> None:
    assert len(names(library, "red")) == 3
    with Library.open(library.folder) as other:
        shutil.copy(photos / "red.png", photos / "copy.png")
        build(other, [photos], FAKE, workers=1)
    assert len(names(library, "red")) == 4


def test_an_opened_library_answers_from_any_thread(library: Library) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda _: names(library, "red", 1), range(16)))
    assert results == [["red.png"]] * 16


def test_the_retriever_gives_documents_of_what_matches(library: Library) -> None:
    retriever = ImageRetriever(library=library, embedder=FAKE)
    (document,) = retriever.invoke("red")
    assert document.page_content == "red.png"
    assert set(document.metadata) == {"path", "score", "band"}
    assert Path(document.metadata["path"]).is_file()
    assert retriever.invoke("an unknown word") == []


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["JPEG", "PNG"])), max_size=40),
    k=st.integers(1, 50),
    folder=st.integers(0, 3),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filter_loses_no_hit_and_lets_no_other_in(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, str]],
    k: int,
    folder: int,
) -> None:
    """What a filtered search finds is what is left of an unbounded one."""
    place = tmp_path_factory.mktemp("library")
    with Library.open(place, create=True) as library:
        catalogue = library.catalogue
        model = catalogue.register(FAKE)
        vectors = np.random.default_rng(len(rows)).normal(size=(len(rows), 3))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        with catalogue.transaction():
            hashes = [number.to_bytes(32, "big") for number in range(len(rows))]
            catalogue.put_vectors(model, hashes, vectors.astype(np.float32))
            for digest, (parent, kind) in zip(hashes, rows, strict=True):
                path = Path(f"/photos/folder-{parent}/{digest.hex()}.x")
                facts = Facts(kind, 1, 1)
                catalogue.put_photo(FileState(path, digest, 1, 1), facts, new_vector=True)
        if not rows:
            return
        everything = search_text(library, FAKE, "red", 1000).hits
        filtered = search_text(library, FAKE, f"red in:folder-{folder} type:png", k).hits
    kinds = {f"{number:064x}.x": kind for number, (_, kind) in enumerate(rows)}
    left = [
        (hit.path, hit.score)
        for hit in everything
        if hit.path.parent.name == f"folder-{folder}" and kinds[hit.path.name] == "PNG"
    ]
    assert [(hit.path, hit.score) for hit in filtered] == left[:k]
