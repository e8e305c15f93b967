"""Bootstrap intervals: against a second computation, and for doing what they promise."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from eval.bootstrap import intervals
from eval.metrics import MEASURES, recall_at

HIT = {"r@1": partial(recall_at, 1)}


def test_intervals_agree_with_a_plain_computation_that_joins_the_texts_of_drawn_photos() -> None:
    draw = np.random.default_rng(11)
    photos = np.repeat(np.arange(30), draw.integers(1, 6, size=30))
    ranks = draw.integers(1, 25, size=len(photos))
    texts_of = [ranks[photos == photo] for photo in range(30)]
    again = np.random.default_rng(5)
    recalls, medians = [], []
    for _ in range(200):
        joined = np.concatenate([texts_of[photo] for photo in again.integers(30, size=30)])
        recalls.append((joined <= 5).sum() / joined.size)
        medians.append(np.percentile(joined, 50))

    found = intervals(ranks, photos, MEASURES, samples=200, seed=5)

    assert list(found) == list(MEASURES)
    assert found["r@5"] == pytest.approx(np.percentile(recalls, [2.5, 97.5]))
    assert found["median_rank"] == pytest.approx(np.percentile(medians, [2.5, 97.5]))


def test_the_same_seed_gives_the_same_intervals_and_another_gives_others() -> None:
    ranks = np.random.default_rng(0).integers(1, 5, size=300)
    photos = np.arange(300)
    first = intervals(ranks, photos, HIT, samples=100)
    assert intervals(ranks, photos, HIT, samples=100) == first
    assert intervals(ranks, photos, HIT, samples=100, seed=1) != first


def test_about_95_of_100_intervals_hold_the_true_value() -> None:
    draw = np.random.default_rng(8)
    held = 0
    for seed in range(300):
        ranks = np.where(draw.random(120) < 0.3, 1, 2)  # the true recall@1 is 0.3
        low, high = intervals(ranks, np.arange(120), HIT, samples=200, seed=seed)["r@1"]
        held += low <= 0.3 <= high
    # Three standard errors of a share of 0.95 over 300 trials, and the known slight optimism.
    assert 0.90 <= held / 300 <= 0.988


def test_captions_that_succeed_together_make_the_interval_wider() -> None:
    # Five equal captions a photo tell no more than one does; drawn singly they would seem to.
    one = np.where(np.random.default_rng(2).random(200) < 0.4, 1, 9)
    five = np.repeat(one, 5)
    by_photo = intervals(five, np.repeat(np.arange(200), 5), HIT)["r@1"]
    by_caption = intervals(five, np.arange(1000), HIT)["r@1"]
    assert by_photo == pytest.approx(intervals(one, np.arange(200), HIT)["r@1"])
    assert by_photo[1] - by_photo[0] > 1.8 * (by_caption[1] - by_caption[0])


def test_a_model_without_a_miss_has_an_interval_without_width() -> None:
    assert intervals(np.ones(50, np.int64), np.arange(50), HIT)["r@1"] == (1.0, 1.0)
