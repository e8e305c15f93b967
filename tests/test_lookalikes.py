"""Candidates: what is near is found without comparing everything, and groups grow as they may."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.decoding.dhash import ORIENTATIONS, turned
from index.duplicates.lookalikes import RADIUS, lookalikes, near_hashes
from index.duplicates.partition import Partition
from index.vectors import neighbours
from index.vectors.neighbours import nearest

NO_VECTORS = np.zeros((0, 1), np.float16), np.zeros(0, np.int64)


def bits_changed(number: int, places: list[int]) -> int:
    for place in places:
        number ^= 1 << place
    return number


def brute_force(hashes: np.ndarray, radius: int) -> set[tuple[int, int]]:
    near = set()
    for way in range(ORIENTATIONS):
        distance = np.bitwise_count(turned(hashes, way)[:, None] ^ hashes[None])
        near |= {(int(min(p)), int(max(p))) for p in np.argwhere(distance <= radius)}
    return {(one, other) for one, other in near if one != other}


@given(st.integers(0, 1000), st.lists(st.integers(0, 63), max_size=12, unique=True))
@settings(max_examples=30, deadline=None)
def test_near_hashes_are_those_that_brute_force_finds(seed: int, places: list[int]) -> None:
    chance = np.random.default_rng(seed)
    hashes = chance.integers(0, 2**64, size=30, dtype=np.uint64)
    hashes[7] = turned(hashes[3:4], 5)[0]
    hashes[9] = bits_changed(int(hashes[4]), places)
    found = near_hashes(hashes, RADIUS)
    pairs = {tuple(pair) for pair in found.tolist()}
    assert brute_force(hashes, 7) <= pairs <= brute_force(hashes, RADIUS)
    assert (3, 7) in pairs
    assert ((4, 9) in pairs) or len(places) > 7


def test_pairs_come_nearest_first_with_the_way_that_the_first_lies() -> None:
    chance = np.random.default_rng(1)
    hashes = chance.integers(0, 2**64, size=6, dtype=np.uint64)
    hashes[4] = bits_changed(int(turned(hashes[1:2], 6)[0]), [3, 17])
    hashes[5] = hashes[0]
    pairs = lookalikes(hashes, *NO_VECTORS)
    assert [column.tolist() for column in pairs] == [[0, 1], [5, 4], [0, 6]]


def test_neighbours_by_vector_are_candidates_unless_their_hashes_are_far() -> None:
    first = np.uint64(0x123456789ABCDEF0)
    near = bits_changed(int(first), [1, 5, 9, 20, 22, 33, 35, 40, 50, 51, 60, 62])
    hashes = np.array([first, near, ~first ^ np.uint64(0xFF00FF)], np.uint64)
    vectors = np.eye(3, dtype=np.float16)[[0, 0, 0]]
    assert lookalikes(hashes, *NO_VECTORS).first.tolist() == []
    pairs = lookalikes(hashes, vectors, np.arange(3))
    assert (0, 1) in list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    # Only the vectors that are there count, by the photos that they belong to.
    pairs = lookalikes(hashes, vectors[:2], np.array([0, 2]))
    assert (0, 1) not in list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


@pytest.mark.parametrize("count", [0, 1])
def test_a_library_without_two_photos_has_no_pairs(count: int) -> None:
    hashes = np.arange(count, dtype=np.uint64)
    pairs = lookalikes(hashes, np.ones((count, 4), np.float16), np.arange(count))
    assert [len(column) for column in pairs] == [0, 0, 0]


def unit_rows(count: int, dim: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def test_the_nearest_neighbours_are_exact_in_small_libraries() -> None:
    vectors = unit_rows(60, 16, 0)
    cosines = vectors.astype(np.float32) @ vectors.astype(np.float32).T
    np.fill_diagonal(cosines, -2)
    assert (nearest(vectors, 3) == np.argsort(-cosines, axis=1)[:, :3]).all()


def test_there_may_be_fewer_neighbours_than_asked_for() -> None:
    found = nearest(unit_rows(3, 8, 0), 5)
    assert [sorted(row.tolist()) for row in found] == [
        [-1, -1, -1, 1, 2],
        [-1, -1, -1, 0, 2],
        [-1, -1, -1, 0, 1],
    ]


def test_in_large_libraries_a_near_copy_is_still_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbours, "_FLAT", 1000)
    vectors = unit_rows(3000, 16, 0)
    vectors[1500:] = (vectors[:1500].astype(np.float32) * 0.99 + 0.002).astype(np.float16)
    partner = (np.arange(3000) + 1500) % 3000
    found = nearest(vectors, 4)
    assert (found != np.arange(3000)[:, None]).all()
    assert (found == partner[:, None]).any(1).mean() > 0.99


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_groups_are_what_is_connected(joins: list[tuple[int, int]]) -> None:
    partition = Partition(10)
    for one, other in joins:
        assert partition.join(one, other)
        assert partition.settled(one, other)
    reach = {n: {n} for n in range(10)}
    for one, other in joins * 10:
        together = reach[one] | reach[other]
        reach |= dict.fromkeys(together, together)
    expected = {tuple(sorted(group)) for group in reach.values() if len(group) > 1}
    assert {tuple(group) for group in partition.groups()} == expected


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20),
    st.sets(st.tuples(st.integers(0, 4), st.integers(5, 9)), max_size=5),
)
def test_what_is_apart_never_comes_together(
    joins: list[tuple[int, int]], apart: set[tuple[int, int]]
) -> None:
    partition = Partition(10, apart)
    for one, other in joins:
        joined = partition.join(one, other)
        assert partition.settled(one, other)
        assert joined == (partition.find(one) == partition.find(other))
    for one, other in apart:
        assert partition.find(one) != partition.find(other)
