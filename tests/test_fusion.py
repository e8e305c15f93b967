"""Laws of fusing rankings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.fusion import CONSTANT, Ranking, fuse, ranks

SCORED = st.dictionaries(st.integers(0, 30), st.integers(-3, 3).map(float)).map(
    lambda scores: sorted(scores.items(), key=lambda pair: -pair[1])
)


@given(scored=SCORED)
def test_ranks_add_up_and_follow_the_scores(scored: list[tuple[int, float]]) -> None:
    found = dict(ranks(scored))
    count = len(scored)
    assert sum(found.values()) == pytest.approx(count * (count + 1) / 2)
    for one, score in scored:
        for other, less in scored:
            assert (found[one] < found[other]) == (score > less)


@given(scored=SCORED, more=SCORED, weight=st.floats(0.1, 2))
def test_another_channel_never_lowers_a_photo_and_keeps_the_others_share(
    scored: list[tuple[int, float]], more: list[tuple[int, float]], weight: float
) -> None:
    alone = fuse([Ranking("vector", 1, scored)])
    both = fuse([Ranking("vector", 1, scored), Ranking("caption", weight, more)])
    assert set(both) == {number for number, _ in [*scored, *more]}
    for number, parts in alone.items():
        assert both[number]["vector"] == parts["vector"]
        assert sum(both[number].values()) >= parts["vector"]
    for parts in both.values():
        assert parts.get("caption", 0) <= weight * (CONSTANT + 1) / (CONSTANT + 1)


def test_the_same_channel_twice_adds_up() -> None:
    (parts,) = fuse([Ranking("ocr", 0.5, [(1, 2.0)]), Ranking("ocr", -0.2, [(1, 9.0)])]).values()
    assert parts == {"ocr": pytest.approx(0.3)}


def test_many_that_cannot_be_told_apart_gain_little() -> None:
    few, many = ([(number, 1.0) for number in range(count)] for count in (1, 200))
    assert fuse([Ranking("folder", 1, few)])[0]["folder"] == 1
    assert fuse([Ranking("folder", 1, many)])[0]["folder"] < 0.4
