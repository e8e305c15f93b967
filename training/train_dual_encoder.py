"""Train the two heads on cached features and keep them as a safetensors file.

    python training/train_dual_encoder.py --features FOLDER --out heads.safetensors

Symmetric InfoNCE (Radford et al. 2021, CLIP) between photos and captions, on Flickr8k train plus,
in each step, ImageNet samples with their label prompts and the captioned COCO photos; and
distillation: a photo's distribution over the label texts follows the ImageNet classifier's.
Numbers are printed on Flickr8k dev, the only set that choices are made on.
"""

import argparse
import dataclasses
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from conse import TEMPERATURE, ConsePhoto, ConseText
from heads import DualHeads
from retrieval import line, ranks
from safetensors.torch import save_file
from torch import Tensor


@dataclass(frozen=True)
class Config:
    """One training run; every field is a flag."""

    seed: int = 0
    order_seed: int = -1  # other batches from the same initial weights, to average runs
    epochs: int = 60
    batch: int = 1000
    rate: float = 1e-3
    weight_decay: float = 0.5
    hidden: int = 1024
    dropout: float = 0.5
    input_dropout: float = 0.3
    labels: int = 200  # ImageNet samples in a step
    coco: int = 80  # COCO photos in a step
    distil: float = 0.3
    text_pairs: int = 0  # caption sets in a step, text against text
    text_weight: float = 0.1
    views: int = 5


@dataclass(frozen=True)
class PhotoSet:
    """Photos and their texts: photo i owns `texts[i]`, `(photos, captions, 384)`."""

    features: Tensor  # (views, photos, 1382)
    logits: Tensor  # (views, photos, 1000)
    texts: Tensor

    def sample(self, rows: Tensor, views: int = 99) -> tuple[Tensor, Tensor, Tensor]:
        """Features, logits and one caption for each row, each from a random view."""
        view = torch.randint(0, min(views, len(self.features)), (len(rows),))
        caption = torch.randint(0, self.texts.shape[1], (len(rows),))
        return (
            self.features[view, rows].float(),
            self.logits[view, rows].float(),
            self.texts[rows, caption],
        )


def load(folder: Path, name: str) -> tuple[Tensor, Tensor]:
    features = np.load(folder / f"{name}.features.npy")
    return torch.from_numpy(features), torch.from_numpy(np.load(folder / f"{name}.logits.npy"))


def load_texts(folder: Path, name: str) -> Tensor:
    return torch.from_numpy(np.load(folder / f"{name}.texts.npy"))


def flickr(folder: Path, split: str) -> PhotoSet:
    features, logits = load(folder, f"flickr-{split}")
    texts = load_texts(folder, f"flickr-{split}").view(features.shape[1], -1, 384)
    return PhotoSet(features, logits, texts)


def coco(folder: Path) -> PhotoSet:
    """The captioned COCO photos; the others are distractors for measuring only."""
    features, logits = load(folder, "coco")
    rows = json.loads((folder / "coco.json").read_text())
    captioned = [i for i, row in enumerate(rows) if row.get("captions")]
    texts = load_texts(folder, "coco").view(len(captioned), -1, 384)
    return PhotoSet(features[:, captioned], logits[:, captioned], texts)


def imagenet(folder: Path) -> PhotoSet:
    features, logits = load(folder, "imagenet")
    wnids = [row["wnid"] for row in json.loads((folder / "imagenet.json").read_text())]
    order = {wnid: i for i, wnid in enumerate(sorted(wnids))}
    labels = load_texts(folder, "labels")
    return PhotoSet(features, logits, labels[[order[w] for w in wnids], None])


def caption_sets(folder: Path) -> Tensor:
    """COCO captions without photos, `(sets, 5, 384)`; sets of fewer than five are left out."""
    texts = load_texts(folder, "coco-text")
    owner = np.load(folder / "coco-text.owner.npy")
    full = np.flatnonzero(np.bincount(owner) == 5)
    return torch.stack([texts[owner == i] for i in full])


def contrast(scores: Tensor) -> Tensor:
    """Symmetric InfoNCE of a square of scores whose diagonal holds the pairs."""
    target = torch.arange(len(scores))
    return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2


def batches(n: int, size: int) -> Iterator[Tensor]:
    order = torch.randperm(n)
    for start in range(0, n - size + 1, size):
        yield order[start : start + size]


