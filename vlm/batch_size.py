"""How many rows a transformers model is given at once."""

from __future__ import annotations

from typing import Any

CPU = 16
"""Rows: a step of the decoder reads all weights once for so many replies. For a tiny SmolVLM 16
are a quarter faster than 8, and 32 than 16 by less, for twice the loss when a batch is killed; for
models of real size nothing was told apart (`benchmarks/RESULTS.md`)."""
MOST = 32
"""Rows on a GPU: what a killed batch loses is not worth what more of them gain."""
_TOKENS = 2048
"""Of a photo, a prompt and a reply, taken for granted before their number is known."""
_SHARE = 0.5
"""Of the memory that is free; the rest is for the layer at work and for photos being encoded."""


def rows_at_once(model: Any, tokens: int = _TOKENS) -> int:
    """Rows of so many tokens whose keys and values fit into half of the free memory of a GPU.

    On other devices `CPU`: there memory is not what ends first.
    """
    if model.device.type != "cuda":
        return CPU
    import torch

    free, _ = torch.cuda.mem_get_info(model.device)
    text = model.config.get_text_config(decoder=True)
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    width = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    row: int = 2 * text.num_hidden_layers * heads * width * model.dtype.itemsize * tokens
    return max(1, min(MOST, int(free * _SHARE) // row))
