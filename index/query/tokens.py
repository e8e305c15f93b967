"""What a query is written with: pieces between blanks, quotes, backslashes, minus signs, weights.

Reading never fails. A piece that breaks a rule carries its fault, so that a half-typed query can
be completed as well as a whole one can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

QUOTE, ESCAPE, MINUS = '"', "\\", "-"

_WEIGHT = re.compile(r"(\d+(?:\.\d+)?|\.\d+):(?=[^\d\s])", re.ASCII)
_NAME = re.compile(r"([A-Za-z]+):")


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a rule of writing is broken, and which."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Token:
    """One piece, ``query[start:end]``, taken apart; quotes and backslashes are gone from ``value``.

    ``weight`` and ``name`` are as typed, without their colons; ``value_at`` is where the value
    begins, at its quote where it has one.
    """

    start: int
    end: int
    value: str
    value_at: int
    minus: bool = False
    weight: str | None = None
    name: str | None = None
    quoted: bool = False
    fault: Fault | None = None


def tokens(query: str) -> Iterator[Token]:
    r"""The pieces of a query in their order.

    >>> [(t.minus, t.weight, t.name, t.value) for t in tokens(r'-"a b" 2:in:New\ York')]
    [(True, None, None, 'a b'), (False, '2', 'in', 'New York')]
    """
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        token = _token(query, at)
        yield token
        at = token.end


def _token(query: str, start: int) -> Token:
    at = start
    minus = subtracts(query, at)
    if minus:
        at += 1
    weight = _WEIGHT.match(query, at)
    if weight:
        at = weight.end()
    name = _NAME.match(query, at)
    if name:
        at = name.end()
    quoted = query[at : at + 1] == QUOTE
    value, end, fault = _quoted(query, at) if quoted else _bare(query, at)
    return Token(
        start,
        end,
        value,
        at,
        minus,
        weight[1] if weight else None,
        name[1] if name else None,
        quoted,
        fault,
    )


def subtracts(query: str, at: int = 0) -> bool:
    """Whether a minus sign that means something, as in ``-dog``, stands at a place.

    Dashes between words and numbers below zero are words.

    >>> [subtracts(piece) for piece in ("-dog", '-"a b"', "-2:cat", "-", "--", "-5", "dog")]
    [True, True, True, False, False, False, False]
    """
    after = query[at + 1 : at + 2]
    if not query.startswith(MINUS, at) or not after:
        return False
    return after.isalpha() or after in (QUOTE, ESCAPE) or bool(_WEIGHT.match(query, at + 1))


def has_prefix(word: str) -> bool:
    """Whether a word would be read as a name or a weight with its value.

    >>> [has_prefix(word) for word in ("in:rome", "2:cat", "10:30", ":)", "cat")]
    [True, True, False, False, False]
    """
    return bool(_WEIGHT.match(word) or _NAME.match(word))


def _bare(query: str, start: int) -> tuple[str, int, Fault | None]:
    said: list[str] = []
    at = start
    while at < len(query) and not query[at].isspace():
        if query[at] == ESCAPE:
            at += 1
            if at == len(query):
                return "".join(said), at, Fault(at - 1, "nothing stands after the backslash")
        said.append(query[at])
        at += 1
    return "".join(said), at, None


def _quoted(query: str, start: int) -> tuple[str, int, Fault | None]:
    said: list[str] = []
    at = start + 1
    while at < len(query) and query[at] != QUOTE:
        if query[at] == ESCAPE and at + 1 < len(query):
            at += 1
        said.append(query[at])
        at += 1
    if at >= len(query):
        return "".join(said), len(query), Fault(start, "this double quote is not closed")
    at += 1
    if at == len(query) or query[at].isspace():
        return "".join(said), at, None
    fault = Fault(at, "a blank must follow the closing double quote")
    while at < len(query) and not query[at].isspace():
        at += 1
    return "".join(said), at, fault


def written_word(word: str) -> str:
    r"""One word without blanks, written so that it is read as that very word.

    >>> [written_word(word) for word in ("cat", "-dog", "in:x", '"', "10:30")]
    ['cat', '\\-dog', 'in\\:x', '\\"', '10:30']
    """
    safe = word.replace(ESCAPE, ESCAPE * 2)
    if safe.startswith(QUOTE) or subtracts(safe):
        return ESCAPE + safe
    return safe.replace(":", ESCAPE + ":", 1) if has_prefix(safe) else safe


def written_value(value: str) -> str:
    r"""A value behind its colon, in quotes where it needs them.

    >>> written_value("rome"), written_value("New York")
    ('rome', '"New York"')
    """
    safe = value.replace(ESCAPE, ESCAPE * 2)
    if value and value[0] != QUOTE and not any(map(str.isspace, value)):
        return safe
    return quoted(value)


def quoted(text: str) -> str:
    r"""Any text between double quotes.

    >>> quoted('12" pizza')
    '"12\\" pizza"'
    """
    safe = text.replace(ESCAPE, ESCAPE * 2).replace(QUOTE, ESCAPE + QUOTE)
    return f"{QUOTE}{safe}{QUOTE}"
