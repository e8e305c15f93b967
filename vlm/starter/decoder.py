"""The decoder's ONNX graph with its cache of keys and values: tokens in, log probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vlm.starter.strategies import Floats, Ints


@dataclass(frozen=True, slots=True)
class State:
    """Texts under way about one photo.

    ``keys`` and ``values`` ``(1, layers, heads, slots, width)`` are the photo's, ``past_keys`` and
    ``past_values`` ``(texts, layers, heads, positions, width)`` those of the tokens so far.
    """

    keys: Floats
    values: Floats
    past_keys: Floats
    past_values: Floats


class Decoder:
    """An ONNX session as functions of a state; it holds nothing of its own."""

    def __init__(self, session: Any) -> None:
        self._session = session
        shapes = {taken.name: taken.shape for taken in session.get_inputs()}
        _, self._layers, self._heads, _, self._width = shapes["past_keys"]

    def start(self, keys: Floats, values: Floats, prefix: Sequence[int]) -> tuple[State, Floats]:
        """Read the tokens before the first that is to be written.

        Returns a state of one text, and the log probabilities ``(words,)`` of its next token.
        """
        empty = np.zeros((1, self._layers, self._heads, 0, self._width), np.float32)
        state, log_odds = self._read(State(keys, values, empty, empty), np.array([prefix]))
        return state, log_odds[0, -1]

    def step(self, state: State, rows: Ints, tokens: Ints) -> tuple[State, Floats]:
        """Continue the named rows of a state with a token each: ``(rows, words)``."""
        state, log_odds = self._read(_rows(state, rows), tokens[:, None])
        return state, log_odds[:, -1]

    def score(
        self, state: State, first: Floats, texts: Sequence[Sequence[int]], end: int
    ) -> Floats:
        """Log probability of each of some texts, their ``end`` included, after a start."""
        longest = max(map(len, texts))
        tokens = np.array([[*text, *[end] * (longest - len(text))] for text in texts])
        _, after = self._read(_rows(state, np.zeros(len(texts), np.int64)), tokens)
        totals = [
            first[text[0]] + sum(after[row, at, t] for at, t in enumerate((*text[1:], end)))
            for row, text in enumerate(texts)
        ]
        return np.array(totals, np.float32)

    def _read(self, state: State, tokens: Ints) -> tuple[State, Floats]:
        feed = {
            "tokens": tokens.astype(np.int64, copy=False),
            "past_keys": state.past_keys,
            "past_values": state.past_values,
            "keys": state.keys,
            "values": state.values,
        }
        outputs = ["logits", "present_keys", "present_values"]
        logits, past_keys, past_values = self._session.run(outputs, feed)
        return State(state.keys, state.values, past_keys, past_values), log_softmax(logits)


def _rows(state: State, rows: Ints) -> State:
    if np.array_equal(rows, np.arange(len(state.past_keys))):
        return state
    return State(state.keys, state.values, state.past_keys[rows], state.past_values[rows])


def log_softmax(logits: Floats) -> Floats:
    """Log probabilities over the last axis.

    >>> import numpy as np
    >>> np.exp(log_softmax(np.array([[0, 0], [1e4, 0]], np.float32))).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    shifted = logits - logits.max(-1, keepdims=True)
    odds: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return odds
