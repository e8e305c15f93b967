"""What a half-typed query may go on with: names of operators, and values that a library has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.query.dates import RELATIVE
from index.query.tokens import Token, tokens, written_value
from index.query.values import ALIASES, FORMATS, OPERATORS

MOST = 8
"""So many completions at most; more are no help."""

_STARS = ("5", "4..", "3..", "2..", "1..")


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is in a library, each kind with what most photos have first."""

    folders: Sequence[str] = ()
    cameras: Sequence[str] = ()
    lenses: Sequence[str] = ()
    keywords: Sequence[str] = ()
    places: Sequence[str] = ()
    years: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """What to put in place of ``query[start:end]``."""

    text: str
    start: int
    end: int

    def applied(self, query: str) -> str:
        """The query with the completion in it."""
        return query[: self.start] + self.text + query[self.end :]


def complete(query: str, cursor: int, known: Facets) -> list[Completion]:
    """What the piece that ends at the cursor may become, likeliest first; [] between pieces.

    >>> known = Facets(folders=("Rome", "New York"))
    >>> [found.applied("cat in:n") for found in complete("cat in:n", 8, known)]
    ['cat in:"New York"']
    >>> [found.text for found in complete("cat ty", 6, known)]
    ['type:']
    """
    head = list(tokens(query[:cursor]))
    if not head or head[-1].end < cursor or (head[-1].quoted and head[-1].fault is None):
        return []
    typed = head[-1]
    end = next(token.end for token in tokens(query) if token.start == typed.start)
    texts = _values(query, typed, known) if typed.name else _names(query, typed)
    unlike = (text for text in dict.fromkeys(texts) if text != query[typed.start : end])
    return [
        Completion(text, typed.start, end) for text, _ in zip(unlike, range(MOST), strict=False)
    ]


def _names(query: str, typed: Token) -> Iterator[str]:
    if typed.quoted or not typed.value:
        return
    before = query[typed.start : typed.value_at]
    for name in [*OPERATORS, *ALIASES] if typed.weight is None else ["like"]:
        if name.startswith(typed.value.lower()):
            yield f"{before}{name}:"


def _values(query: str, typed: Token, known: Facets) -> Iterator[str]:
    before = query[typed.start : typed.value_at]
    name = (typed.name or "").lower()
    values = _known(ALIASES.get(name, name), known)
    wanted = typed.value.casefold()
    begin = [value for value in values if value.casefold().startswith(wanted)]
    inside = [value for value in values if f" {wanted}" in f" {value}".casefold()]
    yield from (before + written_value(value) for value in [*begin, *inside])


def _known(name: str, known: Facets) -> Sequence[str]:
    return {
        "in": known.folders,
        "camera": known.cameras,
        "lens": known.lenses,
        "keyword": known.keywords,
        "place": known.places,
        "type": tuple(FORMATS),
        "rating": _STARS,
        "taken": (*known.years, *RELATIVE, *(f"summer-{year}" for year in known.years)),
    }.get(name, ())
