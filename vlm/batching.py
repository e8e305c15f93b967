"""Many requests to one model: refused ones set aside, the rest in batches of similar length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from vlm.errors import RuntimeUnavailable, VlmError
from vlm.protocols import Message

P = TypeVar("P")

WINDOW = 4
"""Batches of requests that are prepared together and sorted, so that few tokens are padding."""


def in_batches(
    requests: Sequence[Sequence[Message]],
    size: int,
    *,
    prepare: Callable[[Sequence[Message]], P],
    length: Callable[[P], int],
    reply: Callable[[list[P]], Sequence[str]],
) -> list[str | VlmError]:
    """Replies to requests in their order; the error of each one that cannot be answered.

    ``prepare`` makes a request ready or refuses it by a `VlmError`; ``reply`` answers at most
    ``size`` of about the same ``length``. A batch for which the memory does not suffice is halved.
    """
    replies: dict[int, str | VlmError] = {}
    for start in range(0, len(requests), size * WINDOW):
        ready: dict[int, P] = {}
        for number in range(start, min(len(requests), start + size * WINDOW)):
            try:
                ready[number] = prepare(requests[number])
            except VlmError as error:
                replies[number] = error
        # The longest first: where the memory does not suffice, that is seen at once.
        order = sorted(ready, key=lambda number: -length(ready[number]))
        for first in range(0, len(order), size):
            some = order[first : first + size]
            said = _halving([ready[number] for number in some], reply)
            replies.update(zip(some, said, strict=True))
    return [replies[number] for number in range(len(requests))]


def _halving(batch: list[P], reply: Callable[[list[P]], Sequence[str]]) -> list[str | VlmError]:
    try:
        return list(reply(batch))
    except RuntimeUnavailable as error:
        if len(batch) == 1:
            return [error]
    half = len(batch) // 2
    return _halving(batch[:half], reply) + _halving(batch[half:], reply)
