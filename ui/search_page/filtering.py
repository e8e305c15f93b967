"""Filters as part of the query, so that what narrows a search is seen, typed, and shared."""

from __future__ import annotations

from index.query.tokens import Token, tokens, written_value
from index.query.values import ALIASES, OPERATORS

_OF_MEANING = ("text", "caption", "like")
"""These look for something themselves."""


def value_of(query: str, name: str) -> str | None:
    """The value of the first filter of this name, or None.

    >>> value_of('a cat place:"Rome, Italy"', "place"), value_of("a cat", "place")
    ('Rome, Italy', None)
    """
    return next((one.value for one in tokens(query) if _is(one, name)), None)


def with_filter(query: str, name: str, value: str | None) -> str:
    """The query with this filter in place of any other of its name; None takes it away.

    >>> with_filter("a cat taken:2022", "taken", "2023"), with_filter("a cat in:x", "in", None)
    ('a cat taken:2023', 'a cat')
    """
    kept = [query[one.start : one.end] for one in tokens(query) if not _is(one, name)]
    return " ".join([*kept, f"{name}:{written_value(value)}"] if value else kept)


def without_filters(query: str) -> str:
    """Only what is looked for.

    >>> without_filters('a cat in:x -type:png text:"happy birthday"')
    'a cat text:"happy birthday"'
    """
    return " ".join(query[one.start : one.end] for one in tokens(query) if not _filters(one))


def _name(token: Token) -> str:
    name = (token.name or "").lower()
    return ALIASES.get(name, name)


def _is(token: Token, name: str) -> bool:
    return _name(token) == name and not token.minus


def _filters(token: Token) -> bool:
    return _name(token) in OPERATORS and _name(token) not in _OF_MEANING
