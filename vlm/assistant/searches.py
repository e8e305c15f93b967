"""A search as a conversation makes it: what is looked for, and what was added turn by turn.

What a later turn says against an earlier one takes its place: by day, after at night.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vlm.assistant.refining import FILTER, split

_SLOTS = (
    r"(?:at\s+|by\s+|in\s+(?:the\s+)?|during\s+(?:the\s+)?)?(?:bright\s+|broad\s+)?(?:night|day(?:light|time)?"
    r"|morning|afternoon|evening|noon|midday|dark|dawn|dusk|sunrise|sunset)(?:\s*time)?",
    r"indoors?|outdoors?|inside|outside",
    r"(?:in\s+(?:the\s+)?|during\s+(?:the\s+)?)?(?:spring|summer|autumn|fall|winter)(?:\s*time)?",
    r"(?:in\s+)?(?:black\s+and\s+white|monochrome|colou?r)",
)
"""What a photo has only one of: time of day, inside or outside, season, with colours or without."""
_PATTERNS = tuple(
    re.compile(rf"(?:^|(?<=\s))(?:taken\s+)?(?:{slot})(?=\s|$)", re.I) for slot in _SLOTS
)
_SAME = (
    frozenset(("person", "persons", "people", "human", "humans", "anybody", "anyone", "somebody")),
    frozenset(("kid", "kids", "child", "children")),
)
_WITH = r"(?:with|of|showing|at|by|in|on|that\s+shows?)"


@dataclass(frozen=True, slots=True)
class Search:
    """``subject`` is what is looked for, ``parts`` what was added: words, and filters."""

    subject: str = ""
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The search in the query language."""
        words = [part for part in self.parts if not _is_filter(part)]
        filters = [part for part in self.parts if _is_filter(part)]
        filters.sort(key=lambda part: part.startswith("-"))  # reads better: in 2021 without people
        said = " ".join((self.subject, *words)).strip()
        if not said and all(part.startswith("-") for part in filters):
            said = "photo" if filters else ""  # there is no search for what is left out alone
        return " ".join((said, *dict.fromkeys(filters))).strip()


def search_for(words: str) -> Search:
    """A search begun anew.

    >>> str(search_for("dogs from summer 2022 but not on the beach"))
    'dogs taken:summer-2022 -beach'
    >>> str(search_for("a 1965 mustang")), str(search_for("sunset last year"))
    ('a 1965 mustang', 'sunset taken:last-year')
    """
    if re.match(r"no\s", words, re.IGNORECASE):
        return Search(words)  # a no smoking sign; what is left out is said after something
    said, filters = split(words)
    return Search(re.sub(r"^(?:of|with)\s+(?=\w)", "", said) if filters else said, filters)


def changed(search: Search, more: str, *, instead: bool = False) -> Search:
    """A search with something added to it, or ``instead`` of what was added last.

    >>> dogs = search_for("a dog")
    >>> str(changed(dogs, "with a person")), str(changed(dogs, "without people in 2023"))
    ('a dog with a person', 'a dog taken:2023 -people')
    >>> night = changed(dogs, "at night")
    >>> str(changed(night, "by day")), str(changed(night, "not at night"))
    ('a dog by day', 'a dog -night')
    >>> str(changed(changed(dogs, "on the beach"), "in the forest", instead=True))
    'a dog in the forest'
    """
    words, filters = split(more)
    added = (*((words,) if words else ()), *filters)
    left = search
    for part in filters:
        left = _without(left, part)
    left = _without(left, words) if words else left
    added = tuple(_joined(part, search.parts) for part in added)
    if instead and left == search and left.parts:
        left = Search(left.subject, left.parts[:-1])
    return Search(left.subject, (*left.parts, *added))


def _joined(new: str, parts: tuple[str, ...]) -> str:
    """A period that the one before it goes on to, or begins, as the one that both tell.

    >>> _joined("taken:..2021", ("taken:2019..",)), _joined("taken:2021", ("taken:2019..",))
    ('taken:2019..2021', 'taken:2021')
    """
    for part in parts if new.startswith("taken:") else ():
        if new.startswith("taken:..") and part.endswith(".."):
            return f"{part}{new.removeprefix('taken:..')}"
        if new.endswith("..") and part.startswith("taken:.."):
            return f"{new}{part.removeprefix('taken:..')}"
    return new


def _without(search: Search, new: str) -> Search:
    """The search without what the new part contradicts."""
    if new.startswith("taken:"):
        others = tuple(part for part in search.parts if not part.startswith("taken:"))
        return Search(search.subject, others)
    if _is_filter(new) and not new.startswith("-"):
        return search
    if new.startswith("-"):
        wanted = "|".join(map(re.escape, _names(new.strip('-"'))))
        pattern = re.compile(
            rf"(?:^|(?<=\s)){_WITH}\s+(?:(?:an?|any|some|the)\s+)?(?:{wanted})(?=\s|$)",
            re.IGNORECASE,
        )
        return _cleared(search, pattern)
    kept = tuple(part for part in search.parts if not _wants(new, part))
    search = Search(search.subject, kept)
    for pattern in _PATTERNS:
        if pattern.search(new):
            search = _cleared(search, pattern)
    return search


def _cleared(search: Search, pattern: re.Pattern[str]) -> Search:
    """Without what a pattern finds; a subject that is nothing else stays."""
    parts = (_cut(part, pattern) for part in search.parts)
    return Search(_cut(search.subject, pattern) or search.subject, tuple(filter(None, parts)))


def _cut(words: str, pattern: re.Pattern[str]) -> str:
    if _is_filter(words):
        return words
    return re.sub(r"(?:\s+(?:and|or))+$", "", " ".join(pattern.sub(" ", words).split()))


def _wants(new: str, part: str) -> bool:
    """Whether a part leaves out what new words ask for."""
    left_out = part.strip('-"').lower()
    said = new.lower().split()
    return part.startswith("-") and any(name in said for name in _names(left_out))


def _names(thing: str) -> tuple[str, ...]:
    group = next((same for same in _SAME if thing.lower() in same), frozenset((thing,)))
    plain = thing.rstrip("s")
    return tuple(sorted({*group, thing, plain, f"{plain}s"}, key=len, reverse=True))


def _is_filter(part: str) -> bool:
    return part.startswith("-") or FILTER.match(part) is not None
