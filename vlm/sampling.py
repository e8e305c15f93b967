"""How replies of transformers models are drawn at random."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

DRAWN: Mapping[str, Any] = {
    "do_sample": True, "num_beams": 1, "temperature": 0.8, "top_p": 0.9, "top_k": 50,
}  # fmt: skip
"""Mild, so that what varies is what the model is not sure of, not its choice of words alone."""


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw by a seed, and leave everybody else's random numbers as they were."""
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
