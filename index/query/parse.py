r"""The query language: one reader for the command line, the pages and the assistant.

    a red barn                 what is looked for, by meaning
    "no entry"                 words that must stand with the photo, looked for by meaning too
    -dog -"black dog"          subtracted
    2:barn 0.5:"winter sky"    with a weight
    like:beach.jpg at night    a photo, and words
    in:holiday -type:png       filters; `index.query.values.OPERATORS` has them all

Quotes hold a value together: ``in:"New York"``. A backslash makes the next character an ordinary
one: ``\-dog`` is a word that begins with a hyphen. What looks like an operator and is none is
refused, rather than searched as words, which would look as if it had worked.
"""

from __future__ import annotations

from typing import cast

from index.query.parts import (
    SUBTRACTED,
    Filter,
    FilterName,
    Like,
    Part,
    Query,
    Weighted,
    Words,
    query_of,
)
from index.query.tokens import Token, tokens
from index.query.values import ALIASES, OPERATORS, ValueUnreadable, meant, read_value
from vlm.errors import QueryInvalid

LIGHTEST, HEAVIEST = 0.01, 100.0
"""Bounds of a weight."""


def parse(query: str) -> Query:
    """Read a query. Raises `QueryInvalid`, which knows the character where it goes wrong.

    >>> print(parse('red  barn IN:"New York" tag:sea type:jpg'))
    red barn in:"New York" keyword:sea type:jpeg
    """
    parts = (_part(query, token) for token in tokens(query))
    return query_of(part for part in parts if part is not None)


def _part(query: str, token: Token) -> Part | None:
    if token.fault is not None:
        raise QueryInvalid(query, token.fault.reason, token.fault.position)
    name = ALIASES.get((token.name or "").lower(), (token.name or "").lower())
    if name == "like":
        return Like(_filled(query, token, name, token.value), _weight(query, token), token.value_at)
    if name in OPERATORS:
        return _filter(query, token, cast(FilterName, name))
    text = " ".join(token.value.split())
    if name:
        _refuse_meant(query, token, name)
        text = f"{token.name}:{text}"
    if token.minus or token.weight is not None:
        return Weighted(_filled(query, token, "a term", text), _weight(query, token))
    if not text:
        return None
    return Words(text, exact=token.quoted)


def _filter(query: str, token: Token, name: FilterName) -> Filter:
    if token.weight is not None:
        reason = f"a weight goes with words or like:, and {name}: is a filter"
        raise QueryInvalid(query, reason, token.start + token.minus)
    try:
        value = read_value(name, _filled(query, token, name, token.value))
    except ValueUnreadable as error:
        place = token.value_at + token.quoted + error.offset
        raise QueryInvalid(query, str(error), place) from None
    return Filter(name, value, token.minus, token.value_at)


def _filled(query: str, token: Token, name: str, value: str) -> str:
    if value.strip():
        return value
    if name not in OPERATORS:
        raise QueryInvalid(query, "there are no words here", token.value_at)
    reason = f"{name}: needs its value right behind it, without a blank, such as {OPERATORS[name]}"
    raise QueryInvalid(query, reason, token.value_at)


def _weight(query: str, token: Token) -> float:
    usual = SUBTRACTED if token.minus else 1.0
    size = usual if token.weight is None else float(token.weight)
    if not LIGHTEST <= size <= HEAVIEST:
        reason = f"a weight is a number from {LIGHTEST:g} to {HEAVIEST:g}"
        raise QueryInvalid(query, reason, token.start + token.minus)
    return -size if token.minus else size


def _refuse_meant(query: str, token: Token, name: str) -> None:
    """A name that is no operator is a word, as in ``http://…``, unless it looks meant as one."""
    likely = meant(name)
    if likely is None and not token.quoted:
        return
    say = f"did you mean {likely}:?" if likely else f"known: {', '.join(OPERATORS)}"
    words = f'to search for it as words, put "{token.name}:…" in quotes'
    place = token.value_at - len(name) - 1
    raise QueryInvalid(query, f"there is no '{token.name}:'; {say} Or, {words}", place)
