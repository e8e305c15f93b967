"""Recall of trained heads on Flickr8k dev, among the COCO photos, and for ImageNet's labels."""

from pathlib import Path

import numpy as np
import torch
from conse import ConsePhoto, ConseText, join
from heads import DualHeads
from photo_sets import chunks, load_texts, sample_labels, with_captions
from retrieval import line, ranks
from torch import Tensor


@torch.no_grad()
def report(heads: DualHeads, folder: Path) -> None:
    """Print R@1/5/10: learned half, ConSE half, and both as shipped."""
    labels = load_texts(folder, "labels")
    captions = {name: load_texts(folder, f"{name}-captions") for name in ("dev", "coco")}
    own, things = with_captions(folder), sample_labels(folder)
    dev = np.repeat(np.arange(len(captions["dev"]) // 5), 5)
    for name, shown, texts, owner in (
        ("dev", "Flickr8k dev", captions["dev"], dev),
        ("coco", f"COCO, {len(own)} with captions", captions["coco"], np.repeat(own, 5)),
        ("imagenet", "ImageNet samples", things, np.arange(len(things))),
    ):
        for kind, (i, t) in halves(heads, labels, folder, name, texts).items():
            print(line(f"{shown}, {kind}", ranks(i.numpy(), t.numpy(), owner)), flush=True)


def halves(
    heads: DualHeads, labels: Tensor, folder: Path, name: str, texts: Tensor
) -> dict[str, tuple[Tensor, Tensor]]:
    """Vectors of a set's plain photos and of texts: the two halves and both."""
    learned, conse = [], []
    of_photos, of_texts = ConsePhoto(labels), ConseText(labels)
    for features, grid, logits in chunks(folder, name, 0):
        learned.append(heads.photos(features, grid))
        conse.append(of_photos(logits))
    mine = torch.cat(learned), heads.text(texts)
    other = torch.cat(conse), of_texts(texts)
    both = join(mine[0], other[0]), join(mine[1], other[1])
    return {"learned": mine, "ConSE": other, "both": both}
