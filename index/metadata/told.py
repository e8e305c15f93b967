"""What one source tells of a photo, and the value of the first source that is not silent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from index.metadata.plain_text import plain

T = TypeVar("T")

MAX_KEYWORDS = 200
"""More than anybody types; a file that lists a million must not fill the catalogue."""


@dataclass(frozen=True, slots=True)
class Told:
    """Times are ISO 8601, ``position`` is latitude and longitude in degrees; None is silence."""

    taken_at: str | None = None
    digitised_at: str | None = None
    changed_at: str | None = None
    camera: str | None = None
    lens: str | None = None
    position: tuple[float, float] | None = None
    rating: int | None = None
    title: str | None = None
    description: str | None = None
    alt_text: str | None = None
    extended_description: str | None = None
    keywords: tuple[str, ...] = ()


def first(*values: T | None) -> T | None:
    """The first that is not None; a rating of 0 counts.

    >>> first(None, 0, 5)
    0
    """
    return next((value for value in values if value is not None), None)


def tidy_keywords(values: Iterable[object]) -> tuple[str, ...]:
    """Each keyword once, whatever its case, in the order given.

    >>> tidy_keywords(["Rome", "rome ", "", b"night"])
    ('Rome', 'night')
    """
    kept: dict[str, str] = {}
    for value in values:
        word = plain(value)
        if word is not None:
            kept.setdefault(word.casefold(), word)
        if len(kept) == MAX_KEYWORDS:
            break
    return tuple(kept.values())
