"""Train the describer on cached features: captions, answers and nouns together.

    python training/train_describer.py --data DATA --features FOLDER --out describer.safetensors

Each step takes photos of Flickr8k, a few of COCO and of ImageNet, and captions without photos,
for which the vector of their text stands in (as in CapDec, Nukrai et al. 2022) with noise as large
as the gap between a photo and its caption. Word losses are smoothed; the weights kept are an
exponential average. `reward.py` goes on from there. Numbers are printed on Flickr8k dev.
"""

import argparse
import dataclasses
import json
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from cider import Cider
from decoder import Config as Sizes
from decoder import Describer
from describer_data import Lessons, prepare
from export_describer import save_describer
from nouns import NOUNS
from torch import Tensor
from words import ANSWER, CAPTION, END, Words, padded, word_vectors


@dataclass(frozen=True)
class Config:
    """One training run; every field is a flag."""

    seed: int = 0
    steps: int = 1000
    photos: int = 80
    coco: int = 4
    labels: int = 6
    texts: int = 40
    captions: int = 3
    questions: int = 3
    rate: float = 1e-3
    warm_up: int = 150
    weight_decay: float = 0.05
    smoothing: float = 0.05
    dropout: float = 0.15
    average: float = 0.998
    noun_weight: float = 10.0
    noise: float = 0.7
    """Share of the distance between photos and their captions that the noise on a text makes up."""


@dataclass(frozen=True)
class Batch:
    """What is known of n photos; rows that are not `seen` have no grid."""

    grid: Tensor
    label_texts: Tensor
    label_shares: Tensor
    vectors: Tensor
    seen: Tensor
    nouns: Tensor
    captions: Tensor
    questions: Tensor


class Teacher:
    """Draws batches out of the sets; `rng` decides everything."""

    def __init__(self, sets: dict[str, Lessons], labels: Tensor, spread: float, seed: int) -> None:
        self.sets, self.labels, self.spread = sets, labels, spread
        self.rng = np.random.default_rng(seed)
        self.queues: dict[str, list[int]] = {name: [] for name in sets}

    def rows(self, name: str, count: int) -> np.ndarray:
        """The next photos of a set; every photo comes once before any comes again."""
        queue = self.queues[name]
        while len(queue) < count:
            queue.extend(self.rng.permutation(len(self.sets[name])).tolist())
        taken, self.queues[name] = queue[:count], queue[count:]
        return np.array(taken)

    def features(self, name: str, rows: np.ndarray, plain: bool = False) -> tuple[Tensor, ...]:
        """Grid, label texts, label shares and vectors of photos, each from a random view."""
        features = self.sets[name].features
        if "grid" not in features:
            vectors = torch.from_numpy(features["vectors"][0, rows])
            noise = torch.from_numpy(self.rng.normal(size=vectors.shape).astype(np.float32))
            vectors = vectors + noise * self.spread / math.sqrt(vectors.shape[1])
            texts = self.labels[features["label_rows"][rows]]
            shares = features["label_shares"][rows]
            grid = torch.zeros(len(rows), 64, 403)
            return grid, texts, shares, F.normalize(vectors, dim=-1)
        views = features["grid"].shape[0]
        view = np.zeros(len(rows), int) if plain else self.rng.integers(0, views, len(rows))
        parts = [np.asarray(features[k][view, rows]) for k in ("grid", "low", "logits", "vectors")]
        cells, low, logits, vectors = (torch.from_numpy(p).float() for p in parts)
        shares, top = logits.softmax(-1).topk(5)
        return torch.cat([cells, low], 1).transpose(1, 2), self.labels[top], shares, vectors

    def texts(self, lists: list[list[list[int]]], rows: np.ndarray, count: int) -> list[list[int]]:
        """`count` texts for each row, without repeating any before all were used."""
        out = []
        for row in rows:
            own = lists[row]
            if not own:
                out += [[0, 0]] * count
                continue
            order = self.rng.permutation(len(own))
            out += [own[order[i % len(own)]] for i in range(count)]
        return out


def batch(teacher: Teacher, config: Config, end: int) -> Batch:
    parts, captions, questions, nouns, seen = [], [], [], [], []
    for name, count in (
        ("train", config.photos),
        ("coco", config.coco),
        ("labels", config.labels),
        ("texts", config.texts),
    ):
        if not count:
            continue
        lessons, rows = teacher.sets[name], teacher.rows(name, count)
        parts.append(teacher.features(name, rows))
        captions += teacher.texts(lessons.captions, rows, config.captions)
        questions += teacher.texts(lessons.questions, rows, config.questions)
        nouns.append(lessons.nouns[rows])
        seen.append(torch.full((count,), name != "texts"))
    grid, texts, shares, vectors = (torch.cat(x) for x in zip(*parts, strict=True))
    return Batch(
        grid, texts, shares, vectors, torch.cat(seen), torch.cat(nouns),
        padded(captions, -1), padded(questions, -1),
    )  # fmt: skip


