"""Teach the cells of a photo to say which nouns they show, for heat maps.

    python training/train_patches.py --data DATA --features FOLDER --heads heads.safetensors
        --describer in.safetensors --out out.safetensors

Nothing says where in a photo its nouns are, so the cell that fits a noun best answers for the
photo (multiple-instance learning; a smooth maximum stands for the best, as in Fang et al. 2015,
"From captions to visual concepts and back"). Nouns are the text vectors of "a photo of a NOUN" in
the learned half of the joint space, so that any other text can be looked for as well. Only the
perceptron of the cells is trained.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from conse import ConseText
from decoder import Describer
from describer_data import load
from describer_file import read_describer, save_describer
from describer_report import auc
from embed import embed_texts
from flags import read_flags
from heads import DIM, read_heads
from nouns import NOUNS
from safetensors.torch import load_file
from teacher import Teacher
from text_tower import encode
from torch import Tensor, nn
from words import read_words

SHARP = 12.0
"""Inverse temperature of the smooth maximum over cells."""


@dataclass(frozen=True)
class Config:
    """One run; every field is a flag."""

    seed: int = 0
    steps: int = 400
    photos: int = 100
    coco: int = 10
    rate: float = 1e-3
    research: int = 1
    """0: as in `train_describer.py`."""


def noun_vectors(heads: Path, folder: Path) -> Tensor:
    """The learned half of each noun's text vector, `(nouns, 384)`, unit rows."""
    sentences = torch.from_numpy(encode([f"a photo of a {noun}" for noun in NOUNS]))
    labels = torch.from_numpy(np.load(folder / "labels.texts.npy"))
    vectors = embed_texts(read_heads(load_file(heads)), ConseText(labels), sentences)
    return F.normalize(torch.from_numpy(vectors)[:, :DIM], dim=-1)


def best_cells(cells: Tensor, nouns: Tensor) -> Tensor:
    """Smooth maximum over cells `(n, 64, 384)` of the cosine with each noun: `(n, nouns)`.

    It lies between their mean and their maximum, and is both where all cells are alike.
    """
    cosines = cells @ nouns.T
    count = cells.shape[1]
    return ((SHARP * cosines).logsumexp(1) - float(np.log(count))) / SHARP


def train(describer: Describer, config: Config, teacher: Teacher, nouns: Tensor) -> Describer:
    """Train the cells' perceptron, in place."""
    torch.manual_seed(config.seed)
    describer.eval().requires_grad_(False)
    patch = describer.memory.patch.requires_grad_(True).train()
    scale, shift = nn.Parameter(torch.tensor(10.0)), nn.Parameter(torch.full((len(NOUNS),), -5.0))
    rated = [{"params": patch.parameters()}, {"params": [scale, shift], "lr": 10 * config.rate}]
    optimiser = torch.optim.AdamW(rated, lr=config.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [config.rate, 10 * config.rate], total_steps=config.steps, pct_start=0.1
    )
    began, total = time.perf_counter(), 0.0
    for step in range(config.steps):
        parts, named = [], []
        for name, count in (("train", config.photos), ("coco", config.coco)):
            rows = teacher.rows(name, count)
            parts.append(teacher.features(name, rows)[0])
            named.append(teacher.sets[name].nouns[rows])
        with torch.autocast("cpu", torch.bfloat16):
            best = best_cells(describer.memory.patches(torch.cat(parts)), nouns)
        loss = F.binary_cross_entropy_with_logits(
            scale * best.float() + shift, torch.cat(named).float()
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        total += loss.item()
        if (step + 1) % 50 == 0:
            print(
                f"step {step + 1}, {time.perf_counter() - began:.0f} s: {total / 50:.4f}",
                flush=True,
            )
            total = 0.0
    patch.eval()
    return describer


@torch.no_grad()
def areas(describer: Describer, teacher: Teacher, nouns: Tensor) -> tuple[float, float]:
    """AUC of the best cell for nouns of dev photos, mean over nouns named 10 times or more, and
    the same for the mean of the cells."""
    lessons = teacher.sets["dev"]
    best, mean = [], []
    for start in range(0, len(lessons), 100):
        rows = np.arange(start, min(start + 100, len(lessons)))
        cells = describer.memory.patches(teacher.features("dev", rows, plain=True)[0])
        best.append(best_cells(cells, nouns))
        mean.append((cells @ nouns.T).mean(1))
    return auc(torch.cat(best), lessons.nouns), auc(torch.cat(mean), lessons.nouns)


def main() -> None:
    paths = "data", "features", "heads", "describer", "out"
    config, (data, folder, heads, given, out) = read_flags(Config, __doc__, *paths)
    print(config, flush=True)
    words = read_words(given)
    sets, labels, _ = load(folder, data, words, research=bool(config.research))
    teacher, nouns = Teacher(sets, labels, 0.0, config.seed), noun_vectors(heads, folder)
    describer = train(read_describer(given), config, teacher, nouns)
    print(
        "AUC of dev nouns, best cell {:.3f}, mean cell {:.3f}".format(
            *areas(describer, teacher, nouns)
        )
    )
    save_describer(describer, out)
    words.write(out, NOUNS)


if __name__ == "__main__":
    main()
