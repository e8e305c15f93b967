"""How far a download is, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass

from ui.progress import span


@dataclass(frozen=True, slots=True)
class Arrived:
    """Bytes of a download so far; ``total`` is 0 until it is known."""

    done: int
    total: int
    per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model whose weights are all here."""

    name: str


def describe_arrived(now: Arrived) -> str:
    """Where a download stands, in words.

    >>> describe_arrived(Arrived(310_000_000, 1_500_000_000, 1.2e7))
    '20 %: 310 MB of 1.5 GB, 12 MB/s, 1 min 39 s left'
    >>> describe_arrived(Arrived(0, 0)), describe_arrived(Arrived(0, 2_000_000))
    ('Asking how large it is…', '0 %: 0 MB of 2 MB')
    """
    if not now.total:
        return "Asking how large it is…"
    share = int(100 * min(now.done, now.total) / now.total)
    parts = [f"{share} %: {size(now.done)} of {size(now.total)}"]
    if now.per_second:
        parts.append(f"{size(now.per_second)}/s")
        parts.append(f"{span(max(0, now.total - now.done) / now.per_second)} left")
    return ", ".join(parts)


def size(number: float) -> str:
    """Bytes as a person says them.

    >>> size(1_540_000_000), size(31_400_000), size(600_000)
    ('1.5 GB', '31 MB', '0.6 MB')
    """
    if number >= 1e9:
        return f"{number / 1e9:.1f} GB"
    megabytes = number / 1e6
    return f"{megabytes:.1f} MB" if 0 < megabytes < 1 else f"{megabytes:.0f} MB"
