"""What a model server says that replies cost: tokens, and money where it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, runtime_checkable


@dataclass(slots=True)
class Usage:
    """Sums over all replies so far; ``cost`` is in the server's own currency, 0 if never told."""

    read: int = 0
    written: int = 0
    cost: float = 0.0
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def add(self, told: object) -> None:
        """Add what a server tells of one reply; anything else than numbers is nothing."""
        with self._lock:  # several replies may come at once
            self.read += int(_number(getattr(told, "prompt_tokens", 0)))
            self.written += int(_number(getattr(told, "completion_tokens", 0)))
            self.cost += _number(getattr(told, "cost", 0))

    def __str__(self) -> str:
        """In words; empty where nothing was told.

        >>> str(Usage(12_000, 340, 0.0125)), str(Usage())
        ('12,000 tokens read, 340 written, cost 0.0125', '')
        """
        if not self.read and not self.written:
            return ""
        cost = f", cost {self.cost:.4f}" if self.cost else ""
        return f"{self.read:,} tokens read, {self.written:,} written{cost}"


@runtime_checkable
class Metered(Protocol):
    """A describer that knows what its replies have cost."""

    @property
    def usage(self) -> Usage:
        """Since it was loaded."""


def _number(value: object) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return float(value) if good and isinstance(value, int | float) else 0.0
