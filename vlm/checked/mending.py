"""A rewritten sentence as people would write it: articles, words said twice, two of a kind."""

from __future__ import annotations

import re

from vlm.checked.english import AUXILIARIES, JOINTS, UNCOUNTED
from vlm.checked.hedging import OPENS
from vlm.checked.renaming import plural
from vlm.checked.things import Thing, mentions, preposition_at, tokens_of
from vlm.starter.nouns import Nouns, article

_TWICE = re.compile(r"\b((?!an? )(?:\w+ )?(\w+)) (?:and )?\1\b", re.IGNORECASE)
_TWO = re.compile(r"((?:\w+ )?)an? (\w+) and an? \2(?=( are\b|[.,]|$))", re.IGNORECASE)


def mended(said: str, nouns: Nouns) -> str:
    """One sentence of a description; what reads well stays as it is.

    >>> nouns = Nouns(("person", "grass"))
    >>> mended("A person and a person are standing on a grass.", nouns)
    'Two people are standing on grass.'
    """
    said = _TWICE.sub(lambda found: found[1] if nouns.meant(found[2]) else found[0], said)
    said = _together(said)
    for thing in reversed(list(mentions(said, nouns))):
        words = said[thing.start : thing.end]
        said = f"{said[: thing.start]}{_with_article(said, thing, words, nouns)}{said[thing.end :]}"
    return said


def _together(said: str) -> str:
    """Two subjects that came to be called the same are counted, or told apart."""
    found = _TWO.match(said)
    if found is None or (found[1] and not OPENS.match(found[1])):
        return said
    noun, rest = found[2].lower(), said[found.end() :]
    if found[3] == ",":
        start = found[0].rpartition(" and ")[0]
        return f"{start} and another {noun}{rest}"
    return f"{found[1]}{'two' if found[1] else 'Two'} {plural(noun)}{rest}"


def _with_article(said: str, thing: Thing, words: str, nouns: Nouns) -> str:
    first, _, rest = words.partition(" ")
    if first.lower() not in ("a", "an") or not rest:
        return words
    name = said[slice(*thing.name)].lower()
    doing = name.endswith("ing") and nouns.meant(name) is None
    if (name in UNCOUNTED or doing) and _ends(said[thing.end :]):
        return rest.capitalize() if first[0].isupper() else rest
    right = article(rest.lower())
    return f"{right.capitalize() if first[0].isupper() else right} {rest}"


def _ends(after: str) -> bool:
    """Whether the words behind a noun cannot be part of its name."""
    tokens = tokens_of(after)
    if not tokens or not tokens[0].word[0].isalpha():
        return True
    word = tokens[0].word
    return word in AUXILIARIES or word in JOINTS or preposition_at(tokens, 0) > 0
