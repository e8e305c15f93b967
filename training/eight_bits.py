"""Products with constant matrices in 8 bits, for ONNX Runtime's MatMulNBits."""

import numpy as np
import onnx
from graph_edits import CONTRIB, attributes, constants, consumers, forget_unused, replace, store
from graphs import LARGE
from onnx import ModelProto, helper

BLOCK = 64
"""So many weights of a column share a scale, and so many activations of a row."""


def eight_bit_products(
    model: ModelProto, block: int = BLOCK, *, vectors_only: bool = False
) -> None:
    """MatMul, Gemm and MatMul + Add with large constant matrices -> MatMulNBits, in place.

    With `vectors_only` where each row of the batch brings one vector: for many vectors at once,
    floating point is faster.

    Weights stay in 8 bits in memory, a quarter to read at each run and none to prepare when the
    graph is loaded. Activations are rounded to 8 bits too, row by row, so that a row's result
    does not depend on the other rows; sums within a block are exact integers.
    """
    known, users, axes = constants(model), consumers(model), ranks(model)
    for node in list(model.graph.node):
        if node.op_type not in ("MatMul", "Gemm") or node.input[1] not in known:
            continue
        name, matrix = node.input[1], known[node.input[1]]
        if matrix.ndim != 2 or matrix.size < LARGE:
            continue
        if vectors_only and axes.get(node.input[0]) != 2:
            continue
        if attributes(node).get("transB"):
            matrix = matrix.T
        bias, last = node.input[2] if len(node.input) > 2 else "", node
        if not bias and len(after := users[node.output[0]]) == 1 and after[0].op_type == "Add":
            (other,) = set(after[0].input) - {node.output[0]}
            if other in known and known[other].shape == matrix.shape[1:]:
                bias, last = other, after[0]
        codes, scales = blocks(matrix, block)
        store(model, f"{name}.codes", codes)
        store(model, f"{name}.scales", scales.ravel())
        inputs = [node.input[0], f"{name}.codes", f"{name}.scales"]
        product = helper.make_node(
            "MatMulNBits",
            [*inputs, "", "", bias] if bias else inputs,
            [last.output[0]],
            domain=CONTRIB,
            K=matrix.shape[0],
            N=matrix.shape[1],
            bits=8,
            block_size=block,
            accuracy_level=4,  # integer arithmetic: the other levels unpack the weights at each run
        )
        replace(model, node, [product])
        if last is not node:
            model.graph.node.remove(last)
    forget_unused(model)


def ranks(model: ModelProto) -> dict[str, int]:
    """The number of axes of each value."""
    graph = onnx.shape_inference.infer_shapes(model).graph
    known = (*graph.input, *graph.output, *graph.value_info)
    return {value.name: len(value.type.tensor_type.shape.dim) for value in known}


def blocks(matrix: np.ndarray, block: int) -> tuple[np.ndarray, np.ndarray]:
    """A matrix `(in, out)` as bytes around 128 `(out, blocks, block)` and scales `(out, blocks)`.

    The last block is filled up with zeros.
    """
    missing = -len(matrix) % block
    rows = np.pad(matrix, ((0, missing), (0, 0))).T.reshape(matrix.shape[1], -1, block)
    scales = np.maximum(np.abs(rows).max(2), 1e-8) / 127
    codes = (np.rint(rows / scales[..., None]) + 128).astype(np.uint8)
    return codes, scales.astype(np.float32)
