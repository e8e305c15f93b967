"""Train the describer on cached features: captions, answers and nouns together.

    python training/train_describer.py --data DATA --features FOLDER --out describer.safetensors

Each step takes photos of Flickr8k, a few of COCO and of ImageNet, and captions without photos,
for which the vector of their text stands in (as in CapDec, Nukrai et al. 2022) with noise as large
as the gap between a photo and its caption. Word losses are smoothed; the weights kept are an
exponential average. `reward.py` goes on from there. Numbers are printed on Flickr8k dev.
"""

import json
import math
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from decoder import Config as Sizes
from decoder import Describer
from describer_data import load, vocabulary
from describer_file import save_describer
from describer_report import report
from flags import read_flags
from lessons import Lessons
from nouns import NOUNS
from teacher import Batch, Teacher
from torch import Tensor
from words import ANSWER, CAPTION, Words, word_vectors


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
    research: int = 1
    """0: nothing of Flickr8k or ImageNet's samples; `photos` are the captioned COCO ones then."""

    @property
    def counts(self) -> dict[str, int]:
        """Photos of each set in a step."""
        return {
            "train": self.photos, "coco": self.coco, "labels": self.labels, "texts": self.texts
        }  # fmt: skip


def word_loss(
    describer: Describer,
    tokens: Tensor,
    memory: Tensor,
    mask: Tensor,
    start: int,
    smoothing: float,
) -> Tensor:
    """Mean cross entropy of the words after the token `start` of each row.

    Padding (-1) and words that cannot be written do not count. `tokens` `(n * K, t)`, K rows for
    each of the n photos of `memory`.
    """
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
    """The loss to go down on, and what it is made of: captions, answers, nouns."""
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
    config: Config, words: Words, sets: dict[str, Lessons], labels: Tensor, gap: float
) -> Describer:
    torch.manual_seed(config.seed)
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
    teacher = Teacher(sets, labels, config.noise * gap, config.seed)
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
        drawn = teacher.batch(config.counts, config.captions, config.questions)
        loss, terms = step_loss(describer, drawn, config, marks)
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


def main() -> None:
    config, (data, folder, out) = read_flags(Config, __doc__, "data", "features", "out")
    words = vocabulary(folder, data, research=bool(config.research))
    sets, labels, gap = load(folder, data, words, research=bool(config.research))
    print(config, f"{words.outputs} of {len(words.pieces)} pieces, gap {gap:.3f}", flush=True)
    describer = train(config, words, sets, labels, gap)
    print(json.dumps(report(describer, words, sets, labels)))
    save_describer(describer, out)
    words.write(out, NOUNS)


if __name__ == "__main__":
    main()
