"""A trained describer -> memory.onnx and decoder.onnx.

    python training/export_describer.py --data DATA --describer describer.safetensors
        --words words.json --out vlm/starter/files

memory.onnx takes `grid` (n, 64, 403), `logits` (n, 1000) and `vectors` (n, 768) as image.onnx
gives them; it gives the decoder's cross-attention `keys` and `values` (n, layers, heads, slots,
width), the log odds `nouns` (n, N) and the cells' unit vectors `patches` (n, 64, 384).

decoder.onnx takes int64 `tokens` (b, t), `past_keys` and `past_values` (b, layers, heads, p,
width) with p = 0 at the start, and `keys` and `values` of one photo or of b; it gives `logits`
(b, t, V) of the word after each token and `present_keys`, `present_values` with p + t positions.

words.json gets what the runtime knows of nouns beside the words: `names` (other forms of a noun),
`wider` (what it is a kind of), `mass` (not counted), and ImageNet's `labels`.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from decoder import Describer, causal_mask
from describer_file import read_describer
from eight_bits import eight_bit_products
from fast_graphs import fold
from graphs import OPSET, eight_table, half, shrink
from manifest import write_manifest
from nouns import FORMS, LEXICON
from torch import Tensor, nn

CACHE = ["b", None, None, "p", None]
AXES = {
    "grid": ["n"],
    "logits": ["n"],
    "vectors": ["n"],
    "keys": ["n"],
    "values": ["n"],
    "nouns": ["n"],
    "patches": ["n"],
    "tokens": ["b", "t"],
    "past_keys": CACHE,
    "past_values": CACHE,
    "present_keys": CACHE,
    "present_values": CACHE,
}


class MemoryGraph(nn.Module):
    """What memory.onnx computes."""

    def __init__(self, describer: Describer) -> None:
        super().__init__()
        self.memory, self.layers = describer.memory, describer.layers

    def forward(self, grid: Tensor, logits: Tensor, vectors: Tensor) -> tuple[Tensor, ...]:
        slots, _, nouns = self.memory(grid, *self.memory.top_labels(logits), vectors)
        pairs = [layer.cross.remember(slots) for layer in self.layers]
        keys, values = (torch.stack(side, 1) for side in zip(*pairs, strict=True))
        return keys, values, nouns, self.memory.patches(grid)


class DecoderGraph(nn.Module):
    """What decoder.onnx computes."""

    def __init__(self, describer: Describer) -> None:
        super().__init__()
        self.layers, self.norm, self.bias = describer.layers, describer.norm, describer.bias
        self.positions = describer.positions
        self.table = nn.Parameter(describer.table().detach())
        written = describer.learned[: describer.config.outputs]
        self.written = nn.Parameter(written.detach().T.contiguous())

    def forward(
        self, tokens: Tensor, past_keys: Tensor, past_values: Tensor, keys: Tensor, values: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        past, count = past_keys.shape[3], tokens.shape[1]
        x = F.embedding(tokens, self.table) + self.positions[past : past + count]
        causal = causal_mask(past, count, keys)
        own = []
        for i, layer in enumerate(self.layers):
            before = past_keys[:, i], past_values[:, i]
            x, pair = layer(x, (keys[:, i], values[:, i]), None, causal, before)
            own.append(pair)
        present_keys, present_values = (torch.stack(side, 1) for side in zip(*own, strict=True))
        return self.norm(x) @ self.written + self.bias, present_keys, present_values


def memory_graph(describer: Describer, work: Path) -> onnx.ModelProto:
    config = describer.config
    inputs = (
        torch.zeros(2, config.cells, config.channels),
        torch.zeros(2, len(describer.memory.labels)),
        torch.zeros(2, config.space),
    )
    trace(MemoryGraph(describer), inputs, work, "grid logits vectors", "keys values nouns patches")
    return onnx.load(work)


def decoder_graph(describer: Describer, work: Path) -> onnx.ModelProto:
    config = describer.config
    width = config.dim // config.heads
    past = torch.zeros(2, config.layers, config.heads, 3, width)
    keys = torch.zeros(1, config.layers, config.heads, config.slots, width)
    inputs = (torch.zeros(2, 2, dtype=torch.int64), past, past, keys, keys)
    names = "tokens past_keys past_values keys values", "logits present_keys present_values"
    trace(DecoderGraph(describer), inputs, work, *names)
    return onnx.load(work)


def stored(model: onnx.ModelProto, eighths: bool) -> onnx.ModelProto:
    """Matrices in 8 or 16 bits; tables that are looked up in 8, with a scale for each row."""
    model = fold(model)
    if eighths:
        eight_bit_products(model)
    looked_up = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}

    def choose(name: str, values: np.ndarray):
        if values.ndim != 2 or name.endswith(".scales"):
            return None
        return eight_table if name in looked_up else half

    shrink(model, choose)
    return model


def trace(module: nn.Module, example: tuple, path: Path, inputs: str, outputs: str) -> None:
    taken, given = inputs.split(), outputs.split()
    axes = {name: {i: a for i, a in enumerate(AXES[name]) if a} for name in (*taken, *given)}
    if "tokens" in taken:
        axes |= {"logits": {0: "b", 1: "t"}, "keys": {0: "m"}, "values": {0: "m"}}
        axes |= {name: {0: "b", 3: "all"} for name in given if name.startswith("present")}
    torch.onnx.export(
        module.eval(),
        example,
        path,
        input_names=taken,
        output_names=given,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def export_describer(describer: Describer, out: Path, *, eighths: bool = True) -> None:
    """Write both files into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "graph.onnx"
        onnx.save(stored(memory_graph(describer, work), eighths), out / "memory.onnx")
        onnx.save(stored(decoder_graph(describer, work), eighths), out / "decoder.onnx")


def noun_facts() -> dict[str, object]:
    """Forms, kinds and uncounted nouns for words.json."""
    return {
        "names": {form: found.noun for form, found in FORMS.items() if form != found.noun},
        "wider": {noun.name: noun.wider for noun in LEXICON.values() if noun.wider},
        "mass": [noun.name for noun in LEXICON.values() if noun.mass],
    }


def main() -> None:
    from extract_texts import label_order  # needs the text tower, the rest of this file does not

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--describer", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--halves", action="store_true", help="16 bits for matrices instead of 8")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    export_describer(read_describer(args.describer), args.out, eighths=not args.halves)
    words = json.loads(args.words.read_text(encoding="utf-8")) | noun_facts()
    words["labels"] = [label.lower() for label in label_order(args.data)]
    (args.out / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    write_manifest(args.out)
    for name in ("memory.onnx", "decoder.onnx", "words.json"):
        print(f"{name:20s} {(args.out / name).stat().st_size / 1e6:6.1f} MB")


if __name__ == "__main__":
    main()