def word_loss(
    describer: Describer,
    tokens: Tensor,
    memory: Tensor,
    mask: Tensor,
    start: Tensor,
    smoothing: float,
) -> Tensor:
    """Mean cross entropy of the words after the token `start` of each row (-1 pads)."""
    inputs, wanted = tokens[:, :-1].clamp(min=0), tokens[:, 1:]
    after = (tokens[:, :-1] == start).cumsum(1) > 0
    wanted = wanted.masked_fill(~after, -1)
    wanted = wanted.masked_fill(wanted >= describer.config.outputs, -1)
    states = describer.states(inputs, memory, mask, len(tokens) // len(memory))
    kept = wanted >= 0
    logits = describer.logits(states[kept])
    return F.cross_entropy(logits.float(), wanted[kept], label_smoothing=smoothing)


def step_loss(
    describer: Describer, b: Batch, config: Config, marks: dict[str, int]
) -> tuple[Tensor, list[float]]:
    with torch.autocast("cpu", torch.bfloat16):
        memory, mask, nouns = describer.memory(
            b.grid, b.label_texts, b.label_shares, b.vectors, b.seen
        )
        said = word_loss(describer, b.captions, memory, mask, marks["caption"], config.smoothing)
        answered = word_loss(
            describer, b.questions, memory, mask, marks["answer"], config.smoothing
        )
    named = F.binary_cross_entropy_with_logits(nouns.float(), b.nouns.float())
    loss = said + answered + config.noun_weight * named
    return loss, [said.item(), answered.item(), named.item()]


def train(
    config: Config, words: Words, sets: dict[str, Lessons], labels: Tensor, spread: float
) -> Describer:
    torch.manual_seed(config.seed)
    random.seed(config.seed)
    index = words.index
    marks = {"caption": index[CAPTION], "answer": index[ANSWER]}
    sample = sets["train"].features
    rows = np.arange(0, len(sets["train"]), 3)
    grid = np.concatenate([sample["grid"][0, rows], sample["low"][0, rows]], 1).astype(np.float32)
    mean, deviation = grid.mean((0, 2)), grid.std((0, 2)) + 1e-3
    sizes = Sizes(
        inputs=len(words.pieces), outputs=words.outputs, nouns=len(NOUNS), dropout=config.dropout
    )
    describer = Describer(
        sizes, word_vectors(words), torch.from_numpy(mean), torch.from_numpy(deviation), labels
    )
    teacher = Teacher(sets, labels, spread, config.seed)
    decay = [p for p in describer.parameters() if p.ndim > 1]
    rest = [p for p in describer.parameters() if p.ndim <= 1]
    groups = [
        {"params": decay, "weight_decay": config.weight_decay},
        {"params": rest, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=config.rate, betas=(0.9, 0.98))

    def rate(step: int) -> float:
        if step < config.warm_up:
            return (step + 1) / config.warm_up
        return 0.5 * (
            1 + math.cos(math.pi * (step - config.warm_up) / (config.steps - config.warm_up))
        )

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    average = {k: v.clone() for k, v in describer.state_dict().items()}
    began, sums = time.perf_counter(), np.zeros(3)
    describer.train()
    for step in range(config.steps):
        loss, terms = step_loss(describer, batch(teacher, config, index[END]), config, marks)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(describer.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        blend(average, describer, min(config.average, (step + 1) / (step + 10)))
        sums += terms
        if (step + 1) % 50 == 0:
            shown = " ".join(f"{x / 50:.3f}" for x in sums)
            print(f"step {step + 1}, {time.perf_counter() - began:.0f} s: {shown}", flush=True)
            sums[:] = 0
    describer.load_state_dict(average)
    return describer.eval()


@torch.no_grad()
def blend(average: dict[str, Tensor], describer: Describer, keep: float) -> None:
    for name, value in describer.state_dict().items():
        if value.is_floating_point():
            average[name].lerp_(value, 1 - keep)


@torch.no_grad()
def remember(
    describer: Describer, teacher: Teacher, name: str, rows: np.ndarray
) -> tuple[Tensor, ...]:
    """Memory, mask and noun odds of the plain views of photos."""
    grid, texts, shares, vectors = teacher.features(name, rows, plain=True)
    return describer.memory(grid, texts, shares, vectors)


@torch.no_grad()
def greedy(
    describer: Describer, prefix: Tensor, memory: Tensor, mask: Tensor, end: int, longest: int
) -> list[list[int]]:
    """The likeliest word after the likeliest word, without the prefix and the end."""
    tokens = prefix
    done = torch.zeros(len(prefix), dtype=torch.bool)
    for _ in range(longest):
        best = describer(tokens, memory, mask)[:, -1].argmax(-1)
        best = best.masked_fill(done, end)
        tokens = torch.cat([tokens, best[:, None]], 1)
        done |= best == end
        if done.all():
            break
    rows = tokens[:, prefix.shape[1] :].tolist()
    return [row[: row.index(end)] if end in row else row for row in rows]


@torch.no_grad()
def report(describer: Describer, words: Words, sets: dict[str, Lessons], labels: Tensor) -> dict:
    """Greedy captions' CIDEr-D, greedy answers' accuracy by kind and the nouns' AUC, on dev."""
    index, lessons = words.index, sets["dev"]
    teacher = Teacher(sets, labels, 0.0, 0)
    cider, total = Cider(lessons.references), 0.0
    right: dict[str, list[bool]] = {}
    odds = []
    for start in range(0, len(lessons), 100):
        rows = np.arange(start, min(start + 100, len(lessons)))
        memory, mask, nouns = remember(describer, teacher, "dev", rows)
        odds.append(nouns)
        prefix = torch.full((len(rows), 1), index[CAPTION])
        said = greedy(describer, prefix, memory, mask, index[END], 20)
        total += sum(cider(text, row) for text, row in zip(said, rows, strict=True))
        answer = index[ANSWER]
        by_length: dict[int, list[tuple[int, list[int]]]] = {}
        for at, row in enumerate(rows):
            for question in lessons.questions[row]:
                by_length.setdefault(question.index(answer), []).append((at, question))
        for length, asked in by_length.items():
            which = torch.tensor([at for at, _ in asked])
            prefix = torch.tensor([q[: length + 1] for _, q in asked])
            replies = greedy(describer, prefix, memory[which], mask[which], index[END], 5)
            for (_, question), reply in zip(asked, replies, strict=True):
                kind = kind_of(question, words)
                right.setdefault(kind, []).append(reply == question[length + 1 : -1])
    out = {"CIDEr-D": total / len(lessons)}
    out |= {kind: float(np.mean(hits)) for kind, hits in sorted(right.items())}
    return out


def kind_of(question: list[int], words: Words) -> str:
    """Kind as far as the words tell: enough for a progress line."""
    pieces = [words.pieces[i] for i in question]
    text = " ".join(pieces)
    for mark, kind in (
        ("how many", "count"),
        ("color", "colour"),
        ("colour", "colour"),
        ("doing", "doing"),
        ("where", "where"),
    ):
        if mark in text:
            return kind
    return "yes-no" if pieces[-2] in ("yes", "no") else "other"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    for field in dataclasses.fields(Config):
        flag = "--" + field.name.replace("_", "-")
        parser.add_argument(flag, type=type(field.default), default=field.default)
    args = vars(parser.parse_args())
    data, folder, out = args.pop("data"), args.pop("features"), args.pop("out")
    config = Config(**args)
    words, sets, labels, spread = load(folder, data, config)
    print(
        config, f"{words.outputs} of {len(words.pieces)} pieces", f"spread {spread:.3f}", flush=True
    )
    describer = train(config, words, sets, labels, spread)
    print(json.dumps(report(describer, words, sets, labels)))
    save_describer(describer, out)
    out.with_suffix(".words.json").write_text(words.as_json(NOUNS), encoding="utf-8")


def load(
    folder: Path, data: Path, config: Config
) -> tuple[Words, dict[str, Lessons], Tensor, float]:
    """Words, sets, label texts, and how far the noise moves the vector of a text."""
    labels = torch.from_numpy(np.load(folder / "labels.texts.npy"))
    sentences = torch.from_numpy(np.load(folder / "coco-text.texts.npy"))
    owner = np.load(folder / "coco-text.owner.npy")
    joint = torch.from_numpy(np.load(folder / "coco-text.vectors.npy"))
    count = torch.from_numpy(np.bincount(owner)).float()[:, None]
    rows = torch.from_numpy(owner)

    def mean(x: Tensor) -> Tensor:
        return torch.zeros(len(count), x.shape[1]).index_add_(0, rows, x.float()) / count

    photos = torch.from_numpy(np.load(folder / "train.vectors.npy")[0]).float()
    captions = (
        torch.from_numpy(np.load(folder / "train-captions.vectors.npy"))
        .view(len(photos), -1, photos.shape[1])
        .float()
    )
    shift = photos.mean(0) - captions.mean((0, 1))
    gap = (photos - F.normalize(captions.mean(1) + shift, dim=-1)).norm(dim=-1).mean().item()
    texts = F.normalize(mean(joint) + shift, dim=-1)
    words, sets = prepare(folder, data, labels, texts, mean(sentences), config.seed)
    return words, sets, labels, config.noise * gap


if __name__ == "__main__":
    main()
