"""What the describer remembers of a photo: 64 cells, 5 labels, 4 slots of the joint vector, none.

The cells are those of the image tower's grid, the labels the likeliest of ImageNet's as text
vectors; the last slot says nothing and is there to be looked at by words that need no photo.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CLAMP = 8.0


@dataclass(frozen=True)
class Config:
    """Sizes. Decoder indices: ``outputs`` words that can be written, ``specials``, then the words
    that can only be read (in questions), ``inputs`` in all."""

    inputs: int
    outputs: int
    nouns: int
    specials: int = 4
    dim: int = 256
    layers: int = 3
    heads: int = 8
    hidden: int = 1024
    dropout: float = 0.1
    positions: int = 40
    cells: int = 64
    channels: int = 403
    labels: int = 5
    joint: int = 4
    space: int = 768
    words: int = 384

    @property
    def slots(self) -> int:
        return self.cells + self.labels + self.joint + 1


class ByteDropout(nn.Module):
    """Dropout by random bytes, eight of them for each draw: p is rounded to 1/256."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.threshold = round(p * 256)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.threshold:
            return x
        draws = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device)
        draws.random_(-(2**63), None)
        keep = draws.view(torch.uint8)[: x.numel()].view(x.shape) >= self.threshold
        return x * keep.to(x.dtype).mul_(256 / (256 - self.threshold))


def perceptron(width: int, hidden: int, out: int, dropout: float) -> nn.Sequential:
    layers = nn.Linear(width, hidden), nn.GELU(), ByteDropout(dropout), nn.Linear(hidden, out)
    return nn.Sequential(*layers)


class Memory(nn.Module):
    """Grid, labels and joint vector of a photo -> memory slots, and what else they say."""

    def __init__(self, config: Config, mean: Tensor, deviation: Tensor, labels: Tensor) -> None:
        super().__init__()
        self.config = config
        dim, p = config.dim, config.dropout
        self.register_buffer("mean", mean.float())
        self.register_buffer("deviation", deviation.float())
        self.register_buffer("labels", labels.float())
        self.grid = perceptron(config.channels, 512, dim, p)
        self.place = nn.Parameter(torch.randn(config.cells, dim) * 0.02)
        self.text = nn.Linear(labels.shape[1], dim)
        self.share = perceptron(2, 32, dim, 0.0)
        self.joint = nn.Linear(config.space, config.joint * dim)
        self.null = nn.Parameter(torch.randn(1, dim) * 0.02)
        self.norm = nn.LayerNorm(dim)
        self.nouns = perceptron(2 * dim + config.space, 512, config.nouns, 3 * p)
        self.patch = perceptron(config.channels, 512, config.words, p)

    def top_labels(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """ImageNet logits `(n, 1000)` -> text vectors `(n, 5, 384)`, probabilities `(n, 5)`."""
        shares, rows = logits.float().softmax(-1).topk(self.config.labels)
        return self.labels[rows], shares

    def standard(self, grid: Tensor) -> Tensor:
        return ((grid.float() - self.mean) / self.deviation).clamp(-CLAMP, CLAMP)

    def forward(
        self,
        grid: Tensor | None,
        texts: Tensor,
        shares: Tensor,
        vectors: Tensor,
        seen: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Slots `(n, M, dim)`, which of them count `(n, M)` bool, log odds of nouns `(n, N)`.

        `texts` `(n, 5, 384)` and `shares` `(n, 5)` come from `top_labels`, or are made up where
        there is no photo; `vectors` `(n, 768)` are unit vectors of the joint space. `seen` `(n,)`
        bool says which rows have a grid; without any grid at all, its slots are left out.
        """
        n, config = vectors.shape[0], self.config
        odds = torch.stack([shares, shares.clamp(min=1e-6).log() / 4], -1)
        slots = [
            self.text(texts * math.sqrt(texts.shape[-1])) + self.share(odds),
            self.joint(vectors * math.sqrt(config.space)).view(-1, config.joint, config.dim),
            self.null.expand(n, 1, config.dim),
        ]
        pooled = vectors.new_zeros(n, 2 * config.dim)
        count = sum(slot.shape[1] for slot in slots)
        if grid is not None:
            cells = self.grid(self.standard(grid))
            pooled = torch.cat([cells.mean(1), cells.amax(1)], 1)
            if seen is not None:
                pooled = pooled * seen[:, None].to(pooled.dtype)
            slots.append(cells + self.place)
        mask = torch.ones(n, count, dtype=torch.bool, device=vectors.device)
        if grid is not None:
            there = mask.new_ones(n) if seen is None else seen
            mask = torch.cat([mask, there[:, None].expand(n, config.cells)], 1)
        nouns = self.nouns(torch.cat([pooled, vectors * math.sqrt(config.space)], 1))
        return self.norm(torch.cat(slots, 1)), mask, nouns

    def patches(self, grid: Tensor) -> Tensor:
        """Unit vectors of the cells in the learned half of the joint space, `(n, 64, 384)`."""
        return F.normalize(self.patch(self.standard(grid)).float(), dim=-1)
