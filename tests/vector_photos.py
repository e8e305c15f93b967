"""A source of made-up vectors that counts what is asked of it, and the index of its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.vectors import store
from vlm.protocols import Vectors

LIBRARY = bytes(range(16))
DIM = 16


def unit(number: int, dim: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(number, dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


@dataclass
class Photos:
    """A source of vectors that counts what is asked of it: photo id -> content, content -> row."""

    contents: dict[int, int]
    dim: int = DIM
    asked: list[str] = field(default_factory=list)

    def row(self, content: int) -> Vectors:
        return unit(1, self.dim, content)[0]

    def keys(self) -> store.Keys:
        ids = sorted(self.contents)
        tags = [self.contents[i] for i in ids]
        return store.Keys(np.array(ids, np.int64), np.array(tags, np.int64))

    def all(self) -> Iterator[Vectors]:
        self.asked.append("all")
        ids = sorted(self.contents)
        for at in range(0, len(ids), 7):
            yield np.stack([self.row(self.contents[i]) for i in ids[at : at + 7]])

    def some(self, ids: NDArray[np.int64]) -> Vectors:
        self.asked.append(f"some {ids.tolist()}")
        return np.stack([self.row(self.contents[i]) for i in ids.tolist()])

    def brute(
        self, query: Vectors, k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        scores = [
            (i, float(self.row(c) @ query))
            for i, c in self.contents.items()
            if allowed is None or i in allowed
        ]
        return sorted(scores, key=lambda hit: (-hit[1], hit[0]))[: max(k, 0)]


def opened(
    path: Path, photos: Photos, generation: int = 7, held: store.VectorIndex | None = None
) -> store.VectorIndex:
    def again(damaged: store.VectorIndex) -> store.VectorIndex:
        store.forget(path)
        return opened(path, photos, generation)

    return store.bring(path, store.Stamp(LIBRARY, generation), photos, again, held)


def some_photos(number: int = 40) -> Photos:
    return Photos({3 * i + 5: i for i in range(number)})


def same(found: list[tuple[int, float]], wanted: list[tuple[int, float]]) -> bool:
    return [i for i, _ in found] == [i for i, _ in wanted] and [s for _, s in found] == (
        pytest.approx([s for _, s in wanted], abs=1e-5)
    )
