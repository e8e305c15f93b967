"""Graphs rewritten for speed compute what they computed before."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper
from onnxruntime import InferenceSession, SessionOptions
from torch import Tensor, nn

sys.path.append(str(Path(__file__).parents[1] / "training"))

from eight_bits import blocks, eight_bit_products
from fast_graphs import (
    drop_expands,
    fold,
    fold_flattens,
    one_by_one,
    open_norms,
    pool_globally,
    split_attention,
)
from fast_pixels import fold_pixels
from graph_edits import attributes, constants, store
from graphs import OPSET, half, shrink

Array = NDArray[np.generic]


class Tower(nn.Module):
    """Normalised pixels, two convolutions that pad as TensorFlow does, maps pooled, unit rows."""

    def __init__(self, padding: tuple[int, int, int, int] = (0, 1, 0, 1)) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.pad = nn.ZeroPad2d(padding)
        self.stem, self.deep = nn.Conv2d(3, 8, 3, 2), nn.Conv2d(8, 16, 3, 2)
        self.head = nn.Linear(19, 70)

    def forward(self, pixels: Tensor) -> Tensor:
        x = (pixels.permute(0, 3, 1, 2).float() - 127) / 128
        colours = F.avg_pool2d(F.avg_pool2d(x, (8, 1)), (1, 8)).flatten(2).mean(2)
        x = self.stem(self.pad(x)).clamp(0, 6)
        x = self.deep(self.pad(x)).clamp(0, 6)
        return F.normalize(self.head(torch.cat([colours, x.mean((2, 3))], 1)), dim=-1)


class Layers(nn.Module):
    """A product with a bias and one without, the first of 100 numbers, no multiple of a block."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Linear(100, 64), nn.Linear(64, 32, bias=False)
        self.small = nn.Linear(32, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.small(F.gelu(self.second(F.gelu(self.first(x)))))


def traced(module: nn.Module, example: Tensor, path: Path) -> ModelProto:
    axes = {"x": {0: "n"}, "y": {0: "n"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's tracer warns of its own retirement
        torch.onnx.export(
            module.eval(),
            (example,),
            path,
            input_names=["x"],
            output_names=["y"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    return onnx.load(path)


def run(model: ModelProto, **feed: Array) -> NDArray[np.float32]:
    onnx.checker.check_model(model)
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    providers = ["CPUExecutionProvider"]
    session = InferenceSession(model.SerializeToString(), options, providers=providers)
    (result,) = session.run(None, feed)
    return np.asarray(result, np.float32)


def kinds(model: ModelProto) -> set[str]:
    return {node.op_type for node in model.graph.node}


def random(seed: int, *shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.fixture
def tower(tmp_path: Path) -> ModelProto:
    example = torch.zeros(2, 32, 32, 3, dtype=torch.uint8)
    return fold(traced(Tower(), example, tmp_path / "tower.onnx"))


PIXELS = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)


def stages(model: ModelProto) -> None:
    """The first convolution and the pooled colours, photo by photo."""
    first = next(node for node in model.graph.node if node.op_type == "Clip")
    pools = [node for node in model.graph.node if node.op_type == "AveragePool"]
    one_by_one(model, [first.output[0], pools[0].output[0]])


@pytest.mark.parametrize(
    "change", [fold_pixels, drop_expands, fold_flattens, pool_globally, stages]
)
@pytest.mark.parametrize("count", [1, 3])
def test_a_tower_gives_the_same_rows_after_each_change(
    tower: ModelProto, change: Callable[[ModelProto], None], count: int
) -> None:
    before = run(tower, x=PIXELS[:count])
    change(tower)
    assert np.allclose(run(tower, x=PIXELS[:count]), before, atol=1e-5)


def test_all_changes_to_a_tower_go_together(tower: ModelProto) -> None:
    before = run(tower, x=PIXELS)
    for change in (fold_pixels, drop_expands, fold_flattens, pool_globally):
        change(tower)
    eight_bit_products(tower, 16)
    shrink(tower, lambda name, values: half if values.ndim > 1 else None)
    stages(tower)
    after = run(tower, x=PIXELS)
    assert (after * before).sum(1).min() > 0.999
    assert kinds(tower) >= {"Scan", "MatMulNBits"}
    assert not kinds(tower) & {"Expand", "Shape", "Pad"}  # padding is within the Scan


def test_pixels_are_padded_as_bytes_and_normalised_by_the_convolution(tower: ModelProto) -> None:
    fold_pixels(tower)
    nodes = {node.op_type: node for node in tower.graph.node}
    assert nodes["Cast"].input[0] == nodes["Pad"].output[0]
    pads = [attributes(node)["pads"] for node in tower.graph.node if node.op_type == "Conv"]
    assert pads == [[0, 0, 0, 0], [0, 0, 1, 1]]
    assert constants(tower)["pixels.zero"] == 127


def test_padding_that_would_shift_the_pooled_pixels_is_refused(tmp_path: Path) -> None:
    example = torch.zeros(2, 32, 32, 3, dtype=torch.uint8)
    model = fold(traced(Tower((1, 1, 1, 1)), example, tmp_path / "tower.onnx"))
    with pytest.raises(ValueError, match="would shift"):
        fold_pixels(model)


def test_pooling_that_would_mix_colours_is_refused(tower: ModelProto) -> None:
    (pool,) = (node for node in tower.graph.node if attributes(node).get("kernel_shape") == [8, 1])
    for attribute in pool.attribute:
        if attribute.name in ("kernel_shape", "strides"):
            attribute.ints[:] = [8, 8]
    with pytest.raises(ValueError, match="mixes colours"):
        fold_pixels(tower)


def test_what_is_done_photo_by_photo_is_what_was_asked_for(tower: ModelProto) -> None:
    stages(tower)
    (scan,) = (node for node in tower.graph.node if node.op_type == "Scan")
    body = attributes(scan)["body"]
    assert [node.op_type for node in body.node].count("Conv") == 1
    assert [node.op_type for node in tower.graph.node].count("Conv") == 1
    inside = {tensor.name for tensor in body.initializer}
    assert not inside & {tensor.name for tensor in tower.graph.initializer}


@pytest.fixture
def attention() -> ModelProto:
    """Fused attention over masked texts and a normalised sum, as the transformer tools make it."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", "t", 32])
    lengths = helper.make_tensor_value_info("lengths", TensorProto.INT32, ["n"])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "t", 32])
    domain = "com.microsoft"
    inputs = ["x", "qkv", "bias", "lengths"]
    nodes = [
        helper.make_node("Attention", inputs, ["mixed"], domain=domain, num_heads=4),
        helper.make_node("MatMul", ["mixed", "out"], ["dense"]),
        helper.make_node(
            "SkipLayerNormalization",
            ["dense", "x", "weight", "shift", "bias2"],
            ["y"],
            domain=domain,
            epsilon=1e-12,
        ),
    ]
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(domain, 1)]
    graph = helper.make_graph(nodes, "layer", [x, lengths], [y])
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    shapes = {"qkv": (32, 96), "bias": (96,), "out": (32, 32), "weight": (32,), "shift": (32,)}
    for seed, (name, shape) in enumerate({**shapes, "bias2": (32,)}.items()):
        store(model, name, random(seed, *shape) * 0.3)
    return model


@pytest.mark.parametrize("change", [split_attention, open_norms])
def test_a_layer_of_a_text_tower_stays_the_same(
    attention: ModelProto, change: Callable[[ModelProto], None]
) -> None:
    feed = {"x": random(9, 2, 5, 32), "lengths": np.array([5, 3], np.int32)}
    before = run(attention, **feed)
    change(attention)
    after = run(attention, **feed)
    assert np.allclose(after[0], before[0], atol=1e-5)
    assert np.allclose(after[1, :3], before[1, :3], atol=1e-5)  # the rest is padding


def test_biases_become_part_of_the_products_in_eight_bits(attention: ModelProto) -> None:
    feed = {"x": random(9, 1, 5, 32), "lengths": np.array([5], np.int32)}
    before = run(attention, **feed)
    split_attention(attention)
    open_norms(attention)
    eight_bit_products(attention, 32)
    after = run(attention, **feed)
    assert kinds(attention) == {"MatMulNBits", "MultiHeadAttention", "Sum", "LayerNormalization"}
    cosine = (after * before).sum(-1) / np.linalg.norm(after, axis=-1)
    assert (cosine / np.linalg.norm(before, axis=-1)).min() > 0.999


def test_products_of_many_vectors_can_stay_in_floating_point(attention: ModelProto) -> None:
    split_attention(attention)
    eight_bit_products(attention, 32, vectors_only=True)
    assert "MatMulNBits" not in kinds(attention)


def test_eight_bits_are_close_and_small_matrices_stay(tmp_path: Path) -> None:
    model = fold(traced(Layers(), torch.zeros(2, 100), tmp_path / "layers.onnx"))
    x = random(1, 6, 100)
    before = run(model, x=x)
    eight_bit_products(model)
    after = run(model, x=x)
    assert [node.op_type for node in model.graph.node].count("MatMulNBits") == 2
    assert kinds(model) & {"MatMul", "Gemm"}
    assert 0 < np.abs(after - before).max() < 0.02 * np.abs(before).max()
    for row in range(len(x)):
        assert np.allclose(run(model, x=x[row : row + 1])[0], after[row], atol=1e-6)


@given(
    seed=st.integers(0, 99),
    rows=st.integers(1, 70),
    columns=st.integers(1, 5),
    block=st.sampled_from([16, 32]),
)
def test_codes_times_scales_are_the_matrix_to_half_a_step(
    seed: int, rows: int, columns: int, block: int
) -> None:
    matrix = random(seed, rows, columns)
    codes, scales = blocks(matrix, block)
    assert codes.shape == (columns, -(-rows // block), block)
    values = ((codes.astype(np.float32) - 128) * scales[..., None]).reshape(columns, -1).T
    step = np.repeat(scales, block, axis=1).T
    assert (np.abs(values[:rows] - matrix) <= 0.5001 * step[:rows]).all()
    assert not values[rows:].any()
    assert codes.min() >= 1  # symmetric: -127 to 127
