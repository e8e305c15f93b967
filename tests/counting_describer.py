"""A fake describer that counts what it is asked, and may stop the program on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from vlm.fakes import EchoDescriber
from vlm.protocols import Message


class CountingDescriber(EchoDescriber):
    """Fake: as `EchoDescriber`; the photo with the number ``stop_at`` interrupts the program."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.asked = 0
        self.stop_at = stop_at

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        self.asked += 1
        if self.asked == self.stop_at:
            raise KeyboardInterrupt
        yield from super().describe(messages, max_tokens=max_tokens)


def use(describer: CountingDescriber, monkeypatch: pytest.MonkeyPatch) -> CountingDescriber:
    """Let it be the model that every run loads."""
    monkeypatch.setattr("vlm.registry.load_describer", lambda name: describer)
    return describer
