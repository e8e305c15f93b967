"""What the describer is trained on, in little: few words, random features, random weights."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parents[1] / "training"))

from decoder import Config, Describer
from lessons import Lessons
from words import ANSWER, CAPTION, END, QUESTION, UNKNOWN, Words

WRITTEN = (END, "dog", "runs", "jumps", "yes", "no")
WORDS = Words((*WRITTEN, CAPTION, QUESTION, ANSWER, UNKNOWN, "is", "there"), len(WRITTEN))
NOUNS = 3
LABELS = F.normalize(torch.randn(1000, 384, generator=torch.Generator().manual_seed(0)), dim=1)


def tiny_describer(seed: int = 0) -> Describer:
    """Random weights, large enough that words differ in probability and photos from each other."""
    torch.manual_seed(seed)
    count = len(WORDS.pieces)
    config = Config(count, WORDS.outputs, NOUNS, dim=32, layers=2, heads=2, hidden=32)
    words = torch.randn(count, 384)
    describer = Describer(config, words, torch.zeros(403), torch.ones(403), LABELS)
    with torch.no_grad():
        describer.learned.mul_(20)
        describer.positions.mul_(10)
    return describer.eval()


def indices(text: str) -> list[int]:
    """Decoder indices of words with spaces between."""
    return [WORDS.index[word] for word in text.split()]


def tiny_lessons(count: int, *, photos: bool = True, seed: int = 0) -> Lessons:
    """So many photos, or sets of captions without photos, each with one to three texts."""
    rng = np.random.default_rng(seed)
    said = [indices(f"[caption] {text} [SEP]") for text in ("dog runs", "jumps dog", "jumps")]
    replies = "yes", "no"
    asked = [indices(f"[question] is there dog [answer] {reply} [SEP]") for reply in replies]
    captions = [[said[(i + k) % 3] for k in range(1 + i % 3)] for i in range(count)]
    vectors = rng.normal(size=(2 if photos else 1, count, 768)).astype(np.float32)
    features = {"vectors": vectors / np.linalg.norm(vectors, axis=2, keepdims=True)}
    if photos:
        sizes = {"grid": (352, 64), "low": (51, 64), "logits": (1000,)}
        for name, size in sizes.items():
            features[name] = rng.normal(size=(2, count, *size)).astype(np.float16)
    else:
        features["label_rows"] = rng.integers(0, 1000, (count, 5))
        features["label_shares"] = rng.dirichlet(np.ones(5), count).astype(np.float32)
    return Lessons(
        captions,
        [{"exists": asked} if i % 3 else {} for i in range(count)],
        torch.from_numpy(rng.random((count, NOUNS)) < 0.5),
        features,
        [[row[1:-1] for row in texts] for texts in captions],
    )
