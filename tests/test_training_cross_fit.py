"""Training photos get their vectors from heads that have not seen them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

sys.path.append(str(Path(__file__).parents[1] / "training"))

from conse import ConsePhoto
from cross_fit import Config, embed_view, train_fold, with_texts_of
from heads import DIM, DualHeads, Member
from photo_sets import PhotoSet
from train_dual_encoder import Sets

SIZES = ((1280,), (352, 64), (51, 64), (1000,))
ROWS = {"train": np.arange(8), "coco": np.array([1, 4, 5])}
CONFIG = Config(folds=2, epochs=2)


def photos(count: int, seed: int) -> PhotoSet:
    rng = np.random.default_rng(seed)
    cached = (rng.normal(size=(2, count, *size)).astype(np.float16) for size in SIZES)
    texts = rng.normal(size=(count, 5, 384)).astype(np.float32)
    return PhotoSet(*cached, torch.nn.functional.normalize(torch.from_numpy(texts), dim=2))


@pytest.fixture(scope="module")
def sets() -> Sets:
    torch.manual_seed(0)
    return Sets(photos(8, 0), photos(3, 1), photos(4, 2), torch.randn(1000, 384))


def with_other_captions(sets: Sets, row: int) -> Sets:
    main = sets.main
    texts = main.texts.clone()
    texts[row] = -texts[row]
    other = PhotoSet(main.pooled, main.grid, main.low, main.logits, texts)
    return Sets(other, sets.extra, sets.things, sets.labels)


def weights(member: Member) -> Tensor:
    return torch.cat([value.flatten() for value in member.image.state_dict().values()])


@pytest.mark.parametrize("row", [2, 5])
def test_what_a_photo_is_called_changes_the_heads_of_other_folds_only(
    sets: Sets, row: int, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = with_other_captions(sets, row)
    for fold in range(CONFIG.folds):
        before = weights(train_fold(CONFIG, sets, ROWS, fold))
        after = weights(train_fold(CONFIG, changed, ROWS, fold))
        assert torch.equal(before, after) == (row % CONFIG.folds == fold)


def test_a_vector_is_that_of_the_head_of_its_photos_fold(sets: Sets, tmp_path: Path) -> None:
    torch.manual_seed(1)
    pooled = torch.randn(1382), torch.rand(1382) + 0.5
    members = [Member(pooled, hidden=8).eval() for _ in range(3)]
    for key, array in zip(
        ("pooled", "grid", "low", "logits"), vars(sets.main).values(), strict=False
    ):
        np.save(tmp_path / f"some.{key}.npy", array)
    found = embed_view(members, ConsePhoto(sets.labels), tmp_path, "some", 1)
    assert torch.allclose(found.norm(dim=1), torch.ones(8), atol=1e-5)
    features, grid, _ = sets.main.rows(1, np.arange(8))
    for i in range(8):
        own = members[i % 3].photos(features[i : i + 1], grid[i : i + 1])[0]
        assert torch.allclose(torch.nn.functional.normalize(found[i, :DIM], dim=0), own, atol=1e-5)


def test_fold_heads_learn_towards_the_finished_text_vectors(sets: Sets) -> None:
    torch.manual_seed(2)
    pooled = torch.randn(1382), torch.rand(1382) + 0.5
    heads = DualHeads([Member(pooled, hidden=8), Member(pooled, hidden=8)], torch.randn(384, 768))
    heads.eval()
    told = with_texts_of(heads, sets)
    with torch.no_grad():
        assert torch.allclose(told.main.texts[3], heads.text(sets.main.texts[3]), atol=1e-6)
        assert told.things is not None and sets.things is not None
        assert torch.allclose(told.things.texts[0], heads.text(sets.things.texts[0]), atol=1e-6)
        assert torch.allclose(told.labels, heads.text(sets.labels), atol=1e-6)
