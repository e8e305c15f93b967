"""Vectors in files: right, brought up to date with little work, and never trusted when damaged."""

from __future__ import annotations

import logging
import os
import resource
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vector_photos import DIM, LIBRARY, Photos, opened, same, some_photos, unit

from index.vectors import store

FILES = settings(deadline=None, max_examples=40)  # each example flushes files to the disk


@FILES
@given(
    contents=st.dictionaries(st.integers(1, 10**9), st.integers(0, 10**6), max_size=60),
    k=st.integers(-1, 70),
    seed=st.integers(0, 1000),
    share=st.one_of(st.none(), st.floats(0, 1)),
)
def test_search_agrees_with_brute_force_also_under_a_filter(
    tmp_path_factory: pytest.TempPathFactory,
    contents: dict[int, int],
    k: int,
    seed: int,
    share: float | None,
) -> None:
    photos, query = Photos(contents), unit(1, DIM, seed + 10**7)[0]
    allowed: NDArray[np.int64] | None = None
    if share is not None:
        chosen = np.random.default_rng(seed).random(len(contents)) < share
        allowed = np.array(list(contents), np.int64)[chosen]
    index = opened(tmp_path_factory.mktemp("store") / "v.faiss", photos)
    found = store.search(index, query, k, allowed)
    wanted = photos.brute(query, k, allowed)
    assert [score for _, score in found] == pytest.approx([s for _, s in wanted], abs=1e-5)
    scores = dict(photos.brute(query, len(contents), allowed))
    assert all(scores[i] == pytest.approx(score, abs=1e-5) for i, score in found)
    assert len({i for i, _ in found}) == len(found)
    assert index.ntotal == len(contents)


def test_an_id_that_has_no_vector_may_be_allowed(tmp_path: Path) -> None:
    index = opened(tmp_path / "v.faiss", some_photos())
    found = store.search(index, unit(1, DIM, 1)[0], 5, np.array([100_000, 6, 5], np.int64))
    assert [i for i, _ in found] == [5]


def test_a_file_that_was_written_is_read_and_not_made_again(tmp_path: Path) -> None:
    path, photos, query = tmp_path / "v.faiss", some_photos(), unit(1, DIM, 3)[0]
    first = store.search(opened(path, photos), query, 9)
    assert [file.name for file in tmp_path.iterdir()] == ["v.faiss"]
    assert store.search(opened(path, photos), query, 9) == first
    assert same(first, photos.brute(query, 9))
    assert photos.asked == ["all"]


def test_a_file_of_another_library_is_not_used(tmp_path: Path) -> None:
    path, photos = tmp_path / "v.faiss", some_photos()
    opened(path, some_photos(9))
    stamp = store.Stamp(bytes(16), 7)
    index = store.bring(path, stamp, photos, pytest.fail)  # type: ignore[arg-type]
    assert (index.stamp, index.ntotal, photos.asked) == (stamp, 40, ["all"])


STEPS = st.lists(
    st.dictionaries(st.integers(1, 30), st.one_of(st.none(), st.integers(0, 99)), max_size=9),
    max_size=6,
)


@FILES
@given(steps=STEPS, keep=st.booleans(), share=st.one_of(st.none(), st.floats(0, 1)))
def test_after_any_changes_a_search_finds_what_there_is(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[dict[int, int | None]],
    keep: bool,
    share: float | None,
) -> None:
    """Photos come, change and go; ``keep``: in one process, else each step is a new one."""
    path = tmp_path_factory.mktemp("store") / "v.faiss"
    photos, query = Photos({i: i for i in range(1, 20)}), unit(1, DIM, 10**7)[0]
    index = opened(path, photos, 0)
    for generation, step in enumerate(steps, start=1):
        for photo, content in step.items():
            if content is None:
                photos.contents.pop(photo, None)
            else:
                photos.contents[photo] = content
        index = opened(path, photos, generation, index if keep else None)
        assert index.stamp == store.Stamp(LIBRARY, generation)
        assert index.ntotal == len(photos.contents)
        allowed = None if share is None else np.arange(int(share * 31), dtype=np.int64)
        found = store.search(index, query, 12, allowed)
        wanted = photos.brute(query, 12, allowed)
        assert [s for _, s in found] == pytest.approx([s for _, s in wanted], abs=1e-5)
        assert {i for i, _ in found} <= photos.contents.keys()
    assert photos.asked.count("all") == 1


def test_one_photo_more_costs_one_row_and_leaves_the_large_file_alone(tmp_path: Path) -> None:
    path, photos = tmp_path / "v.faiss", some_photos()
    opened(path, photos)
    before = path.read_bytes()
    photos.contents[500] = 77
    opened(path, photos, 8)
    photos.contents[501] = 78
    opened(path, photos, 9)
    assert photos.asked == ["all", "some [500]", "some [501]"]
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["v.changes", "v.faiss"]


