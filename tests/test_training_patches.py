"""Cells that say which nouns they show, and how well scores tell photos apart."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_lessons import LABELS, NOUNS, tiny_describer, tiny_lessons

sys.path.append(str(Path(__file__).parents[1] / "training"))

import train_patches
from describer_report import auc
from teacher import Teacher
from train_patches import Config, areas, best_cells, train

seeds = st.integers(0, 99)


@settings(deadline=None)
@given(seeds)
def test_the_best_cell_lies_between_the_mean_and_the_maximum(seed: int) -> None:
    torch.manual_seed(seed)
    cells, nouns = (F.normalize(torch.randn(*size), dim=-1) for size in ((3, 64, 9), (5, 9)))
    cosines = cells @ nouns.T
    best = best_cells(cells, nouns)
    assert best.shape == (3, 5)
    assert (best <= cosines.amax(1)).all() and (best >= cosines.mean(1)).all()
    shuffled = best_cells(cells[:, torch.randperm(64)], nouns)
    assert torch.allclose(best, shuffled, atol=1e-5)  # where the cell is does not matter


def test_one_fitting_cell_outweighs_many_that_fit_a_little() -> None:
    noun = torch.tensor([[1.0, 0.0]])
    alike = torch.tensor([0.2, 0.96**0.5]).expand(1, 64, 2)
    assert best_cells(alike, noun).item() == pytest.approx(0.2, abs=1e-5)
    one = torch.tensor([0.0, 1.0]).repeat(1, 64, 1)
    one[0, 17] = torch.tensor([1.0, 0.0])
    assert best_cells(one, noun) > best_cells(alike, noun)


def by_pairs(scores: torch.Tensor, named: torch.Tensor, least: int) -> float:
    found = []
    for score, mark in zip(scores.T, named.T, strict=True):
        if mark.sum() >= least and not mark.all():
            above = score[mark][:, None] > score[~mark][None]
            found.append(above.double().mean().item())
    return float(np.mean(found))


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(5, 40), st.sampled_from([1, 3]))
def test_the_area_is_the_share_of_pairs_in_the_right_order(
    seed: int, photos: int, least: int
) -> None:
    torch.manual_seed(seed)
    scores, named = torch.randn(photos, 6), torch.rand(photos, 6) < 0.3
    named[:3, 0], named[3:, 0] = True, False  # one column that always counts
    area = auc(scores, named, least)
    assert area == pytest.approx(by_pairs(scores, named, least))
    assert auc(3 * scores.double() + 1, named, least) == pytest.approx(area)
    assert auc(-scores, named, least) == pytest.approx(1 - area)


def test_columns_with_few_named_photos_do_not_count() -> None:
    named = torch.zeros(30, 2, dtype=torch.bool)
    named[:10, 0], named[:9, 1] = True, True
    falling = torch.arange(30.0, 0, -1)
    scores = torch.stack([falling, -falling], 1)
    assert auc(scores, named) == 1
    assert auc(scores, named, least=9) == 0.5


def test_cells_learn_which_photos_show_what_and_nothing_else_changes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Photos with a noun have one cell that is like no other, always in another place."""
    monkeypatch.setattr(train_patches, "NOUNS", ("dog", "cat", "tree"))
    lessons = tiny_lessons(60)
    grid = lessons.features["grid"]
    sign = np.random.default_rng(1).normal(size=(NOUNS, 352)).astype(np.float16) * 3
    for photo in range(60):
        for noun in np.flatnonzero(lessons.nouns[photo].numpy()):
            grid[:, photo, :, (photo + 7 * noun) % 64] = sign[noun]
    describer = tiny_describer()
    before = {name: value.clone() for name, value in describer.state_dict().items()}
    teacher = Teacher({"train": lessons, "coco": lessons, "dev": lessons}, LABELS, 0.0, 0)
    nouns = F.normalize(torch.randn(NOUNS, 384), dim=1)
    first = areas(describer, teacher, nouns)[0]
    train(describer, Config(steps=40, photos=20, coco=0, rate=2e-3), teacher, nouns)
    capsys.readouterr()
    best, mean = areas(describer, teacher, nouns)
    assert best > 0.95 > first and best > mean
    changed = {k for k, v in describer.state_dict().items() if not torch.equal(v, before[k])}
    assert changed and all(name.startswith("memory.patch.") for name in changed)
