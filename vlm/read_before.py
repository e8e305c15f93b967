"""What a decoder has read of the last conversation, so that the next turn is all it has to read.

A conversation is sent whole each time, and the next turn begins with the tokens of the last one.
Its keys and values are kept, those of the tokens in common are used again, photos included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

MOST_BYTES = 2**30
"""Of keys and values; a longer conversation is read anew each time. SmolVLM 256M needs 46 kB a
token in float32, LLaVA 1.5 7B 512 kB in 16 bits."""


@dataclass(frozen=True, slots=True)
class _Read:
    tokens: tuple[int, ...]
    photos: tuple[bytes, ...]
    cache: Any
    shift: Any


class ReadBefore:
    """One conversation of one model; not for several threads at once."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._image_token: int | None = getattr(model.config, "image_token_id", None)
        self._last: _Read | None = None

    def begin(self, tokens: Sequence[int], photos: Sequence[bytes]) -> Any:
        """Keys and values of as much of a conversation as was read, to be gone on with; or None.

        ``photos`` tell by their content which ones the image tokens stand for. What is handed out
        is forgotten here until `keep` gets it back.
        """
        last, self._last = self._last, None
        # Positions after photos depend on all of them, so there must be the very same ones.
        if last is None or last.photos != tuple(photos):
            return None
        # The last token is always read, since what follows from it is not kept.
        same = min(common(last.tokens, tokens), len(tokens) - 1)
        if same == 0 or self._image_token is None or self._image_token in tokens[same:]:
            return None
        last.cache.crop(min(0, same - last.cache.get_seq_length()))
        if last.shift is not None:
            self._model.base_model.rope_deltas = last.shift
        return last.cache

    def keep(self, tokens: Sequence[int], photos: Sequence[bytes], cache: Any) -> None:
        """Remember what was read: ``tokens`` with the reply, of which the last may be unread."""
        if _can_be_cut(cache) and _bytes(cache) <= MOST_BYTES:
            read = tuple(tokens[: cache.get_seq_length()])
            # Positions of Qwen's models lag behind the number of tokens, by what photos take.
            shift = getattr(self._model.base_model, "rope_deltas", None)
            self._last = _Read(read, tuple(photos), cache, shift)


def common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many first elements are the same.

    >>> common([1, 2, 3], [1, 2, 4, 3]), common([], [1]), common([1], [1])
    (2, 0, 1)
    """
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _can_be_cut(cache: Any) -> bool:
    from transformers.cache_utils import DynamicLayer

    # Sliding windows and recurrent states cannot go back to an earlier token.
    return all(type(layer) is DynamicLayer and layer.is_initialized for layer in cache.layers)


def _bytes(cache: Any) -> int:
    return sum(int(layer.keys.nbytes + layer.values.nbytes) for layer in cache.layers)
