"""Sets of photos with cached features and sentence vectors, and random samples of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from backbone import low_statistics
from torch import Tensor

KEYS = ("pooled", "grid", "low", "logits")


@dataclass(frozen=True)
class PhotoSet:
    """Photos and their texts: photo i owns `texts[i]`, `(photos, captions, 384)`.

    `pooled` (views, photos, 1280), `grid` (views, photos, 352, 64), `low` (views, photos, 51, 64)
    and `logits` (views, photos, 1000) are fp16.
    """

    pooled: np.ndarray
    grid: np.ndarray
    low: np.ndarray
    logits: np.ndarray
    texts: Tensor

    def __len__(self) -> int:
        return self.pooled.shape[1]

    def part(self, rows: np.ndarray) -> "PhotoSet":
        """Some of the photos."""
        cached = self.pooled, self.grid, self.low, self.logits
        return PhotoSet(*(array[:, rows] for array in cached), self.texts[rows])

    def rows(self, view: np.ndarray | int, rows: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """Features (n, 1382), cells (n, 64, 403) and logits (n, 1000) of one view of each row."""
        cached = self.pooled, self.grid, self.low, self.logits
        return seen(*(array[view, rows] for array in cached))

    def sample(self, rows: Tensor, cells: bool) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Features, cells, logits and one caption for each row, each from a random view.

        Cells cost time to gather: without `cells` there are none, `(n, 0, 0)`.
        """
        view = torch.randint(0, len(self.pooled), (len(rows),)).numpy()
        caption = torch.randint(0, self.texts.shape[1], (len(rows),))
        texts, index = self.texts[rows, caption], rows.numpy()
        if cells:
            return *self.rows(view, index), texts
        features = torch.cat(
            [torch.from_numpy(self.pooled[view, index]).float(), self._statistics[view, index]], 1
        )
        logits = torch.from_numpy(self.logits[view, index]).float()
        return features, torch.zeros(len(rows), 0, 0), logits, texts

    @cached_property
    def _statistics(self) -> Tensor:
        return torch.stack([low_statistics(torch.from_numpy(v).float()) for v in self.low])

    def plain(self, step: int = 2) -> tuple[Tensor, Tensor]:
        """Features and cells of the plain view of every so many photos."""
        features, grid, _ = self.rows(0, np.arange(0, len(self), step))
        return features, grid

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and deviation of each feature, `(1382,)`."""
        features = torch.cat([torch.from_numpy(self.pooled[0]).float(), self._statistics[0]], 1)
        return features.mean(0), features.std(0) + 1e-3

    def cell_statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and deviation of each channel of the cells, `(403,)`."""
        grid = self.plain(3)[1].flatten(0, 1)
        return grid.mean(0), grid.std(0) + 1e-3


def seen(
    pooled: np.ndarray, grid: np.ndarray, low: np.ndarray, logits: np.ndarray
) -> tuple[Tensor, Tensor, Tensor]:
    """What heads see of n photos, out of what is cached of one view of each.

    Features (n, 1382), cells (n, 64, 403) and logits (n, 1000), all fp32.
    """
    colours = torch.from_numpy(low).float()
    features = torch.cat([torch.from_numpy(pooled), low_statistics(colours)], 1)
    cells = torch.cat([torch.from_numpy(grid), colours], 1).transpose(1, 2)
    return features, cells, torch.from_numpy(logits).float()


def chunks(
    folder: Path, name: str, view: int, size: int = 500
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """`seen` of one view of all photos of a set, so many at a time."""
    arrays = [np.load(folder / f"{name}.{key}.npy", mmap_mode="r") for key in KEYS]
    for start in range(0, arrays[0].shape[1], size):
        yield seen(*(np.array(array[view, start : start + size]) for array in arrays))


def load_texts(folder: Path, name: str) -> Tensor:
    return torch.from_numpy(np.load(folder / f"{name}.texts.npy"))


def read_rows(folder: Path, name: str) -> list[dict]:
    rows: list[dict] = json.loads((folder / f"{name}.json").read_text())
    return rows


def with_captions(folder: Path) -> list[int]:
    """The COCO photos that have captions; the others are distractors for measuring only."""
    return [i for i, row in enumerate(read_rows(folder, "coco")) if row.get("captions")]


def _read(folder: Path, name: str, texts: Tensor, rows: list[int] | None = None) -> PhotoSet:
    arrays = [np.load(folder / f"{name}.{key}.npy") for key in KEYS]
    if rows is not None:
        arrays = [array[:, rows] for array in arrays]
    return PhotoSet(*arrays, texts)


def photos_of(folder: Path, split: str) -> PhotoSet:
    """Flickr8k "train" or "dev"."""
    texts = load_texts(folder, f"{split}-captions")
    return _read(folder, split, texts.view(-1, 5, texts.shape[1]))


def captioned(folder: Path) -> PhotoSet:
    """The COCO photos with captions."""
    texts = load_texts(folder, "coco-captions")
    return _read(folder, "coco", texts.view(-1, 5, texts.shape[1]), with_captions(folder))


def labelled(folder: Path) -> PhotoSet:
    """ImageNet samples; their text is the prompt of their label."""
    return _read(folder, "imagenet", sample_labels(folder)[:, None])


def sample_labels(folder: Path) -> Tensor:
    """The text vector of the label of each ImageNet sample, one for each class, `(1000, 384)`."""
    wnids = [row["wnid"] for row in read_rows(folder, "imagenet")]
    order = {wnid: i for i, wnid in enumerate(sorted(wnids))}
    return load_texts(folder, "labels")[[order[wnid] for wnid in wnids]]
