"""How the weights are fitted by which a search knows that it found nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "training"))

from calibrate_matches import Observed, fit, held_out, logistic, observe, outcomes

from eval.relevance_metrics import matches
from index.search.relevance import Signs, evidence
from vlm.protocols import SignWeights


def observed(size: int, seed: int, lead: float = 3.0) -> Observed:
    """Queries whose lead says whether they are there, and whose other signs say nothing."""
    draw = np.random.default_rng(seed)
    there = np.arange(200) % 4 == 0
    signs = draw.uniform(0, 1, (200, 5))
    signs[:, 0] = draw.normal(np.log(size) + lead * there, 0.5)
    return Observed(size, signs, np.arange(200), there)


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(2, 4))
def test_a_weight_counts_like_so_many_rows(seed: int, times: int) -> None:
    draw = np.random.default_rng(seed)
    x, y = draw.normal(size=(40, 2)), draw.integers(0, 2, 40).astype(float)
    weights = np.where(np.arange(40) < 10, float(times), 1.0)
    rows = np.concatenate([np.arange(40), *([np.arange(10)] * (times - 1))])
    assert logistic(x, y, weights) == pytest.approx(
        logistic(x[rows], y[rows], np.ones(len(rows))), abs=1e-4
    )


def test_the_sign_that_tells_gets_the_weight_and_larger_libraries_a_higher_bound() -> None:
    weights = fit([observed(20, 0), observed(1000, 1)])
    assert weights.lead > 1 and abs(weights.rivals) < weights.lead / 2
    assert -weights.size / weights.lead == pytest.approx(1, abs=0.1)
    told = outcomes(observed(150, 2), weights)
    assert matches(told).f1 > 0.95


def test_outcomes_are_those_of_the_package() -> None:
    weights = SignWeights(1.0, -0.5, 2.0, -1.0, 1.0, size=-0.5, start=-1.0)
    seen = observed(50, 3)
    told = [evidence(Signs(*row), 50, weights) > 0 for row in seen.signs]
    assert (outcomes(seen, weights) % 2).tolist() == told
    assert (outcomes(seen, weights) >= 2).tolist() == seen.there.tolist()


def test_what_is_held_out_is_told_by_kind_and_size() -> None:
    sets = [observed(20, 0), observed(100, 1)]
    told = held_out({"things": sets, "sentences": [observed(20, 2, lead=0.0)]})
    assert {kind: list(sizes) for kind, sizes in told.items()} == {
        "things": ["20", "100"],
        "sentences": ["20"],
    }
    assert min(told["things"]["100"]) > 0.9
    assert max(told["sentences"]["20"]) < 0.75  # its lead says nothing


def test_only_what_can_be_judged_in_a_library_is_observed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("calibrate_matches.SIZES", {4: 3, 30: 2})
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(60, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    photos, texts, words = rows[:30], rows[:3], rows[30:]
    surely = np.zeros((3, 30), bool)
    surely[0, 0] = True
    absent = np.array([False, False, True])
    small, large = observe(photos, surely, absent, texts, words)
    assert (small.size, large.size) == (4, 30)
    assert large.query.tolist() == [0, 2] and large.there.tolist() == [True, False]
    assert set(small.query) <= {0, 2} and (small.query == 2).sum() == 3
