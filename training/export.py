"""Heads and frozen towers -> the ONNX files that are shipped.

    python training/export.py --features FOLDER --heads heads.safetensors --out vlm/starter/files

image.onnx takes uint8 RGB `pixels` (n, 256, 256, 3), text.onnx takes int64 `input_ids` and
`attention_mask` (n, t); both give float32 `vectors` (n, 768) of unit length: sqrt(1 - w) of the
learned half and sqrt(w) of the ConSE half. image.onnx also gives what the describer reads: the
cells `grid` (n, 64, 403) and ImageNet's `logits` (n, 1000).
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from backbone import SIZE, Backbone, low_statistics
from conse import ConsePhoto, ConseText, join
from eight_bits import eight_bit_products
from fast_attention import hasten
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
from graph_edits import attributes
from graphs import eight_table, export, half, shrink
from heads import DualHeads, read_heads
from manifest import write_manifest
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from safetensors.torch import load_file
from text_tower import ShortEmbeddings, TextTower, load_tokenizer, tokens
from text_tower import folder as minilm
from torch import Tensor, nn


class ImageSide(nn.Module):
    """Pixels to the shipped vector, the cells and the logits."""

    def __init__(self, heads: DualHeads, labels: Tensor) -> None:
        super().__init__()
        self.backbone, self.heads, self.conse = Backbone(), heads, ConsePhoto(labels)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        pooled, cells, low, logits = self.backbone(pixels)
        features = torch.cat([pooled, low_statistics(low)], 1)
        grid = torch.cat([cells, low], 1).transpose(1, 2)
        learned = self.heads.photos(features, grid)
        return join(learned, self.conse(logits)), grid, logits


class TextSide(nn.Module):
    """Token ids and mask to the shipped vector."""

    def __init__(self, heads: DualHeads, labels: Tensor) -> None:
        super().__init__()
        self.tower, self.heads, self.conse = TextTower(), heads, ConseText(labels)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        sentence = self.tower(input_ids, attention_mask)
        return join(self.heads.text(sentence), self.conse(sentence))


def image_graph(side: ImageSide, work: Path) -> onnx.ModelProto:
    example = torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)
    hasten(side.heads)
    export(side, (example,), work, {"pixels": ["n"]}, ["vectors", "grid", "logits"])
    model = fold(onnx.load(work))
    fold_pixels(model)
    drop_expands(model)
    fold_flattens(model)
    pool_globally(model)
    eight_bit_products(model, vectors_only=True)
    # Statistics of the features stay exact: they are small, and deviations reach 1e-3.
    shrink(model, lambda name, values: half if values.ndim > 1 else None)
    pools = [node for node in model.graph.node if node.op_type == "AveragePool"]
    # The maps before stage 3 are the large ones; it is the one that is pooled four by four.
    (stage_3,) = (n.input[0] for n in pools if attributes(n)["kernel_shape"] == [4, 4])
    one_by_one(model, [stage_3, *(n.output[0] for n in pools)])
    return model


def text_graph(side: TextSide, work: Path) -> onnx.ModelProto:
    example = tokens(load_tokenizer(), ["a dog", "a black cat on a mat"])
    axes = ["n", "t"]
    side.tower.bert.embeddings = ShortEmbeddings(side.tower.bert.embeddings)
    export(side, example, work, {"input_ids": axes, "attention_mask": axes}, ["vectors"])
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # it would need the word table in fp32
    fused = optimize_model(
        str(work), "bert", 12, 384, optimization_options=options, opt_level=0, use_gpu=False
    )
    model = fold(fused.model)
    drop_expands(model)
    split_attention(model)
    open_norms(model)
    eight_bit_products(model)
    looked_up = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}

    shrink(model, lambda name, values: eight_table if name in looked_up else None)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--heads", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    heads = read_heads(load_file(args.heads))
    labels = torch.from_numpy(np.load(args.features / "labels.texts.npy"))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "graph.onnx"
        model = image_graph(ImageSide(heads, labels), work)
        onnx.save(model, args.out / "image.onnx")
        model = text_graph(TextSide(heads, labels), work)
        onnx.save(model, args.out / "text.onnx")
    shutil.copyfile(minilm() / "tokenizer.json", args.out / "tokenizer.json")
    for path in sorted(args.out.glob("*")):
        print(f"{path.name:20s} {path.stat().st_size / 1e6:6.1f} MB")
    write_manifest(args.out)


if __name__ == "__main__":
    main()
