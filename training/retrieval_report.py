"""Recall of trained heads on Flickr8k dev, among the COCO photos, and for ImageNet's labels."""

from pathlib import Path

import numpy as np
import torch
from conse import ConsePhoto, ConseText, join
from embed import SHARE, load_set
from heads import DualHeads
from photo_sets import load_texts, read_rows, with_captions
from retrieval import line, ranks
from torch import Tensor


@torch.no_grad()
def report(heads: DualHeads, folder: Path, share: float = SHARE) -> None:
    """Print R@1/5/10: learned half, ConSE half, and both as shipped."""
    labels = load_texts(folder, "labels")
    wnids = [row["wnid"] for row in read_rows(folder, "imagenet")]
    order = np.argsort(np.argsort(wnids))
    for name, shown, texts, owner in (
        ("dev", "Flickr8k dev", load_texts(folder, "dev-captions"), np.repeat(np.arange(1000), 5)),
        ("coco", "COCO 80 of 208", load_texts(folder, "coco-captions"),
         np.repeat(with_captions(folder), 5)),
        ("imagenet", "ImageNet samples", labels[torch.from_numpy(order)], np.arange(1000)),
    ):  # fmt: skip
        for kind, (i, t) in halves(heads, labels, folder, name, texts, share).items():
            print(line(f"{shown}, {kind}", ranks(i.numpy(), t.numpy(), owner)), flush=True)


def halves(
    heads: DualHeads, labels: Tensor, folder: Path, name: str, texts: Tensor, share: float
) -> dict[str, tuple[Tensor, Tensor]]:
    """Vectors of a set's plain photos and of texts: the two halves and both."""
    learned, logits = [], []
    count = np.load(folder / f"{name}.logits.npy", mmap_mode="r").shape[1]
    for start in range(0, count, 500):
        features, grid, found = load_set(folder, name, 0, slice(start, start + 500))
        learned.append(heads.photos(features, grid))
        logits.append(found)
    mine = torch.cat(learned), heads.text(texts)
    other = ConsePhoto(labels)(torch.cat(logits)), ConseText(labels)(texts)
    both = tuple(join(a, b, share) for a, b in zip(mine, other, strict=True))
    return {"learned": mine, "ConSE": other, "both": (both[0], both[1])}
