"""A search in the words of a reply: what the query language says shortly is said in English."""

from __future__ import annotations

import re

_TAKEN = re.compile(r"(?<!\S)taken:(?P<first>[\w-]*?)(?P<dots>\.\.)?(?P<last>[\w-]*)(?!\S)")
_MINUS = re.compile(r"(?<!\S)-(?:\"(?P<several>[^\"]+)\"|(?P<one>[^\W\d_][\w'-]*))(?!\S)")
_RELATIVE = ("last-", "this-", "today", "yesterday")


def in_words(query: str) -> str:
    """A query as people would say it; filters that are seldom said stay as they are.

    >>> in_words('a dog taken:summer-2022 -people -"red cars"')
    'a dog from summer 2022 without people without red cars'
    >>> in_words("taken:2019.."), in_words("taken:..2021"), in_words("sunset taken:last-year")
    ('from 2019 on', 'until 2021', 'sunset last year')
    >>> in_words("a dog"), in_words("dog type:png"), in_words("taken:2019..2021")
    ('a dog', 'dog type:png', 'from 2019 to 2021')
    """
    said = _TAKEN.sub(_period, query)
    return _MINUS.sub(lambda found: f"without {found['several'] or found['one']}", said)


def quoted(query: str) -> str:
    """The same in quotation marks, for a sentence."""
    return f"\u201c{in_words(query)}\u201d"


def _period(found: re.Match[str]) -> str:
    first, last = _point(found["first"]), _point(found["last"])
    if found["dots"]:
        if first and last:
            return f"from {first} to {last}"
        return f"from {first} on" if first else f"until {last}"
    point = found["first"] + found["last"]
    return _point(point) if point.startswith(_RELATIVE) else f"from {_point(point)}"


def _point(point: str) -> str:
    return point.replace("-", " ") if re.match(r"[a-z]", point) else point
