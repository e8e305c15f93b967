"""Batches for the describer: photos, captions, questions, drawn so that all come equally often."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from lessons import Lessons
from torch import Tensor
from words import padded

FIRST = "exists"


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
        return np.array(taken, np.int64)  # also when none are taken

    def features(self, name: str, rows: np.ndarray, plain: bool = False) -> tuple[Tensor, ...]:
        """Grid, label texts, label shares and vectors of photos, each from a random view."""
        features = self.sets[name].features
        if "grid" not in features:
            vectors = torch.from_numpy(features["vectors"][0, rows])
            noise = torch.from_numpy(self.rng.normal(size=vectors.shape).astype(np.float32))
            vectors = vectors + noise * self.spread / math.sqrt(vectors.shape[1])
            texts = self.labels[features["label_rows"][rows]]
            shares = torch.from_numpy(features["label_shares"][rows])
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
            order = self.rng.permutation(len(own))
            out += [own[order[i % len(own)]] for i in range(count)]
        return out

    def questions(self, lessons: Lessons, rows: np.ndarray, count: int) -> list[list[int]]:
        """`count` questions for each row: whether something is there, then one of each other kind.

        Rules find far more of the first kind than of colours or numbers, which would hardly be
        learned if all questions were equally likely.
        """
        out = []
        for row in rows:
            own = {kind: list(asked) for kind, asked in lessons.questions[row].items()}
            for asked in own.values():
                self.rng.shuffle(asked)
            kinds = [kind for kind in own if kind != FIRST]
            self.rng.shuffle(kinds)
            taken = []
            while own and len(taken) < count:
                for kind in (FIRST, *kinds):
                    if kind in own:
                        taken.append(own[kind].pop())
                        if not own[kind]:
                            del own[kind]
            taken = taken[:count] or [[0, 0]]
            out += [taken[i % len(taken)] for i in range(count)]
        return out

    def batch(self, counts: Mapping[str, int], captions: int, questions: int) -> Batch:
        """So many photos of each set, with so many captions and questions each."""
        parts, said, asked, nouns, seen = [], [], [], [], []
        for name, count in counts.items():
            if not count:
                continue
            lessons, rows = self.sets[name], self.rows(name, count)
            parts.append(self.features(name, rows))
            said += self.texts(lessons.captions, rows, captions)
            asked += self.questions(lessons, rows, questions)
            nouns.append(lessons.nouns[rows])
            seen.append(torch.full((count,), "grid" in lessons.features))
        grid, texts, shares, vectors = (torch.cat(x) for x in zip(*parts, strict=True))
        rows = torch.cat(seen), torch.cat(nouns), padded(said, -1), padded(asked, -1)
        return Batch(grid, texts, shares, vectors, *rows)
