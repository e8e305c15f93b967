"""Drawing several replies from a transformers model that looks at its photos once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

DRAWN: Mapping[str, Any] = {
    "do_sample": True, "num_beams": 1, "temperature": 0.8, "top_p": 0.9, "top_k": 50,
}  # fmt: skip
"""Mild, so that what varies is what the model is not sure of, not its choice of words alone."""


def several(generate: Callable[..., Any], inputs: Mapping[str, Any], count: int, seed: int) -> Any:
    """Token ids ``(count, length)`` from a model that encodes before it repeats its inputs.

    That is what encoder-decoders do: Florence-2, and BLIP's text decoder behind its own
    ``generate``.
    """
    with seeded(seed):
        return generate(**inputs, num_return_sequences=count, **DRAWN)


def several_after(
    model: Any, inputs: Mapping[str, Any], count: int, seed: int, max_tokens: int
) -> Any:
    """New token ids ``(count, length)`` of a decoder that reads its photos as tokens.

    ``generate`` would repeat the photos and encode each copy. So all but the last token are read
    here, once, and only what was read of them is repeated.
    """
    import torch

    length = inputs["input_ids"].shape[1]
    by_token = {k for k, v in inputs.items() if v.shape[:2] == (1, length)}
    before = {k: v[:, :-1] if k in by_token else v for k, v in inputs.items()}
    with torch.inference_mode(), seeded(seed):
        read = model(**before, use_cache=True, logits_to_keep=1).past_key_values
        read.batch_repeat_interleave(count)
        ids = model.generate(
            input_ids=inputs["input_ids"].repeat(count, 1),
            attention_mask=inputs["attention_mask"].repeat(count, 1),
            past_key_values=read,
            max_new_tokens=max_tokens,
            **DRAWN,
        )
    return ids[:, length:]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw by a seed, and leave everybody else's random numbers as they were."""
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