def test_many_changes_make_the_file_again(tmp_path: Path) -> None:
    path, photos = tmp_path / "v.faiss", Photos({1: 1})
    opened(path, photos)
    photos.contents[2] = 2
    opened(path, photos, 8)
    photos.contents.update({i: i for i in range(3, 1100)})
    assert opened(path, photos, 9).ntotal == 1099
    assert photos.asked == ["all", "some [2]", "all"]
    assert [file.name for file in tmp_path.iterdir()] == ["v.faiss"]


def test_two_processes_that_bring_up_the_same_library_agree(tmp_path: Path) -> None:
    """One makes everything again while the other holds the old file and writes changes to it."""
    path, photos, query = tmp_path / "v.faiss", some_photos(), unit(1, DIM, 3)[0]
    mine = opened(path, photos)
    photos.contents[500] = 77
    store.forget(path)
    theirs = opened(path, photos, 8)
    mine = opened(path, photos, 8, mine)
    assert store.search(mine, query, 9) == store.search(theirs, query, 9)
    photos.contents[501] = 78
    for held in (mine, theirs, None):
        found = store.search(opened(path, photos, 9, held), query, 9)
        assert same(found, photos.brute(query, 9))


@FILES
@given(at=st.floats(0, 1), flip=st.integers(1, 255), lazily=st.booleans())
def test_a_flipped_bit_anywhere_changes_no_answer(
    tmp_path_factory: pytest.TempPathFactory, at: float, flip: int, lazily: bool
) -> None:
    path = tmp_path_factory.mktemp("store") / "v.faiss"
    photos, query = some_photos(), unit(1, DIM, 3)[0]
    index = opened(path, photos)
    data = bytearray(path.read_bytes())
    data[int(at * (len(data) - 1))] ^= flip
    path.write_bytes(data)
    if not lazily:
        index = opened(path, photos)
    assert same(store.search(index, query, 9), photos.brute(query, 9))


@FILES
@given(at=st.floats(0, 1), flip=st.integers(1, 255))
def test_a_flipped_bit_among_the_changes_changes_no_answer(
    tmp_path_factory: pytest.TempPathFactory, at: float, flip: int
) -> None:
    path = tmp_path_factory.mktemp("store") / "v.faiss"
    photos, query = some_photos(), unit(1, DIM, 3)[0]
    opened(path, photos)
    photos.contents[500] = 77
    del photos.contents[5]
    opened(path, photos, 8)
    changes = path.with_suffix(".changes")
    data = bytearray(changes.read_bytes())
    data[int(at * (len(data) - 1))] ^= flip
    changes.write_bytes(data)
    found = store.search(opened(path, photos, 8), query, 40)
    assert same(found, photos.brute(query, 40))


@pytest.mark.parametrize("kept", [0, 1, 30, 500, -1])
@pytest.mark.parametrize("lazily", [False, True])
def test_a_cut_file_is_noticed(
    tmp_path: Path, kept: int, lazily: bool, caplog: pytest.LogCaptureFixture
) -> None:
    path, photos, query = tmp_path / "v.faiss", some_photos(), unit(1, DIM, 3)[0]
    index = opened(path, photos)
    os.truncate(path, kept if kept >= 0 else path.stat().st_size + kept)
    if not lazily:
        index = opened(path, photos)
        assert photos.asked == ["all", "all"]
        assert "making it again from the catalogue" in caplog.text
    assert same(store.search(index, query, 9), photos.brute(query, 9))


def test_a_write_that_fails_leaves_the_old_file_and_still_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, photos, query = tmp_path / "v.faiss", some_photos(), unit(1, DIM, 3)[0]
    opened(path, photos)
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256, hard))
    caplog.set_level(logging.WARNING)
    try:
        photos.contents[500] = 77
        few = opened(path, photos, 8)
        assert "v.changes: not written: File too large" in caplog.text
        assert same(store.search(few, query, 9), photos.brute(query, 9))
        photos.contents.update({i: i for i in range(3, 1100)})
        many = opened(path, photos, 9)
        assert "v.faiss: not written" in caplog.text
        assert same(store.search(many, query, 9), photos.brute(query, 9))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_got_the_name_of_another_is_not_believed(tmp_path: Path) -> None:
    path, photos, query = tmp_path / "v.faiss", some_photos(), unit(1, DIM, 3)[0]
    opened(path, photos)
    photos.contents[500] = 77
    opened(path, photos, 8)
    changes = path.with_suffix(".changes")
    rows = path.read_bytes()
    path.write_bytes(changes.read_bytes())
    changes.write_bytes(rows)
    assert same(store.search(opened(path, photos, 8), query, 9), photos.brute(query, 9))
    changes.write_bytes(path.read_bytes())
    photos.contents[501] = 78
    assert same(store.search(opened(path, photos, 9), query, 9), photos.brute(query, 9))


@given(one=st.text(max_size=80), other=st.text(max_size=80))
def test_file_names_are_plain_and_tell_models_apart(one: str, other: str) -> None:
    name = store.file_name(one)
    assert name.isascii()
    assert "/" not in name
    assert len(name) < 100
    assert (name == store.file_name(other)) == (one == other)
