"""FAISS files: exact, sealed, and never trusted when damaged."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import store
from vlm.protocols import Vectors

STAMP = store.Stamp(bytes(range(16)), 7)


def unit(number: int, dim: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(number, dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


def some_index(number: int = 40, dim: int = 8, seed: int = 0) -> object:
    return store.make(dim, [(np.arange(number, dtype=np.int64) * 3 + 5, unit(number, dim, seed))])


@given(
    number=st.integers(0, 60),
    k=st.integers(-1, 70),
    seed=st.integers(0, 1000),
    share=st.one_of(st.none(), st.floats(0, 1)),
)
def test_search_agrees_with_brute_force_also_under_a_filter(
    number: int, k: int, seed: int, share: float | None
) -> None:
    rows, query = unit(number, 16, seed), unit(1, 16, seed + 1)[0]
    ids = np.random.default_rng(seed).permutation(1000)[:number].astype(np.int64)
    allowed: NDArray[np.int64] | None = None
    if share is not None:
        allowed = ids[np.random.default_rng(seed + 2).random(number) < share]
    index = store.make(16, [(ids[:9], rows[:9]), (ids[9:], rows[9:])])
    found = store.search(index, query, k, allowed)
    wanted = {
        int(i): float(row @ query)
        for i, row in zip(ids, rows, strict=True)
        if allowed is None or i in allowed
    }
    best = sorted(wanted.values(), reverse=True)[: max(k, 0)]
    assert [score for _, score in found] == pytest.approx(best, abs=1e-5)
    assert all(wanted[i] == pytest.approx(score, abs=1e-5) for i, score in found)
    assert len({i for i, _ in found}) == len(found)


def test_an_id_that_has_no_vector_may_be_allowed() -> None:
    found = store.search(some_index(), unit(1, 8, 1)[0], 5, np.array([5, 6, 100_000], np.int64))
    assert [i for i, _ in found] == [5]


def test_a_file_that_was_written_is_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    store.write(some_index(), path, STAMP)
    assert [file.name for file in tmp_path.iterdir()] == ["v.faiss"]
    query = unit(1, 8, 3)[0]
    assert store.search(store.read(path, STAMP), query, 9) == store.search(some_index(), query, 9)


def test_a_file_of_another_state_or_library_is_stale(tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    store.write(some_index(), path, STAMP)
    assert store.read(path, store.Stamp(STAMP.library, 8)) is None
    assert store.read(path, store.Stamp(bytes(16), 7)) is None
    assert store.read(tmp_path / "other.faiss", STAMP) is None
    assert store.read(tmp_path, STAMP) is None  # a folder of that name


@given(at=st.floats(0, 1), flip=st.integers(1, 255))
def test_a_flipped_bit_anywhere_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, at: float, flip: int
) -> None:
    path = tmp_path_factory.mktemp("store") / "v.faiss"
    store.write(some_index(), path, STAMP)
    data = bytearray(path.read_bytes())
    data[int(at * (len(data) - 1))] ^= flip
    path.write_bytes(data)
    assert store.read(path, STAMP) is None


@pytest.mark.parametrize("kept", [0, 1, 30, 500, -1])
def test_a_cut_file_is_noticed(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "v.faiss"
    store.write(some_index(), path, STAMP)
    path.write_bytes(path.read_bytes()[:kept])
    assert store.read(path, STAMP) is None


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    store.write(some_index(), path, STAMP)
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            store.write(some_index(5000), path, STAMP)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@given(one=st.text(max_size=80), other=st.text(max_size=80))
def test_file_names_are_plain_and_tell_models_apart(one: str, other: str) -> None:
    name = store.file_name(one)
    assert name.isascii()
    assert "/" not in name
    assert len(name) < 100
    assert (name == store.file_name(other)) == (one == other)
