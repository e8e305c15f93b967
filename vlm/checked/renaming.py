"""A noun phrase written anew: without a number or an adjective, or with a wider noun."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vlm.checked.things import Quality, Thing
from vlm.starter.nouns import Nouns, article, is_many

_PLURALS = {"person": "people", "man": "men", "woman": "women", "child": "children"}


def renamed(
    text: str,
    thing: Thing,
    nouns: Nouns,
    *,
    without: Sequence[Quality] = (),
    uncounted: bool = False,
    other: str | None = None,
) -> str:
    """The words of a thing, some adjectives left out, its number left out, or its noun replaced.

    >>> from vlm.checked.things import mentions
    >>> nouns = Nouns(("dog", "apron"))
    >>> text = "two orange and white dogs"
    >>> [dogs] = mentions(text, nouns)
    >>> renamed(text, dogs, nouns, without=dogs.qualities[:1], uncounted=True)
    'white dogs'
    >>> renamed(text, dogs, nouns, without=dogs.qualities[1:], other="animal")
    'two orange animals'
    """
    start = thing.start
    if uncounted and thing.number:
        start = _skip_space(text, thing.number[1])
    before = _left(text, start, thing.name[0], [(q.start, q.end) for q in without])
    name = text[slice(*thing.name)]
    if other is not None:
        name = plural(other) if thing.many else other
    first, space, rest = f"{before}{name}".partition(" ")
    if first.lower() not in ("a", "an") or not space:
        return first + space + rest
    return f"{article(rest.lower())} {rest}" if other not in nouns.mass else rest


def plural(noun: str) -> str:
    """The plural of a known noun.

    >>> [plural(noun) for noun in ("child", "animal", "baby", "bus", "pants")]
    ['children', 'animals', 'babies', 'buses', 'pants']
    """
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun != "bus" and is_many(noun):
        return noun
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")


def _left(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    said, at = [], start
    for first, last in spans:
        said.append(text[at:first])
        at = _skip_space(text, last)
        joint = re.match(r"(?:and\s|,\s*)\s*", text[at:end])
        at += joint.end() if joint else 0
    words = "".join((*said, text[at:end]))
    return re.sub(r"(?:\band|,)\s+$", "", words)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