def train(config: Config, folder: Path) -> DualHeads:
    main, extra, labelled = flickr(folder, "train"), coco(folder), imagenet(folder)
    labels = load_texts(folder, "labels")
    sentences = caption_sets(folder) if config.text_pairs else None
    plain = main.features[0].float()
    torch.manual_seed(config.seed)
    heads = DualHeads(
        plain.mean(0),
        plain.std(0) + 1e-3,
        config.hidden,
        config.dropout,
        config.input_dropout,
    )
    if config.order_seed >= 0:
        torch.manual_seed(1000 + config.order_seed)
    steps = config.epochs * (main.features.shape[1] // config.batch)
    optimiser = torch.optim.AdamW(
        heads.parameters(), lr=config.rate, weight_decay=config.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, config.rate, total_steps=steps, pct_start=0.1
    )
    heads.train()
    for _ in range(config.epochs):
        for rows in batches(main.features.shape[1], config.batch):
            parts = [main.sample(rows, config.views)]
            if config.labels:
                parts.append(labelled.sample(torch.randperm(1000)[: config.labels]))
            if config.coco:
                parts.append(extra.sample(torch.randperm(extra.texts.shape[0])[: config.coco]))
            features, logits, texts = (torch.cat(x) for x in zip(*parts, strict=True))
            images = heads.image(features)
            loss = contrast(heads.scale * images @ heads.text(texts).T)
            if config.distil:
                guess = (heads.scale * images @ heads.text(labels).T).log_softmax(-1)
                teacher = (logits / TEMPERATURE).softmax(-1)
                loss = loss + config.distil * F.kl_div(guess, teacher, reduction="batchmean")
            if sentences is not None:
                chosen = sentences[torch.randperm(len(sentences))[: config.text_pairs]]
                two = torch.rand(chosen.shape[:2]).argsort(1)[:, :2]
                left, right = (chosen[torch.arange(len(chosen)), two[:, i]] for i in (0, 1))
                scores = heads.scale * heads.text(left) @ heads.text(right).T
                loss = loss + config.text_weight * contrast(scores)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return heads.eval()


@torch.no_grad()
def report(heads: DualHeads, folder: Path, share: float) -> None:
    """Print R@1/5/10 on Flickr8k dev: learned half, ConSE half, and both as shipped."""
    labels = load_texts(folder, "labels")
    photos, words = ConsePhoto(labels), ConseText(labels)

    def show(name: str, images: PhotoSet, texts: Tensor, owner: np.ndarray) -> None:
        learned = heads.image(images.features[0].float()), heads.text(texts)
        other = photos(images.logits[0].float()), words(texts)
        both = [
            torch.cat([(1 - share) ** 0.5 * a, share**0.5 * b], 1)
            for a, b in zip(learned, other, strict=True)
        ]
        for kind, (i, t) in {"learned": learned, "ConSE": other, "both": both}.items():
            print(line(f"{name}, {kind}", ranks(i.numpy(), t.numpy(), owner)))

    dev = flickr(folder, "dev")
    show("Flickr8k dev", dev, dev.texts.flatten(0, 1), np.repeat(np.arange(1000), 5))
    small = coco(folder)
    features, logits = load(folder, "coco")
    rows = json.loads((folder / "coco.json").read_text())
    owner = np.repeat([i for i, row in enumerate(rows) if row.get("captions")], 5)
    everything = PhotoSet(features, logits, small.texts)
    show("COCO 80 of 208", everything, small.texts.flatten(0, 1), owner)
    things = imagenet(folder)
    show("ImageNet samples", things, things.texts[:, 0], np.arange(1000))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--share", type=float, default=0.3, help="share of the ConSE half")
    for field in dataclasses.fields(Config):
        flag = "--" + field.name.replace("_", "-")
        parser.add_argument(flag, type=type(field.default), default=field.default)
    args = vars(parser.parse_args())
    folder, out, share = args.pop("features"), args.pop("out"), args.pop("share")
    config = Config(**args)
    began = time.perf_counter()
    heads = train(config, folder)
    print(config)
    print(f"{time.perf_counter() - began:.0f} s, temperature {1 / heads.scale.item():.3f}")
    report(heads, folder, share)
    if out:
        save_file({k: v.contiguous() for k, v in heads.state_dict().items()}, out)


if __name__ == "__main__":
    main()
