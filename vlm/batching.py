"""Many requests to one model: refused ones set aside, the rest in batches of similar length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from vlm.errors import RuntimeUnavailable, VlmError
from vlm.protocols import Message

A = TypeVar("A")
B = TypeVar("B")
P = TypeVar("P")

WINDOW = 4
"""Batches of requests that are sorted before the first is answered: few tokens are padding."""
PREPARED = 8
"""Requests that are prepared at once: pixels of more of them would ask for memory."""


def in_batches(
    requests: Sequence[Sequence[Message]],
    size: int,
    *,
    prepare: Callable[[list[Sequence[Message]]], Sequence[P | VlmError]],
    length: Callable[[P], int],
    reply: Callable[[list[P]], Sequence[str]],
) -> list[str | VlmError]:
    """Replies to requests in their order; the error of each one that cannot be answered.

    ``prepare`` makes a few requests ready or refuses some by a `VlmError` in their place
    (`one_by_one`); ``reply`` answers at most ``size`` of about the same ``length``. Where the
    memory does not suffice, either is asked again about half of them.
    """
    replies: dict[int, str | VlmError] = {}
    for start in range(0, len(requests), size * WINDOW):
        ready: dict[int, P] = {}
        stop = min(len(requests), start + size * WINDOW)
        for first in range(start, stop, PREPARED):
            few = range(first, min(stop, first + PREPARED))
            made = _halving([requests[number] for number in few], prepare)
            for number, one in zip(few, made, strict=True):
                if isinstance(one, VlmError):
                    replies[number] = one
                else:
                    ready[number] = one
        # The longest first: where the memory does not suffice, that is seen at once.
        order = sorted(ready, key=lambda number: -length(ready[number]))
        for first in range(0, len(order), size):
            some = order[first : first + size]
            said = _halving([ready[number] for number in some], reply)
            replies.update(zip(some, said, strict=True))
    return [replies[number] for number in range(len(requests))]


def one_by_one(
    prepare: Callable[[Sequence[Message]], P],
) -> Callable[[list[Sequence[Message]]], list[P | VlmError]]:
    """For `in_batches`: each request by itself, where nothing is gained by several at once."""

    def made(messages: Sequence[Message]) -> P | VlmError:
        try:
            return prepare(messages)
        except VlmError as error:
            return error

    return lambda requests: [made(messages) for messages in requests]


def _halving(batch: list[A], do: Callable[[list[A]], Sequence[B]]) -> list[B | VlmError]:
    try:
        return list(do(batch))
    except RuntimeUnavailable as error:
        if len(batch) == 1:
            return [error]
    half = len(batch) // 2
    return _halving(batch[:half], do) + _halving(batch[half:], do)
