"""Numbers that the package decides by: how they are fitted."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "training"))

from calibrate import named, precision_table, separation, strong_bound
from calibrate_describer import bands, fit_captions, fit_presence, isotonic, logistic

from vlm.starter.writer import Draft

pairs = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), min_size=1, max_size=20)


@settings(deadline=None)
@given(pairs)
def test_the_fitted_curve_rises_and_no_other_that_rises_is_nearer(
    pairs: list[tuple[int, int]],
) -> None:
    x, y = zip(*pairs, strict=True)
    order = np.argsort(x, kind="stable")
    sorted_x, fitted = isotonic(x, y)
    own = np.array(y, float)[order]
    assert np.array_equal(sorted_x, np.array(x)[order])
    assert (np.diff(fitted) >= 0).all() and fitted.mean() == pytest.approx(own.mean())
    # The greatest of the least means, over all stretches around a place, is the solution.
    n = len(own)
    for at in range(n):
        means = [[own[a : b + 1].mean() for b in range(at, n)] for a in range(at + 1)]
        assert fitted[at] == pytest.approx(max(map(min, means)))


def test_bands_start_where_as_many_are_right_as_they_ask_for() -> None:
    confidence = np.arange(100) / 100
    right = (np.arange(100) % 10 < np.arange(100) // 10).astype(float)  # a tenth more each tenth
    plain, probable = bands(confidence, right, 0.6, 0.25)
    assert 0.5 <= plain <= 0.7 and 0.15 <= probable <= 0.35
    assert right[confidence >= plain].mean() > 0.6 > right[confidence < plain].mean()
    never, always = bands(confidence, np.zeros(100), 0.6, 0.0)
    assert never > confidence.max() and always == 0


def test_regression_finds_the_weights_that_made_the_answers() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20_000, 2))
    weights = np.array([0.5, 2.0, -1.0])
    chance = 1 / (1 + np.exp(-(weights[0] + x @ weights[1:])))
    found = logistic(x, (rng.random(20_000) < chance).astype(float), ridge=1e-6)
    assert np.allclose(found, weights, atol=0.1)
    assert abs(logistic(x, (x[:, 0] > 0).astype(float), ridge=1.0)[1]) < 3  # though they separate


def test_witnesses_weigh_what_they_are_worth(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    there = rng.random(2000) < 0.5
    signs = np.where(there, 1.0, -1.0)
    decoder, noun = signs + rng.normal(size=2000) * 2, signs + rng.normal(size=2000)
    cosine = 0.2 + 0.1 * rng.normal(size=2000)  # knows nothing
    rows = [
        (float(d), float(n) if i % 2 else None, float(c), bool(t))
        for i, (d, n, c, t) in enumerate(zip(decoder, noun, cosine, there, strict=True))
    ]
    found = fit_presence(rows)
    assert "exists, all" in capsys.readouterr().out
    known, unknown = np.array(found["known"]), np.array(found["unknown"])
    assert known[2] > known[1] > 0.2 and abs(known[3]) < 0.15
    assert unknown[1] > 0.2 and unknown[2] == 0 and abs(unknown[3]) < 0.15
    assert found["similarity"] == pytest.approx([0.2, 0.1], abs=0.02)


def test_the_weight_of_the_cosine_is_the_one_that_chooses_the_best_captions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The second draft is better wherever its cosine is higher by a quarter or more."""
    rng = np.random.default_rng(0)
    drafts = []
    for gain in rng.uniform(0, 1, 300):
        likely, other = Draft("a", -1.0, 0.1), Draft("b", -2.0, 0.1)
        drafts.append([(likely, 0.2, 0.5), (other, 0.2 + gain, 1.0 if gain > 0.25 else 0.0)])
    found = fit_captions(drafts)
    assert found["cosine"] == 4.0  # -2 + 4 (.2 + gain) > -1 + 4 * .2
    assert "by weight" in capsys.readouterr().out


def test_a_thing_is_named_by_whole_words_only() -> None:
    said = ["A car is red", "Two CARS", "a cart", "a scar"]
    assert named(said, "cars?") == 2


def test_precision_is_of_what_reaches_the_threshold() -> None:
    scores = np.linspace(0, 0.6, 600)
    rows = precision_table(scores, scores > 0.3)
    assert [row["threshold"] for row in rows[:2]] == [0.06, 0.08]
    assert all(row["photos"] >= 30 for row in rows)
    for row in rows:
        kept = scores >= row["threshold"] - 1e-9
        assert row["precision"] == pytest.approx((scores[kept] > 0.3).mean(), abs=0.002)
        assert row["photos"] == kept.sum()
    assert rows[-1]["precision"] == 1


def test_the_bound_of_doubtful_hits_parts_what_is_there_from_what_is_not() -> None:
    rng = np.random.default_rng(0)
    present, missing = rng.uniform(0.4, 0.5, (20, 200)), rng.uniform(0.1, 0.3, (20, 200))
    right = np.ones((20, 200), bool)
    for size in (20, 200):
        found = separation(present, right, missing, size)
        assert 0.3 <= found["maybe"] <= 0.4
        assert found["present_queries_with_a_hit"] == 1
        assert found["absent_queries_with_a_hit"] == 0


def test_a_model_that_is_never_right_often_enough_has_no_strong_hits() -> None:
    assert strong_bound([{"threshold": 0.1, "precision": 0.3}]) == 1.0
    assert (
        strong_bound([{"threshold": 0.3, "precision": 0.3}, {"threshold": 0.4, "precision": 0.9}])
        == 0.4
    )
