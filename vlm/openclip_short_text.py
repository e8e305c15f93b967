"""CLIP's text tower for texts of any length: padding, most of 77 tokens, costs nothing then."""

from __future__ import annotations

from typing import Any

import torch
from open_clip import CLIP


def short_text_tower(model: Any) -> torch.nn.Module | None:
    """A tower of ids of shape ``(n, length)``, or None where what follows a text's end counts.

    In a causal tower that is read at the end of the text it does not: no token looks ahead.
    """
    causal = isinstance(model, CLIP) and model.attn_mask is not None
    if not causal or model.text_pool_type != "argmax":
        return None
    if not isinstance(model.text_projection, torch.nn.Parameter):
        return None
    return _ShortText(model)


class _ShortText(torch.nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        model, length = self._model, ids.shape[1]
        dtype = model.transformer.get_cast_dtype()
        x = model.token_embedding(ids).to(dtype)
        x = x + model.positional_embedding[:length].to(dtype)
        x = model.transformer(x, attn_mask=model.attn_mask[:length, :length])
        ends = model.ln_final(x)[torch.arange(x.shape[0]), ids.argmax(dim=-1)]
        rows: torch.Tensor = ends @ model.text_projection
        return rows
