"""Vectors that are all compared: few by numpy, many by FAISS, and nobody can tell which."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vector_photos import DIM, unit

from index.vectors import flat
from index.vectors.flat import Chosen, Flat, Found


def found_by(rows: int, k: int, share: float, seed: int, up_to: int) -> Found:
    halves = unit(rows, DIM, seed).astype("<f2").tobytes()
    flags = np.random.default_rng(seed).random(rows) < share
    chosen = None if share == 1 else Chosen.of(flags)
    cut = len(halves) // 3  # pieces need not end where rows do
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flat, "BY_NUMPY", up_to)
        searcher = Flat(DIM, rows, lambda: [halves[:cut], halves[cut:]])
        return searcher.search(unit(1, DIM, seed + 1)[0], k, chosen)


@given(
    rows=st.integers(1, 60),
    k=st.integers(0, 70),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    seed=st.integers(0, 1000),
)
def test_numpy_and_faiss_find_the_same(rows: int, k: int, share: float, seed: int) -> None:
    ranks, scores = found_by(rows, k, share, seed, up_to=10**6)
    others, theirs = found_by(rows, k, share, seed, up_to=0)
    assert scores == pytest.approx(theirs, abs=1e-5)
    assert list(np.sort(-scores)) == list(-scores)
    # Scores of which two are closer than a rounding may change places.
    apart = np.diff(theirs, append=-2) < -1e-5
    if apart.all() and len(ranks) == rows:
        assert ranks.tolist() == others.tolist()


def test_of_equal_vectors_the_first_are_found() -> None:
    row = np.zeros((1, DIM), np.float32)
    row[0, :4] = 0.5  # sums of it are exact, in whatever order a processor makes them
    halves = np.repeat(row, 9, axis=0).astype("<f2").tobytes()
    ranks, scores = Flat(DIM, 9, lambda: [halves]).search(row[0], 4, None)
    assert ranks.tolist() == [0, 1, 2, 3]
    assert len(set(scores.tolist())) == 1
