"""Cached features and trained heads -> joint vectors of every text, of labelled and of dev photos.

    python training/embed.py --features FOLDER --heads heads.safetensors

Writes NAME.vectors.npy: (views, photos, 768) fp16 for photos, (texts, 768) fp32 for texts. The
vectors of photos with captions that are learned from come from `cross_fit.py`.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from conse import ConsePhoto, ConseText, join
from heads import DualHeads, read_heads
from photo_sets import chunks
from safetensors.torch import load_file
from torch import Tensor

PHOTOS = ("dev", "imagenet")
TEXTS = ("train-captions", "dev-captions", "coco-captions", "coco-text", "labels")


@torch.no_grad()
def embed_view(
    heads: DualHeads, conse: ConsePhoto, folder: Path, name: str, view: int
) -> np.ndarray:
    """Joint vectors (n, 768) of one view of a set of photos."""
    rows = [
        join(heads.photos(features, grid), conse(logits)).numpy()
        for features, grid, logits in chunks(folder, name, view)
    ]
    return np.concatenate(rows)


@torch.no_grad()
def embed_texts(heads: DualHeads, conse: ConseText, sentences: Tensor) -> np.ndarray:
    """Joint vectors (n, 768) of sentence vectors (n, 384)."""
    vectors: np.ndarray = join(heads.text(sentences), conse(sentences)).numpy()
    return vectors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--heads", type=Path, required=True)
    args = parser.parse_args()
    folder, heads = args.features, read_heads(load_file(args.heads))
    labels = torch.from_numpy(np.load(folder / "labels.texts.npy"))
    photos, texts = ConsePhoto(labels), ConseText(labels)
    for name in PHOTOS:
        views = np.load(folder / f"{name}.logits.npy", mmap_mode="r").shape[0]
        found = [embed_view(heads, photos, folder, name, view) for view in range(views)]
        np.save(folder / f"{name}.vectors.npy", np.stack(found).astype(np.float16))
    for name in TEXTS:
        sentences = torch.from_numpy(np.load(folder / f"{name}.texts.npy"))
        np.save(folder / f"{name}.vectors.npy", embed_texts(heads, texts, sentences))


if __name__ == "__main__":
    main()
