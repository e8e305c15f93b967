"""Ranks and what is made of them, against numbers worked out by hand and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import eval.metrics
from eval.metrics import (
    MEASURES,
    mean_reciprocal_rank,
    median_rank,
    ranks,
    ranks_of,
    recall_at,
)

some_ranks = st.lists(st.integers(1, 200), min_size=1, max_size=50).map(np.array)
seeds = st.integers(0, 2**32 - 1)


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def random_data(seed: int, photos: int = 12) -> tuple[NDArray[np.float32], ...]:
    """Unit vectors of photos and of one to four captions each, and whose they are."""
    draw = np.random.default_rng(seed)
    owner = np.repeat(np.arange(photos), draw.integers(1, 5, size=photos))
    images = unit(draw.normal(size=(photos, 5)))
    texts = unit(images[owner] + draw.normal(size=(len(owner), 5)))
    return images, texts, np.arange(photos), owner


def reference_rank(query: NDArray[np.float32], candidates: NDArray[np.float32], own: list[bool]):
    """The definition word by word: sort, ties against the model, count up to the first own one."""
    pairs = [(-float(np.dot(query, c)), mine) for c, mine in zip(candidates, own, strict=True)]
    return [mine for _, mine in sorted(pairs)].index(True) + 1


def test_measures_of_four_ranks_worked_out_by_hand() -> None:
    found = np.array([1, 6, 2, 20])
    assert {name: measure(found) for name, measure in MEASURES.items()} == {
        "r@1": 0.25,
        "r@5": 0.5,
        "r@10": 0.75,
        "mrr": pytest.approx((1 + 1 / 6 + 1 / 2 + 1 / 20) / 4),
        "median_rank": 4.0,
    }


def test_a_text_ranks_its_one_photo_behind_the_photos_that_score_higher() -> None:
    scores = np.array([[0.9, 0.2, 0.4], [0.9, 0.2, 0.4], [0.9, 0.2, 0.4]], np.float32)
    assert ranks_of(scores, np.eye(3, dtype=bool)).tolist() == [1, 3, 2]


def test_a_photo_is_found_by_the_best_of_its_own_captions() -> None:
    # Its own other caption scores below a stranger, and does not make things worse.
    scores = np.array([[0.1, 0.8, 0.5, 0.9]], np.float32)
    assert ranks_of(scores, np.array([[True, True, False, False]])).tolist() == [2]


def test_ties_count_against_the_model() -> None:
    scores = np.full((4, 4), 0.5, np.float32)
    assert ranks_of(scores, np.eye(4, dtype=bool)).tolist() == [4, 4, 4, 4]


def test_scores_that_differ_by_rounding_only_are_ties() -> None:
    scores = np.array([[0.5, 0.5 - 1e-7]], np.float32)
    assert ranks_of(scores, np.array([[True, False]])).tolist() == [2]


def test_scores_that_are_no_numbers_find_nothing() -> None:
    scores = np.full((2, 3), np.nan, np.float32)
    assert ranks_of(scores, np.eye(2, 3, dtype=bool)).tolist() == [3, 3]


def test_a_query_without_an_own_candidate_ranks_behind_all() -> None:
    assert ranks_of(np.array([[0.1, 0.2]], np.float32), np.zeros((1, 2), bool)).tolist() == [3]


@given(found=some_ranks, k=st.integers(1, 200))
def test_recall_never_falls_as_k_grows(found: NDArray[np.int64], k: int) -> None:
    assert recall_at(k, found) <= recall_at(k + 1, found)


@given(found=some_ranks)
def test_measures_stay_in_their_ranges(found: NDArray[np.int64]) -> None:
    assert 0 < mean_reciprocal_rank(found) <= 1
    assert recall_at(1, found) <= mean_reciprocal_rank(found)
    assert found.min() <= median_rank(found) <= found.max()


@given(seed=seeds)
def test_ranks_agree_with_sorting(seed: int) -> None:
    images, texts, image_owner, text_owner = random_data(seed)
    for queries, candidates, mine, theirs in (
        (texts, images, text_owner, image_owner),
        (images, texts, image_owner, text_owner),
    ):
        expected = [
            reference_rank(query, candidates, list(theirs == owner))
            for query, owner in zip(queries, mine, strict=True)
        ]
        assert ranks(queries, candidates, mine, theirs).tolist() == expected


@given(seed=seeds)
def test_the_order_of_the_data_changes_nothing(seed: int) -> None:
    images, texts, image_owner, text_owner = random_data(seed)
    found = ranks(texts, images, text_owner, image_owner)
    draw = np.random.default_rng(seed)
    i, t = draw.permutation(len(images)), draw.permutation(len(texts))
    assert ranks(texts[t], images[i], text_owner[t], image_owner[i]).tolist() == found[t].tolist()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    images, texts, image_owner, text_owner = random_data(1)
    whole = ranks(texts, images, text_owner, image_owner)
    monkeypatch.setattr(eval.metrics, "_BLOCK", 2 * len(images))
    assert ranks(texts, images, text_owner, image_owner).tolist() == whole.tolist()


def test_a_perfect_model_finds_everything_first() -> None:
    vectors = unit(np.random.default_rng(3).normal(size=(40, 16)))
    owner = np.arange(40)
    found = ranks(vectors, vectors, owner, owner)
    assert {name: measure(found) for name, measure in MEASURES.items()} == {
        "r@1": 1.0,
        "r@5": 1.0,
        "r@10": 1.0,
        "mrr": 1.0,
        "median_rank": 1.0,
    }


def test_vectors_without_meaning_are_at_chance() -> None:
    draw = np.random.default_rng(4)
    images, texts = unit(draw.normal(size=(100, 32))), unit(draw.normal(size=(2000, 32)))
    found = ranks(texts, images, np.repeat(np.arange(100), 20), np.arange(100))
    assert recall_at(10, found) == pytest.approx(0.10, abs=0.03)
    assert median_rank(found) == pytest.approx(50.5, abs=5)
