"""Vectors of the training photos, by heads that have not seen them.

    python training/cross_fit.py --features FOLDER --heads heads.safetensors

The finished heads know their training photos by heart: among 1,000 of those a caption finds its own
first more than twice as often as among 1,000 others. A describer that learned from such vectors
would trust them too much. So photos are dealt into folds, and for each fold an image head learns
from the others, towards the finished heads' text vectors, which keeps all in one space. Labelled
photos keep the finished heads' vectors (`embed.py`): there is one a class, and a head that has not
seen it knows nothing of the class.
Writes NAME.vectors.npy (views, photos, 768) fp16 for each set that has captions.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from conse import ConsePhoto, join
from flags import read_flags
from heads import DIM, DualHeads, Member, read_heads
from photo_sets import PhotoSet, chunks, load_texts, read_rows, with_captions
from safetensors.torch import load_file
from torch import Tensor, nn
from train_dual_encoder import Config as DualEncoder
from train_dual_encoder import Sets, read_sets, train_member

Rows = dict[str, np.ndarray]
"""For each set which photos of its file are learned from; a photo's row says its fold."""


@dataclass(frozen=True)
class Config:
    """One run; every field is a flag."""

    seed: int = 0
    folds: int = 4
    epochs: int = 40
    research: int = 1
    """0: as in `train_dual_encoder.py`."""


@torch.no_grad()
def with_texts_of(heads: DualHeads, sets: Sets) -> Sets:
    """The same photos with the finished text vectors of their captions."""

    def told(photos: PhotoSet) -> PhotoSet:
        texts = heads.text(photos.texts.flatten(0, 1))
        return replace(photos, texts=texts.unflatten(0, photos.texts.shape[:2]))

    extra, things = sets.extra and told(sets.extra), sets.things and told(sets.things)
    return Sets(told(sets.main), extra, things, heads.text(sets.labels))


def train_fold(config: Config, sets: Sets, rows: Rows, fold: int) -> Member:
    """An image head that has seen no photo of this fold."""

    def others(photos: PhotoSet, name: str) -> PhotoSet:
        return photos.part(np.flatnonzero(rows[name] % config.folds != fold))

    extra = sets.extra and others(sets.extra, "coco")
    main = others(sets.main, "train" if config.research else "coco")
    how = DualEncoder(seed=config.seed + fold)
    own = Sets(main, extra, sets.things, sets.labels)
    return train_member(how, own, config.epochs, attentive=False, text=nn.Identity())


@torch.no_grad()
def embed_view(
    members: list[Member], conse: ConsePhoto, folder: Path, name: str, view: int
) -> Tensor:
    """Joint vectors `(n, 768)` of one view of a set, each by the head that has not seen it."""
    parts, row = [], 0
    for features, grid, logits in chunks(folder, name, view):
        vectors = torch.stack([member.photos(features, grid) for member in members])
        rows = torch.arange(len(features))
        learned = vectors[(rows + row) % len(members), rows]
        parts.append(join(learned, conse(logits)))
        row += len(features)
    return torch.cat(parts)


def closeness(folder: Path, name: str) -> float:
    """Mean cosine of photos and the mean of their five captions, in the learned half."""
    photos = np.load(folder / f"{name}.vectors.npy", mmap_mode="r")[0, :, :DIM].astype(np.float32)
    texts = np.load(folder / f"{name}-captions.vectors.npy")[:, :DIM]
    texts = texts.reshape(len(photos), 5, DIM).mean(1)
    lengths = np.linalg.norm(photos, axis=1) * np.linalg.norm(texts, axis=1)
    return float(((photos * texts).sum(1) / lengths).mean())


def main() -> None:
    config, (folder, given) = read_flags(Config, __doc__, "features", "heads")
    print(config)
    heads, labels = read_heads(load_file(given)), load_texts(folder, "labels")
    sets = with_texts_of(heads, read_sets(folder, DualEncoder(research=config.research)))
    rows = {"train": np.arange(len(read_rows(folder, "train")))}
    rows["coco"] = np.array(with_captions(folder))
    members = []
    for fold in range(config.folds):
        print(f"fold {fold + 1} of {config.folds}", flush=True)
        members.append(train_fold(config, sets, rows, fold))
    conse = ConsePhoto(labels)
    for name in rows:
        views = np.load(folder / f"{name}.logits.npy", mmap_mode="r").shape[0]
        vectors = [embed_view(members, conse, folder, name, view) for view in range(views)]
        np.save(folder / f"{name}.vectors.npy", torch.stack(vectors).half().numpy())
    near = {name: closeness(folder, name) for name in ("train", "dev")}
    print(f"mean cosine of photos and their captions: {near}")


if __name__ == "__main__":
    main()
