"""The first nodes of an image tower: bytes to normalised maps, without turning the photo over.

A photo `(n, h, w, 3)` is also a single map `(n, 1, h, 3 w)` whose rows hold the colours of a pixel
side by side. A convolution of 3 by 3 pixels with stride 2 is one of 3 by 9 bytes with strides 2
and 6 on it, so no transposed copy is needed; normalising is left to its weights.
"""

import numpy as np
from graph_edits import attributes, constants, consumers, forget_unused, insert, store
from onnx import ModelProto, NodeProto, helper


def fold_pixels(model: ModelProto) -> None:
    """Transpose -> Cast -> Sub -> Div -> Conv: as Pad -> Cast -> Conv of bytes, in place.

    The padding of the convolution moves to the bytes, where zero is the byte that was subtracted.
    What else takes the normalised pixels must be an AveragePool of columns, (k, 1); its small
    result is turned over and normalised. Raises ValueError for another graph.
    """
    graph, known, users = model.graph, constants(model), consumers(model)
    (photos,) = graph.input
    chain, name = [], photos.name
    for kind in ("Transpose", "Cast", "Sub", "Div"):
        (node,) = users[name]
        if node.op_type != kind:
            raise ValueError(f"pixels go through a {node.op_type} where a {kind} should be")
        chain.append(node)
        name = node.output[0]
    transpose, cast, sub, div = chain
    takers = users[name]
    (conv,) = (node for node in takers if node.op_type == "Conv")
    pools = [node for node in takers if node is not conv]
    if others := {node.op_type for node in pools} - {"AveragePool"}:
        raise ValueError(f"normalised pixels are taken by {others}")
    _, height, width, colours = (axis.dim_value for axis in photos.type.tensor_type.shape.dim)
    shift, scale = float(known[sub.input[1]]), float(known[div.input[1]])

    below, right = widen(model, conv, shift, scale, colours)
    store(model, "pixels.shape", np.array([-1, 1, height, width * colours]))
    store(model, "pixels.pads", np.array([0, 0, 0, 0, 0, 0, below, right * colours]))
    store(model, "pixels.zero", np.array(shift, np.uint8))
    pad = ["pixels.wide", "pixels.pads", "pixels.zero"]
    nodes = [
        helper.make_node("Reshape", [photos.name, "pixels.shape"], ["pixels.wide"]),
        helper.make_node("Pad", pad, ["pixels.padded"]),
    ]
    insert(model, transpose, nodes)
    cast.input[0], conv.input[0] = "pixels.padded", cast.output[0]
    for node in pools:
        turn_over(model, node, (width, colours), (sub, div))
        node.input[0] = cast.output[0]
    for node in (transpose, sub, div):
        graph.node.remove(node)
    forget_unused(model)


def widen(
    model: ModelProto, conv: NodeProto, shift: float, scale: float, colours: int
) -> tuple[int, int]:
    """Make a convolution of pixels one of bytes; returns its padding below and at the right."""
    known = constants(model)
    weight, bias = known[conv.input[1]], known[conv.input[2]]
    about = attributes(conv)
    top, left, below, right = about["pads"]
    if top or left:
        raise ValueError("padding at the top or left would shift what is pooled")
    size, (down, across) = weight.shape[2:], about["strides"]
    wide = weight.transpose(0, 2, 3, 1).reshape(len(weight), 1, size[0], size[1] * colours)
    bias = bias - shift / scale * weight.astype(np.float64).sum((1, 2, 3))
    store(model, conv.input[1], wide / scale)
    store(model, conv.input[2], bias.astype(np.float32))
    changed = {"kernel_shape": list(wide.shape[2:]), "pads": [0] * 4}
    changed["strides"] = [down, across * colours]
    for attribute in conv.attribute:
        if attribute.name in changed:
            attribute.ints[:] = changed[attribute.name]
    return below, right


def turn_over(
    model: ModelProto,
    pool: NodeProto,
    sizes: tuple[int, int],
    normalise: tuple[NodeProto, NodeProto],
) -> None:
    """Let an AveragePool take bytes; what it gave is made from its result."""
    window, strides = (attributes(pool)[name] for name in ("kernel_shape", "strides"))
    if window[1] != 1 or strides[1] != 1:
        raise ValueError(f"an AveragePool of {window} mixes colours")
    (width, colours), (sub, div) = sizes, normalise
    out, raw = pool.output[0], f"{pool.output[0]}.bytes"
    store(model, "row.start", np.array([0]))
    store(model, "row.end", np.array([width * colours]))
    store(model, "row.axis", np.array([3]))
    store(model, "row.shape", np.array([0, -1, width, colours]))
    row = [raw, "row.start", "row.end", "row.axis"]
    nodes = [
        helper.make_node("Slice", row, [f"{raw}.unpadded"]),
        helper.make_node("Reshape", [f"{raw}.unpadded", "row.shape"], [f"{raw}.pixels"]),
        helper.make_node("Transpose", [f"{raw}.pixels"], [f"{raw}.maps"], perm=[0, 3, 1, 2]),
        helper.make_node("Sub", [f"{raw}.maps", sub.input[1]], [f"{raw}.shifted"]),
        helper.make_node("Div", [f"{raw}.shifted", div.input[1]], [out]),
    ]
    pool.output[0] = raw
    insert(model, pool, nodes, after=1)
