"""`heads.Attention` for export: the same result from a sixth of the products after `up`.

The queries are constants, so a head's key matrix and its queries are one small matrix, and cells
can be mixed before they meet the value matrix. The bias of the keys adds the same to all cells
and is lost in the softmax; the weights of the cells add up to 1, so the bias of the values stays
as it is.
"""

import torch
import torch.nn.functional as F
from heads import CLAMP, Attention, DualHeads
from torch import Tensor, nn


class FastAttention(nn.Module):
    """Cells `(n, 64, 403)` -> `(n, DIM)`, as the attention that it is made of."""

    def __init__(self, slow: Attention) -> None:
        super().__init__()
        heads, size = slow.heads, slow.width // slow.heads
        self.up, self.out = slow.up.weight, slow.out
        self.register_buffer("place", (slow.place + slow.up.bias).detach())
        self.shape = -1, heads, len(slow.query), len(slow.up.weight)
        self.register_buffer("mean", slow.mean)
        self.register_buffer("deviation", slow.deviation)
        asked = slow.query.detach().unflatten(1, (heads, size)) * size**-0.5
        keys = slow.key.weight.detach().unflatten(0, (heads, size))
        self.register_buffer("ask", torch.einsum("qhs,hsw->whq", asked, keys).flatten(1))
        values = slow.value.weight.detach().unflatten(0, (heads, size))
        self.register_buffer("values", values.transpose(1, 2).contiguous())
        self.register_buffer("bias", slow.value.bias.detach().view(heads, 1, size))

    def forward(self, grid: Tensor) -> Tensor:
        cells = ((grid - self.mean) / self.deviation).clamp(-CLAMP, CLAMP)
        cells = F.gelu(F.linear(cells, self.up) + self.place)
        weights = (cells @ self.ask).transpose(1, 2).softmax(-1)
        mixed = (weights @ cells).reshape(self.shape) @ self.values + self.bias
        out: Tensor = self.out(mixed.transpose(1, 2).flatten(1))
        return out


def hasten(heads: DualHeads) -> DualHeads:
    """Give each member that attends to cells the fast form of its attention, in place."""
    for member in heads.members:
        if member.attention is not None:
            member.attention = FastAttention(member.attention)
    return heads
