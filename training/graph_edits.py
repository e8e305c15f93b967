"""Reading and editing ONNX models: who makes and takes a value, new nodes, new constants."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

CONTRIB = "com.microsoft"


def constants(model: ModelProto) -> dict[str, np.ndarray]:
    """The values of a graph's initialisers."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def consumers(model: ModelProto) -> dict[str, list[NodeProto]]:
    """The nodes that take each value."""
    users: dict[str, list[NodeProto]] = defaultdict(list)
    for node in model.graph.node:
        for name in node.input:
            users[name].append(node)
    return users


def producers(model: ModelProto) -> dict[str, NodeProto]:
    """The node that makes each value; inputs and initialisers are made by one without a type."""
    made: dict[str, NodeProto] = defaultdict(NodeProto)
    made.update((name, node) for node in model.graph.node for name in node.output)
    return made


def attributes(node: NodeProto) -> dict[str, object]:
    """Values of a node's attributes by name."""
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def store(model: ModelProto, name: str, values: np.ndarray) -> None:
    """Add an initialiser, or give one other values."""
    tensor = numpy_helper.from_array(np.ascontiguousarray(values), name)
    for old in model.graph.initializer:
        if old.name == name:
            old.CopyFrom(tensor)
            return
    model.graph.initializer.append(tensor)


def insert(model: ModelProto, where: NodeProto, nodes: Iterable[NodeProto], after: int = 0) -> None:
    """Put nodes before one that is in the graph, or `after` so many nodes from it."""
    at = list(model.graph.node).index(where) + after
    for offset, node in enumerate(nodes):
        node.name = node.name or node.output[0]
        model.graph.node.insert(at + offset, node)


def replace(model: ModelProto, old: NodeProto, nodes: Iterable[NodeProto]) -> None:
    """Put nodes in the place of one."""
    insert(model, old, nodes)
    model.graph.node.remove(old)


def forget_unused(model: ModelProto) -> None:
    """Remove the initialisers that no node takes, and the domains that no node is of."""
    used = {name for node in model.graph.node for name in node.input}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    domains = {node.domain for node in model.graph.node} | {""}
    opsets = {opset.domain: opset.version for opset in model.opset_import}
    del model.opset_import[:]
    model.opset_import.extend(helper.make_opsetid(d, opsets.get(d, 1)) for d in sorted(domains))
