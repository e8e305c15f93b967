"""The heads of the dual encoder: how members are joined, kept, and exported."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime import InferenceSession, SessionOptions
from torch import Tensor, nn

sys.path.append(str(Path(__file__).parents[1] / "training"))

from conse import SHARE, ConsePhoto, ConseText, join
from eight_bits import eight_bit_products
from fast_attention import hasten
from fast_graphs import drop_expands, fold
from graphs import export, half, shrink
from heads import DIM, DualHeads, Member, principal_axes, read_heads
from photo_sets import PhotoSet
from train_dual_encoder import Config, Sets, contrast, train


def member(seed: int, *, attentive: bool) -> Member:
    """A member as after some training: nothing is zero any more."""
    torch.manual_seed(seed)
    pooled = torch.randn(1382), torch.rand(1382) + 0.5
    cells = (torch.randn(403), torch.rand(403) + 0.5) if attentive else None
    found = Member(pooled, cells, hidden=64)
    for name, weight in found.named_parameters():
        if name.split(".")[-2:] in (["down", "weight"], ["out", "weight"]):
            nn.init.normal_(weight, std=0.05)
    return found.eval()


@pytest.fixture(scope="module")
def seen() -> tuple[Tensor, Tensor]:
    torch.manual_seed(7)
    return torch.randn(300, 1382), torch.randn(300, 64, 403)


@pytest.fixture(scope="module")
def heads(seen: tuple[Tensor, Tensor]) -> DualHeads:
    members = [member(0, attentive=False), member(1, attentive=True)]
    with torch.no_grad():
        photos = torch.cat([m.photos(*seen) for m in members], 1)
        texts = torch.cat([m.text(torch.randn(300, 384)) for m in members], 1)
        return DualHeads(members, principal_axes(photos, texts)).eval()


def vectors(heads: DualHeads, seen: tuple[Tensor, Tensor], texts: Tensor) -> tuple[Tensor, Tensor]:
    with torch.no_grad():
        return heads.photos(*seen), heads.text(texts)


def test_vectors_have_unit_length(heads: DualHeads, seen: tuple[Tensor, Tensor]) -> None:
    for rows in vectors(heads, seen, torch.randn(9, 384)):
        assert rows.shape[1] == DIM
        assert torch.allclose(rows.norm(dim=1), torch.ones(len(rows)), atol=1e-5)


def test_heads_read_from_what_was_kept_give_the_same(
    heads: DualHeads, seen: tuple[Tensor, Tensor]
) -> None:
    texts = torch.randn(9, 384)
    again = read_heads(heads.state_dict())
    assert [m.attention is not None for m in again.members] == [False, True]
    for before, after in zip(vectors(heads, seen, texts), vectors(again, seen, texts), strict=True):
        assert torch.equal(before, after)


def test_a_fresh_member_sees_no_more_with_attention_than_without(
    seen: tuple[Tensor, Tensor],
) -> None:
    fresh = Member((torch.zeros(1382), torch.ones(1382)), (torch.zeros(403), torch.ones(403)))
    fresh.eval()
    features, grid = seen[0][:20], seen[1][:20]
    assert torch.equal(fresh.photos(features, grid), fresh.image(features))
    fresh.photos(features, grid).sum().backward()
    assert fresh.attention is not None and fresh.attention.out.weight.grad is not None
    assert fresh.attention.out.weight.grad.abs().sum() > 0  # but it will


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 99), photos=st.integers(0, 384))
def test_axes_keep_the_inner_products_of_what_spans_no_more_than_they_do(
    seed: int, photos: int
) -> None:
    torch.manual_seed(seed)
    rows = torch.nn.functional.normalize(torch.randn(384, 768), dim=1)
    axes = principal_axes(rows[:photos], rows[photos:])
    assert torch.allclose(axes @ axes.T, torch.eye(DIM), atol=1e-4)
    kept = rows @ axes.T
    assert torch.allclose(kept @ kept.T, rows @ rows.T, atol=1e-4)


def test_the_joined_cosine_is_the_mean_of_the_members(
    heads: DualHeads, seen: tuple[Tensor, Tensor]
) -> None:
    """Where the axes leave nothing out: 90 different vectors lie in 384 directions."""
    few, texts = (seen[0][:50], seen[1][:50]), torch.randn(40, 384)
    with torch.no_grad():
        cosines = [m.photos(*few) @ m.text(texts).T for m in heads.members]
        photos = torch.cat([m.photos(*few) for m in heads.members], 1)
        said = torch.cat([m.text(texts) for m in heads.members], 1)
        joined = DualHeads(list(heads.members), principal_axes(torch.cat([photos] * 8), said))
        both = joined.photos(*few) @ joined.text(texts).T
    assert torch.allclose(both, (cosines[0] + cosines[1]) / 2, atol=1e-4)


def test_too_few_vectors_for_the_axes_are_refused() -> None:
    with pytest.raises(ValueError, match="40 photos and 80 texts do not span 384"):
        principal_axes(torch.randn(40, 768), torch.randn(80, 768))


def test_a_small_set_is_trained_on_and_spans_the_whole_space(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """80 photos with five captions each, as there are without research data."""
    rng = np.random.default_rng(0)
    sizes = {"pooled": (1280,), "grid": (352, 64), "low": (51, 64), "logits": (1000,)}
    cached = (rng.normal(size=(2, 80, *s)).astype(np.float16) for s in sizes.values())
    texts = torch.nn.functional.normalize(torch.randn(80, 5, 384), dim=2)
    sets = Sets(PhotoSet(*cached, texts), None, None, torch.randn(1000, 384))
    config = Config(pooled_epochs=2, attentive_epochs=2, hidden=16, batch=100)
    assert train(config, sets).axes.shape == (DIM, 2 * DIM)
    assert "attentive member" in capsys.readouterr().out


def test_contrast_is_least_where_pairs_are_nearest() -> None:
    alone = contrast(torch.zeros(8, 8))
    assert torch.isclose(alone, torch.tensor(8.0).log())
    assert contrast(5 * torch.eye(8)) < alone < contrast(-5 * torch.eye(8))
    scores = torch.randn(8, 8)
    assert torch.isclose(contrast(scores), contrast(scores.T))


def test_the_shipped_vector_shares_its_inner_products_out() -> None:
    labels = torch.randn(1000, 384)
    photo, text = ConsePhoto(labels)(torch.randn(5, 1000)), ConseText(labels)(torch.randn(5, 384))
    learned = torch.nn.functional.normalize(torch.randn(2, 5, 384), dim=2)
    photos, texts = join(learned[0], photo), join(learned[1], text)
    assert torch.allclose(photos.norm(dim=1), torch.ones(5), atol=1e-5)
    mixed = (1 - SHARE) * (learned[0] @ learned[1].T) + SHARE * (photo @ text.T)
    assert torch.allclose(photos @ texts.T, mixed, atol=1e-5)


class PhotoSide(nn.Module):
    def __init__(self, heads: DualHeads) -> None:
        super().__init__()
        self.heads = heads

    def forward(self, features: Tensor, grid: Tensor) -> Tensor:
        return self.heads.photos(features, grid)


class TextSide(PhotoSide):
    def forward(self, sentences: Tensor) -> Tensor:  # type: ignore[override]
        return self.heads.text(sentences)


@pytest.mark.parametrize("side", [PhotoSide, TextSide])
def test_the_exported_heads_agree_with_torch(
    side: Callable[[DualHeads], nn.Module],
    heads: DualHeads,
    seen: tuple[Tensor, Tensor],
    tmp_path: Path,
) -> None:
    """Exactly before matrices are stored in 8 and 16 bits, to a cosine of .999 after."""
    own = hasten(read_heads(heads.state_dict()))
    inputs = {"features": seen[0][:20], "grid": seen[1][:20]}
    if side is TextSide:
        inputs = {"sentences": torch.nn.functional.normalize(torch.randn(20, 384), dim=1)}
    with torch.no_grad():
        wanted = side(heads)(*inputs.values()).numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's tracer warns of its own retirement
        axes = {name: ["n"] for name in inputs}
        export(side(own), tuple(inputs.values()), tmp_path / "heads.onnx", axes, ["vectors"])
    model = fold(onnx.load(tmp_path / "heads.onnx"))
    drop_expands(model)
    feed = {name: value.numpy() for name, value in inputs.items()}
    assert np.allclose(run(model, feed), wanted, atol=1e-5)
    eight_bit_products(model, vectors_only=True)
    shrink(model, lambda name, values: half if values.ndim > 1 else None)
    kinds = {node.op_type for node in model.graph.node}
    assert "MatMulNBits" in kinds and (side is TextSide or "Cast" in kinds)
    small = run(model, feed)
    assert (small * wanted).sum(1).min() > 0.999
    assert np.allclose(np.linalg.norm(small, axis=1), 1, atol=1e-5)
    one = run(model, {name: value[3:4] for name, value in feed.items()})
    assert np.allclose(one[0], small[3], atol=1e-5)  # a row does not depend on the others


def run(model: onnx.ModelProto, feed: dict[str, np.ndarray]) -> np.ndarray:
    onnx.checker.check_model(model)
    options = SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    providers = ["CPUExecutionProvider"]
    session = InferenceSession(model.SerializeToString(), options, providers=providers)
    return np.asarray(session.run(["vectors"], feed)[0])
