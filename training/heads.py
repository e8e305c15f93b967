"""The trained part: one small head for each tower, into a shared space of 384 dimensions."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DIM = 384
TEXT_SCALE = math.sqrt(384)  # unit sentence vectors to entries of about unit variance


class Head(nn.Module):
    """A linear map plus a two-layer perceptron that starts at zero; unit output.

    `mean` and `deviation` `(width,)` standardise the input, which is then clamped to +-6.
    """

    def __init__(
        self, mean: Tensor, deviation: Tensor, hidden: int, dropout: float, input_dropout: float
    ) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.linear = nn.Linear(len(mean), DIM)
        self.up = nn.Linear(len(mean), hidden)
        self.down = nn.Linear(hidden, DIM)
        nn.init.zeros_(self.down.weight)
        self.dropout = nn.Dropout(dropout)
        self.input_dropout = nn.Dropout(input_dropout)

    def forward(self, x: Tensor) -> Tensor:
        x = self.input_dropout((x - self.mean) / self.deviation).clamp(-6, 6)
        return F.normalize(self.linear(x) + self.down(self.dropout(F.gelu(self.up(x)))), dim=-1)


class DualHeads(nn.Module):
    """The image head, the text head and the learned temperature (`scale` is its inverse)."""

    def __init__(
        self,
        mean: Tensor,
        deviation: Tensor,
        hidden: int = 1024,
        dropout: float = 0.5,
        input_dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.image = Head(mean, deviation, hidden, dropout, input_dropout)
        zero, spread = torch.zeros(384), torch.full((384,), 1 / TEXT_SCALE)
        self.text = Head(zero, spread, hidden, dropout, input_dropout)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    @property
    def scale(self) -> Tensor:
        return self.log_scale.exp().clamp(max=100)
