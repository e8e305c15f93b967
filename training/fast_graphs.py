"""ONNX surgery for speed on a CPU: the same results to rounding, from fewer and cheaper nodes.

Each function changes a model in place (`fold` returns a new one) and leaves alone what it does
not know. What each is worth is in LOG.md.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from graph_edits import (
    CONTRIB,
    attributes,
    constants,
    consumers,
    forget_unused,
    producers,
    replace,
    store,
)
from onnx import ModelProto, NodeProto, TensorProto, helper
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions


def fold(model: ModelProto) -> ModelProto:
    """Constants folded, padding moved into convolutions, no Constant nodes: by ONNX Runtime."""
    options = SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "folded.onnx"
        options.optimized_model_filepath = str(path)
        providers = ["CPUExecutionProvider"]
        InferenceSession(model.SerializeToString(), options, providers=providers)
        folded = onnx.load(path)
    forget_unused(folded)
    return folded


def one_by_one(model: ModelProto, until: Sequence[str]) -> None:
    """Compute the named values, and all they need, for one row of the input after the other.

    A Scan over the batch. Large maps of one photo at a time stay in the processor's cache, while
    the layers after them still share their weights between the photos of a batch.
    """
    graph, made = model.graph, producers(model)
    (taken,) = graph.input
    inside: dict[str, NodeProto] = {}
    waiting = list(until)
    while waiting:
        node = made[waiting.pop()]
        if node.op_type and node.output[0] not in inside:
            inside[node.output[0]] = node
            waiting += node.input
    body = [node for node in graph.node if node.output[0] in inside]
    rest = [node for node in graph.node if node.output[0] not in inside]
    needed = {name for node in rest for name in node.input} | {o.name for o in graph.output}
    results = [name for node in body for name in node.output if name in needed]
    # A name must not be that of a value outside.
    own, one = {name for node in body for name in node.input if not made[name].op_type}, []
    for tensor in graph.initializer:
        if tensor.name in own:
            one.append(TensorProto.FromString(tensor.SerializeToString()))
            one[-1].name += ".one"
    steps = [NodeProto.FromString(node.SerializeToString()) for node in body]
    for node in steps:
        node.input[:] = [f"{name}.one" if name in own and name else name for name in node.input]
        node.output[:] = [f"{name}.row" if name in results else name for name in node.output]
    for node in steps:
        node.input[:] = [f"{name}.row" if name in results else name for name in node.input]
    kind = taken.type.tensor_type
    shape = [1, *(axis.dim_value for axis in kind.shape.dim[1:])]
    row = helper.make_tensor_value_info(f"{taken.name}.one", kind.elem_type, shape)
    rows = [helper.make_tensor_value_info(f"{n}.row", TensorProto.FLOAT, None) for n in results]
    store(model, "second.axis", np.array([1]))
    scanned = [f"{name}.rows" for name in results]
    nodes = [
        helper.make_node("Unsqueeze", [taken.name, "second.axis"], [f"{taken.name}.rows"]),
        helper.make_node(
            "Scan",
            [f"{taken.name}.rows"],
            scanned,
            name="one_by_one",
            num_scan_inputs=1,
            body=helper.make_graph(steps, "row", [row], rows, one),
        ),
        *(
            helper.make_node("Squeeze", [rows, "second.axis"], [name])
            for name, rows in zip(results, scanned, strict=True)
        ),
    ]
    rest = [NodeProto.FromString(node.SerializeToString()) for node in rest]
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    forget_unused(model)


def drop_expands(model: ModelProto) -> None:
    """y / Expand(x, Shape(y)) is y / x: the division broadcasts (F.normalize exports the first)."""
    users, made = consumers(model), producers(model)
    for node in list(model.graph.node):
        if node.op_type != "Expand" or made[node.input[1]].op_type != "Shape":
            continue
        shape = made[node.input[1]]
        if all(user.input[0] == shape.input[0] for user in users[node.output[0]]):
            for user in users[node.output[0]]:
                user.input[1] = node.input[0]
            model.graph.node.remove(node)
            users[shape.output[0]].remove(node)
            if not users[shape.output[0]]:
                model.graph.node.remove(shape)


def fold_flattens(model: ModelProto) -> None:
    """x.flatten(k) with a shape computed at each run -> a constant one, 0 for the axes kept."""
    known, made = constants(model), producers(model)
    for node in model.graph.node:
        if node.op_type != "Reshape" or made[node.input[1]].op_type != "Concat":
            continue
        first, *rest = made[node.input[1]].input
        shape, *span = made[first].input if made[first].op_type == "Slice" else [""]
        if made[shape].op_type != "Shape" or made[shape].input[0] != node.input[0]:
            continue
        if all(name in known for name in (*span, *rest)) and known[span[0]] == 0:
            kept = [np.zeros(known[span[1]].item(), np.int64), *(known[name] for name in rest)]
            store(model, f"{node.output[0]}.shape", np.concatenate(kept))
            node.input[1] = f"{node.output[0]}.shape"
    forget_idle(model)


def pool_globally(model: ModelProto) -> None:
    """The mean of maps -> GlobalAveragePool and Flatten, for which maps need not be reordered."""
    for node in list(model.graph.node):
        about = attributes(node)
        if node.op_type == "ReduceMean" and about.get("axes") == [2, 3] and not about["keepdims"]:
            (out,), pooled = node.output, f"{node.output[0]}.maps"
            pool = helper.make_node("GlobalAveragePool", node.input, [pooled])
            replace(model, node, [pool, helper.make_node("Flatten", [pooled], [out])])


def forget_idle(model: ModelProto) -> None:
    """Remove nodes, then initialisers, that nobody takes."""
    wanted = {output.name for output in model.graph.output}
    for node in reversed(list(model.graph.node)):
        if wanted.isdisjoint(node.output):
            model.graph.node.remove(node)
        else:
            wanted.update(node.input)
    forget_unused(model)


def split_attention(model: ModelProto) -> None:
    """Fused Attention -> three products and a MultiHeadAttention, so that 8 bits can be had."""
    known = constants(model)
    for node in list(model.graph.node):
        if node.op_type != "Attention":
            continue
        x, weight, bias, mask = node.input[:4]
        (out,) = node.output
        parts, nodes = [], []
        for part, matrix in zip("qkv", np.split(known[weight], 3, axis=1), strict=True):
            store(model, f"{weight}.{part}", matrix)
            parts.append(f"{out}.{part}")
            nodes.append(helper.make_node("MatMul", [x, f"{weight}.{part}"], parts[-1:]))
        heads = attributes(node)["num_heads"]
        inputs, kind = [*parts, bias, mask], "MultiHeadAttention"
        nodes.append(helper.make_node(kind, inputs, [out], domain=CONTRIB, num_heads=heads))
        replace(model, node, nodes)
    forget_unused(model)


def open_norms(model: ModelProto) -> None:
    """SkipLayerNormalization -> the sum and a LayerNormalization, which take half the time."""
    for node in list(model.graph.node):
        if node.op_type != "SkipLayerNormalization":
            continue
        x, skip, *weights = node.input
        (out,) = node.output
        nodes = []
        if len(weights) > 2:
            nodes.append(helper.make_node("Add", [x, weights.pop()], [f"{out}.biased"]))
            x = f"{out}.biased"
        # Not Add, which ONNX Runtime would fuse with the LayerNormalization again.
        nodes.append(helper.make_node("Sum", [x, skip], [f"{out}.sum"]))
        inputs, epsilon = [f"{out}.sum", *weights], attributes(node)["epsilon"]
        nodes.append(helper.make_node("LayerNormalization", inputs, [out], epsilon=epsilon))
        replace(model, node, nodes)
    forget_unused(model)
