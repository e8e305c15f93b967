"""ONNX surgery: how the shipped graphs are stored small.

Weights are stored as fp16 and followed by a Cast to fp32, which ONNX Runtime folds away when it
loads the graph; tables that are looked up are stored as int8 with a scale for each row, applied
to the rows that are taken. Products in 8 bits: `eight_bits`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OPSET = 17
LARGE = 1024  # smaller tensors stay as they are

Replacement = tuple[list[TensorProto], list[onnx.NodeProto]]


def export(
    module: nn.Module, example: tuple, path: Path, inputs: dict[str, list[str]], outputs: list[str]
) -> None:
    """Trace a module; `inputs` names the dynamic axes of each input, None for fixed ones."""
    axes = {name: {i: a for i, a in enumerate(named) if a} for name, named in inputs.items()}
    torch.onnx.export(
        module.eval(),
        example,
        path,
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes=axes | {output: {0: "n"} for output in outputs},
        opset_version=OPSET,
        dynamo=False,
    )


def half(name: str, values: np.ndarray) -> Replacement:
    """A tensor as fp16 and a Cast."""
    stored = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
    return [stored], [helper.make_node("Cast", [stored.name], [name], to=TensorProto.FLOAT)]


def eight_table(graph: onnx.GraphProto, gather: onnx.NodeProto, table: np.ndarray) -> Replacement:
    """An embedding table as int8 with a scale for each row, dequantised after the look-up."""
    name, output = gather.input[0], gather.output[0]
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
    stored = numpy_helper.from_array(np.rint(table / scale).astype(np.int8), f"{name}.int8")
    scales = numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale")
    ids = gather.input[1]
    graph.node.remove(gather)
    return [stored, scales], [
        helper.make_node("Gather", [stored.name, ids], [f"{output}.int8"]),
        helper.make_node("Cast", [f"{output}.int8"], [f"{output}.wide"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [scales.name, ids], [f"{output}.scale"]),
        helper.make_node("Mul", [f"{output}.wide", f"{output}.scale"], [output]),
    ]


def shrink(
    model: onnx.ModelProto, choose: Callable[[str, np.ndarray], Callable[..., Replacement] | None]
) -> None:
    """Replace the large fp32 initialisers of a graph as `choose(name, values)` says."""
    graph = model.graph
    for tensor in list(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        store = choose(tensor.name, values) if values.size >= LARGE else None
        if store is None:
            continue
        if store is eight_table:
            users = [node for node in graph.node if tensor.name in node.input]
            (gather,) = users
            position = list(graph.node).index(gather)
            tensors, nodes = eight_table(graph, gather, values)
        else:
            position = 0
            tensors, nodes = store(tensor.name, values)
        graph.initializer.remove(tensor)
        graph.initializer.extend(tensors)
        for offset, node in enumerate(nodes):
            graph.node.insert(position + offset, node)
