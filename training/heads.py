"""The trained part of the dual encoder: two members, joined into one space of 384 dimensions.

Each member has an image head and a text head. One sees the pooled features of a photo only, the
other also attends to its cells; they are trained apart, since the mean of two that differ ranks
better than either. The mean of their cosines is the cosine of their vectors put side by side,
768 wide, of which the 384 principal axes keep nearly all.
"""

import math

import torch
import torch.nn.functional as F
from memory import ByteDropout
from torch import Tensor, nn

DIM = 384
TEXT_SCALE = math.sqrt(384)  # unit sentence vectors to entries of about unit variance
CLAMP = 6.0


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

    def raw(self, x: Tensor) -> Tensor:
        """Before it is made a unit vector."""
        x = self.input_dropout((x - self.mean) / self.deviation).clamp(-CLAMP, CLAMP)
        out: Tensor = self.linear(x) + self.down(self.dropout(F.gelu(self.up(x))))
        return out

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(self.raw(x), dim=-1)


class Attention(nn.Module):
    """Learned queries gather what they look for from the cells `(n, 64, 403)`; starts at zero."""

    def __init__(
        self, mean: Tensor, deviation: Tensor, dropout: float, *, wide: int = 512,
        width: int = 256, heads: int = 8, queries: int = 4,
    ) -> None:  # fmt: skip
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.heads, self.width = heads, width
        self.up = nn.Linear(len(mean), wide)
        self.place = nn.Parameter(torch.randn(64, wide) * 0.02)
        self.key, self.value = nn.Linear(wide, width), nn.Linear(wide, width)
        self.query = nn.Parameter(torch.randn(queries, width) * 0.02)
        self.out = nn.Linear(queries * width, DIM)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.cell_dropout, self.dropout = ByteDropout(0.2), nn.Dropout(dropout)

    def split(self, x: Tensor) -> Tensor:
        """`(n, t, width)` -> `(n, heads, t, width / heads)`."""
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def forward(self, grid: Tensor) -> Tensor:
        cells = ((grid - self.mean) / self.deviation).clamp(-CLAMP, CLAMP)
        cells = self.cell_dropout(F.gelu(self.up(cells) + self.place))
        keys, values = self.split(self.key(cells)), self.split(self.value(cells))
        query = self.split(self.query[None]) * (self.width // self.heads) ** -0.5
        mixed = (query @ keys.transpose(2, 3)).softmax(-1) @ values
        out: Tensor = self.out(self.dropout(mixed.transpose(1, 2).flatten(1)))
        return out


class Member(nn.Module):
    """One image head, with or without attention, its text head and the learned temperature."""

    def __init__(
        self,
        pooled: tuple[Tensor, Tensor],
        cells: tuple[Tensor, Tensor] | None = None,
        hidden: int = 1024,
        dropout: float = 0.5,
        input_dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.image = Head(*pooled, hidden, dropout, input_dropout)
        self.attention = Attention(*cells, dropout) if cells else None
        zero, spread = torch.zeros(384), torch.full((384,), 1 / TEXT_SCALE)
        self.text = Head(zero, spread, hidden, dropout, input_dropout)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    @property
    def scale(self) -> Tensor:
        return self.log_scale.exp().clamp(max=100)

    def photos(self, features: Tensor, grid: Tensor) -> Tensor:
        """Features `(n, 1382)` and cells `(n, 64, 403)` -> unit vectors `(n, 384)`."""
        raw = self.image.raw(features)
        if self.attention is not None:
            raw = raw + self.attention(grid).float()
        return F.normalize(raw, dim=-1)


class DualHeads(nn.Module):
    """The members and the axes `(384, 768)` that join them."""

    def __init__(self, members: list[Member], axes: Tensor) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.register_buffer("axes", axes)

    def photos(self, features: Tensor, grid: Tensor) -> Tensor:
        """Unit vectors `(n, 384)`."""
        return self.joined([member.photos(features, grid) for member in self.members])

    def text(self, sentences: Tensor) -> Tensor:
        """Sentence vectors `(n, 384)` -> unit vectors `(n, 384)`."""
        return self.joined([member.text(sentences) for member in self.members])

    def joined(self, vectors: list[Tensor]) -> Tensor:
        return F.normalize(torch.cat(vectors, 1) @ self.axes.T, dim=-1)


def principal_axes(photos: Tensor, texts: Tensor) -> Tensor:
    """The `DIM` axes `(384, 768)` that keep most of the inner products of both kinds of vector.

    Raises ValueError for fewer vectors than axes.
    """
    if len(photos) + len(texts) < DIM:
        raise ValueError(f"{len(photos)} photos and {len(texts)} texts do not span {DIM} axes")
    _, _, axes = torch.linalg.svd(torch.cat([photos, texts]), full_matrices=False)
    return axes[:DIM].contiguous()


def read_heads(state: dict[str, Tensor]) -> DualHeads:
    """Heads from what `DualHeads.state_dict` gave."""
    members = []
    for i in range(1 + max(int(k.split(".")[1]) for k in state if k.startswith("members."))):
        own = {k.split(".", 2)[2]: v for k, v in state.items() if k.startswith(f"members.{i}.")}
        pooled = own["image.mean"], own["image.deviation"]
        cells = (
            (own["attention.mean"], own["attention.deviation"]) if "attention.mean" in own else None
        )
        members.append(Member(pooled, cells, hidden=len(own["image.up.bias"])))
    heads = DualHeads(members, state["axes"])
    heads.load_state_dict(state)
    return heads.eval()
