"""Describers that stop once nobody waits for their words any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from vlm.protocols import Describer, Message

_OTHER = ("samples", "chances", "likely", "answer", "where")
"""What `vlm.protocols` lets a describer do besides; short, so it is passed on as it is."""


class Stoppable:
    """A describer that ends a reply between two pieces as soon as ``stopped`` says so.

    ``stopped`` may raise instead, for callers that are to see nothing of the rest.
    """

    def __init__(self, describer: Describer, stopped: Callable[[], bool]) -> None:
        self._describer = describer
        self._stopped = stopped
        self.name = describer.name
        self.prompts = describer.prompts
        for name in _OTHER:
            if hasattr(describer, name):  # on the object, where `isinstance` of a protocol looks
                setattr(self, name, getattr(describer, name))

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """As the describer itself, until it is told to stop."""
        if self._stopped():
            return
        for piece in self._describer.describe(messages, max_tokens=max_tokens):
            if self._stopped():
                return
            yield piece
