"""The describer: a small transformer decoder that reads a photo's memory (`memory.py`).

It writes captions and answers, word piece by word piece. Attention is plain matrix products and
dropout is `ByteDropout`, since torch's own of either take half of a bf16 step on a CPU.
"""

import math

import torch
import torch.nn.functional as F
from memory import ByteDropout, Config, Memory, perceptron
from torch import Tensor, nn

__all__ = ["Config", "Describer", "causal_mask"]


class Attention(nn.Module):
    """Multi-head attention as matrix products; keys and values can come from anywhere."""

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.width = heads, dim // heads
        self.query, self.key = nn.Linear(dim, dim), nn.Linear(dim, dim, bias=False)
        self.value, self.out = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.dropout = ByteDropout(dropout)

    def split(self, x: Tensor) -> Tensor:
        """`(n, t, dim)` -> `(n, heads, t, dim / heads)`."""
        return x.view(x.shape[0], -1, self.heads, self.width).transpose(1, 2)

    def remember(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.split(self.key(x)), self.split(self.value(x))

    def forward(self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None) -> Tensor:
        """`mask` is added to the scores: 0 or very negative, broadcast to `(n, heads, t, s)`."""
        query = self.split(self.query(x)) * self.width**-0.5
        scores = query @ keys.transpose(2, 3)
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        mixed = self.dropout(scores.softmax(-1)) @ values
        return self.out(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """Pre-norm: attention to the words so far, attention to the memory, feed-forward."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        dim, p = config.dim, config.dropout
        self.norms = nn.ModuleList(nn.LayerNorm(dim) for _ in range(3))
        self.own = Attention(dim, config.heads, p)
        self.cross = Attention(dim, config.heads, p)
        self.feed = perceptron(dim, config.hidden, dim, p)
        self.dropout = ByteDropout(p)

    def forward(
        self,
        x: Tensor,
        memory: tuple[Tensor, Tensor],
        mask: Tensor | None,
        causal: Tensor,
        past: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Words `(b, t, dim)` and keys and values of a memory of b / K photos, `past` ones first.

        Returns the words and all their keys and values, `(b, heads, p + t, dim / heads)` each.
        """
        keys, values = self.own.remember(inner := self.norms[0](x))
        if past is not None:
            keys, values = torch.cat([past[0], keys], 2), torch.cat([past[1], values], 2)
        x = x + self.dropout(self.own(inner, keys, values, causal))
        # All sequences of a photo ask its memory together, so that it is never repeated.
        asked = self.norms[1](x).reshape(memory[0].shape[0], -1, x.shape[2])
        x = x + self.dropout(self.cross(asked, *memory, mask)).reshape(x.shape)
        return x + self.dropout(self.feed(self.norms[2](x))), (keys, values)


class Describer(nn.Module):
    """Memory encoder and decoder.

    `words` `(inputs, 384)` are frozen word vectors, rows of zeros for specials; `mean` and
    `deviation` `(403,)` those of the grid's channels; `labels` `(1000, 384)` text vectors.
    """

    def __init__(
        self, config: Config, words: Tensor, mean: Tensor, deviation: Tensor, labels: Tensor
    ) -> None:
        super().__init__()
        self.config = config
        self.memory = Memory(config, mean, deviation, labels)
        spread = words.float()[words.abs().sum(1) > 0].std().clamp(min=1e-6)
        self.register_buffer("words", (words.float() / spread).half())
        self.project = nn.Linear(config.words, config.dim)
        self.learned = nn.Parameter(
            torch.randn(config.outputs + config.specials, config.dim) * 0.02
        )
        self.positions = nn.Parameter(torch.randn(config.positions, config.dim) * 0.02)
        self.dropout = ByteDropout(config.dropout)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.dim)
        self.bias = nn.Parameter(torch.zeros(config.outputs))
        nn.init.normal_(self.project.weight, std=0.02 / math.sqrt(config.words / config.dim))

    def embed(self, tokens: Tensor, start: int = 0) -> Tensor:
        """Word vectors `(b, t, dim)` of decoder indices at the positions from `start` on."""
        known = len(self.learned)
        learned = F.embedding(tokens.clamp(max=known - 1), self.learned)
        learned = learned * (tokens < known)[..., None].to(learned.dtype)
        words = self.project(self.words[tokens].to(self.project.weight.dtype)) + learned
        return words + self.positions[start : start + tokens.shape[1]]

    def table(self) -> Tensor:
        """All that `embed` does before positions, as one table `(inputs, dim)`."""
        table = self.project(self.words.to(self.project.weight.dtype))
        return torch.cat([table[: len(self.learned)] + self.learned, table[len(self.learned) :]])

    def states(
        self, tokens: Tensor, memory: Tensor, mask: Tensor | None = None, sequences: int = 1
    ) -> Tensor:
        """Tokens `(B * K, T)` int64 and memory `(B, M, dim)` -> states `(B * K, T, dim)`.

        Row b * K + k is the k-th of K = `sequences` texts of photo b. `mask` `(B, M)` is true for
        the slots that count. Each state has seen the tokens up to its own only.
        """
        if len(tokens) != len(memory) * sequences:
            raise ValueError(
                f"{len(tokens)} sequences are not {sequences} for each of {len(memory)}"
            )
        causal = causal_mask(0, tokens.shape[1], memory)
        slots = None if mask is None else (~mask).to(memory.dtype)[:, None, None] * -1e4
        x = self.dropout(self.embed(tokens))
        for layer in self.layers:
            x, _ = layer(x, layer.cross.remember(memory), slots, causal)
        return self.norm(x)

    def logits(self, states: Tensor) -> Tensor:
        """States `(..., dim)` -> scores `(..., outputs)` of each word that can come next."""
        return F.linear(states, self.learned[: self.config.outputs], self.bias)

    def forward(
        self, tokens: Tensor, memory: Tensor, mask: Tensor | None = None, sequences: int = 1
    ) -> Tensor:
        """`logits` of `states`."""
        return self.logits(self.states(tokens, memory, mask, sequences))


def causal_mask(past: int, count: int, like: Tensor) -> Tensor:
    """`(count, past + count)`: 0 where a word may look, -1e4 where it would see the future."""
    row = torch.arange(past, past + count, device=like.device)[:, None]
    column = torch.arange(past + count, device=like.device)[None]
    return (column > row).to(torch.float32) * -1e4
