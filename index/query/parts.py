"""What a query says: words, weighted words, photos and filters, in the order they were typed.

Each part writes itself so that reading it gives an equal part again. ``at`` is the character of
the query where the part's value begins, for messages; it takes no part in comparisons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from index.query.dates import Period
from index.query.tokens import quoted, written_value, written_word

FilterName = Literal[
    "in",
    "type",
    "camera",
    "lens",
    "rating",
    "keyword",
    "taken",
    "near",
    "place",
    "text",
    "caption",
    "file",
]


SUBTRACTED = 0.5
"""Weight of a term with a minus sign and no number.

Measured with the starter on the 1,000 photos of Flickr8k dev, pairs of 40 concepts, the first five
hits of "a -b": with 0.5, 56 % show a and not b and 8 % show b; with 1, 52 % and 5 %, since less is
left of a; without subtracting, 52 % and 15 %.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words; ``exact`` ones were in quotes, and must stand with the photo as a phrase."""

    text: str
    exact: bool = False

    def __str__(self) -> str:
        return quoted(self.text) if self.exact else " ".join(map(written_word, self.text.split()))


@dataclass(frozen=True, slots=True)
class Weighted:
    """Words with a vector of their own; a negative weight subtracts it."""

    text: str
    weight: float

    def __str__(self) -> str:
        # Only letters are safe: "-5" is no subtraction, "2:5" no weight, "2:in:x" no words.
        text = self.text if self.text.isalpha() else quoted(self.text)
        return f"{_sign(self.weight)}{text}"


@dataclass(frozen=True, slots=True)
class Like:
    """A photo file whose vector is added, or subtracted."""

    path: str
    weight: float = 1.0
    at: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        sign = "" if self.weight == 1 else _sign(self.weight)
        return f"{sign}like:{written_value(self.path)}"


@dataclass(frozen=True, slots=True)
class Ratings:
    """Stars from one number to another; an empty end is open."""

    low: int | None
    high: int | None

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        return f"{'' if self.low is None else self.low}..{'' if self.high is None else self.high}"


@dataclass(frozen=True, slots=True)
class Circle:
    """Degrees north and east of the middle, and kilometres around it."""

    latitude: float
    longitude: float
    km: float

    def __str__(self) -> str:
        return f"{self.latitude!r},{self.longitude!r},{self.km!r}"


Value: TypeAlias = str | Period | Ratings | Circle


@dataclass(frozen=True, slots=True)
class Filter:
    """What a photo must have, or must not have."""

    name: FilterName
    value: Value
    negated: bool = False
    at: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{self.name}:{written_value(str(self.value))}"


Part: TypeAlias = Words | Weighted | Like | Filter


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read; make it with `query_of`, which has neighbouring words in one part."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))

    @property
    def words(self) -> tuple[Words, ...]:
        """Plain and exact words."""
        return tuple(part for part in self.parts if isinstance(part, Words))

    @property
    def text(self) -> str:
        """All plain words, exact ones too: what is looked for by meaning."""
        return " ".join(part.text for part in self.words)

    @property
    def exact(self) -> tuple[str, ...]:
        """Phrases that must stand in the name, folder, keywords, caption or text of a photo."""
        exact = (part.text for part in self.words if part.exact)
        return tuple(text for text in exact if any(map(str.isalnum, text)))

    @property
    def terms(self) -> tuple[Weighted | Like, ...]:
        """What is added to the plain words, or subtracted."""
        return tuple(part for part in self.parts if isinstance(part, Weighted | Like))

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What bounds the photos that are searched."""
        return tuple(part for part in self.parts if isinstance(part, Filter))


def query_of(parts: Iterable[Part]) -> Query:
    """The query of some parts; plain words side by side become one part.

    >>> query_of([Words("red"), Words("barn"), Words("no entry", exact=True)]).parts
    (Words(text='red barn', exact=False), Words(text='no entry', exact=True))
    """
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Words) and isinstance(last, Words) and not (part.exact or last.exact):
            joined[-1] = Words(f"{last.text} {part.text}")
        else:
            joined.append(part)
    return Query(tuple(joined))


def _sign(weight: float) -> str:
    """The minus sign and weight in front of a term; weights have no exponent by their bounds."""
    if weight == -SUBTRACTED:
        return "-"
    return f"{weight:.10g}:" if weight == float(f"{weight:.10g}") else f"{weight!r}:"
