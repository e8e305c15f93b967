"""Train the heads on cached features and keep them as a safetensors file.

    python training/train_dual_encoder.py --features FOLDER --out heads.safetensors

Symmetric InfoNCE (Radford et al. 2021, CLIP) between photos and captions, on Flickr8k train plus,
in each step, ImageNet samples with their label prompts and the captioned COCO photos; and
distillation: a photo's distribution over the label texts follows the ImageNet classifier's.
Numbers are printed on Flickr8k dev, the only set that choices are made on.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from conse import TEMPERATURE
from flags import read_flags
from heads import DIM, DualHeads, Member, principal_axes
from photo_sets import PhotoSet, captioned, labelled, load_texts, photos_of
from retrieval_report import report
from safetensors.torch import save_file
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    """How the two members are trained; every field is a flag."""

    seed: int = 0
    pooled_epochs: int = 200
    attentive_epochs: int = 40
    batch: int = 1000
    rate: float = 1e-3
    weight_decay: float = 0.5
    hidden: int = 1024
    dropout: float = 0.5
    input_dropout: float = 0.3
    labels: int = 200  # ImageNet samples in a step
    coco: int = 80  # COCO photos in a step
    distil: float = 0.3
    research: int = 1
    """0: nothing of Flickr8k or ImageNet's samples, the captioned COCO photos only."""


@dataclass(frozen=True)
class Sets:
    """What a step is drawn from; `extra` and `things` are left out where they are not used."""

    main: PhotoSet
    extra: PhotoSet | None
    things: PhotoSet | None
    labels: Tensor


def contrast(scores: Tensor) -> Tensor:
    """Symmetric InfoNCE of a square of scores whose diagonal holds the pairs."""
    target = torch.arange(len(scores))
    return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2


def batches(n: int, size: int) -> Iterator[Tensor]:
    order = torch.randperm(n)
    for start in range(0, n - size + 1, size):
        yield order[start : start + size]


def step_loss(member: Member, sets: Sets, rows: Tensor, config: Config) -> Tensor:
    cells = member.attention is not None
    parts = [sets.main.sample(rows, cells)]
    if sets.things is not None:
        parts.append(sets.things.sample(torch.randperm(len(sets.things))[: config.labels], cells))
    if sets.extra is not None:
        parts.append(sets.extra.sample(torch.randperm(len(sets.extra))[: config.coco], cells))
    features, grid, logits, texts = (torch.cat(x) for x in zip(*parts, strict=True))
    with torch.autocast("cpu", torch.bfloat16, enabled=cells):
        photos = member.photos(features, grid).float()
    loss = contrast(member.scale * photos @ member.text(texts).T)
    guess = (member.scale * photos @ member.text(sets.labels).T).log_softmax(-1)
    teacher = (logits / TEMPERATURE).softmax(-1)
    return loss + config.distil * F.kl_div(guess, teacher, reduction="batchmean")


def train_member(
    config: Config, sets: Sets, epochs: int, *, attentive: bool, text: nn.Module | None = None
) -> Member:
    """Train an image head, and a text head beside it where none is given."""
    torch.manual_seed(config.seed)
    cells = sets.main.cell_statistics() if attentive else None
    member = Member(
        sets.main.statistics(), cells, config.hidden, config.dropout, config.input_dropout
    ).train()
    if text is not None:
        member.text = text
    batch = min(config.batch, len(sets.main))
    steps = epochs * (len(sets.main) // batch)
    optimiser = torch.optim.AdamW(
        member.parameters(), lr=config.rate, weight_decay=config.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, config.rate, total_steps=steps, pct_start=0.1
    )
    began = time.perf_counter()
    for epoch in range(epochs):
        for rows in batches(len(sets.main), batch):
            loss = step_loss(member, sets, rows, config)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        if (epoch + 1) % 20 == 0:
            print(
                f"  epoch {epoch + 1} of {epochs}, {time.perf_counter() - began:.0f} s, "
                f"loss {loss.item():.3f}, temperature {1 / member.scale.item():.3f}",
                flush=True,
            )
    return member.eval()


@torch.no_grad()
def join_members(members: list[Member], photos: PhotoSet) -> DualHeads:
    """Put the members' vectors side by side and keep the axes that matter on the training set.

    Half of the photos and a caption of each are enough to tell; of a small set, all there is.
    """
    (features, grid), texts = photos.plain(), photos.texts[:, 0]
    if len(features) + len(texts) < DIM:
        views = [photos.rows(view, np.arange(len(photos))) for view in range(len(photos.pooled))]
        features, grid = (torch.cat(parts) for parts in list(zip(*views, strict=True))[:2])
        texts = photos.texts.flatten(0, 1)
    images = torch.cat([member.photos(features, grid) for member in members], 1)
    captions = torch.cat([member.text(texts) for member in members], 1)
    return DualHeads(members, principal_axes(images, captions)).eval()


def read_sets(folder: Path, config: Config) -> Sets:
    labels = load_texts(folder, "labels")
    if not config.research:
        return Sets(captioned(folder), None, None, labels)
    extra = captioned(folder) if config.coco else None
    things = labelled(folder) if config.labels else None
    return Sets(photos_of(folder, "train"), extra, things, labels)


def train(config: Config, sets: Sets) -> DualHeads:
    print("pooled member", flush=True)
    pooled = train_member(config, sets, config.pooled_epochs, attentive=False)
    print("attentive member", flush=True)
    other = replace(config, seed=config.seed + 1)
    attentive = train_member(other, sets, config.attentive_epochs, attentive=True)
    return join_members([pooled, attentive], sets.main)


def main() -> None:
    config, (folder, out) = read_flags(Config, __doc__, "features", "out")
    print(config)
    heads = train(config, read_sets(folder, config))
    report(heads, folder)
    save_file({k: v.contiguous() for k, v in heads.state_dict().items()}, out)


if __name__ == "__main__":
    main()
