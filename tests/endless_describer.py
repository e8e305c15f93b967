"""A fake describer that never stops by itself, and says when it was stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from vlm.errors import RemoteModelFailed
from vlm.fakes import EchoDescriber
from vlm.protocols import Message


class EndlessDescriber:
    """Fake: the same word again and again, until nobody listens."""

    name = "fake"
    prompts = EchoDescriber.prompts

    def __init__(self) -> None:
        self.began = threading.Event()
        self.stopped = threading.Event()

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        self.began.set()
        try:
            while not threading.Event().wait(0.01):
                yield "word "
        finally:
            self.stopped.set()


class FailingDescriber:
    """Fake: says so many words, then its server is gone."""

    name = "fake"
    prompts = EchoDescriber.prompts

    def __init__(self, words: int) -> None:
        self.words = words

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        yield from ["word "] * self.words
        raise RemoteModelFailed("fake", "models.example:8000", "it hung up")
