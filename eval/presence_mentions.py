"""Which of the 80 COCO objects captions mention, and which they leave open. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from eval.presence_objects import HINTED, NAMED, UNSURE_AFTER, UNSURE_BEFORE

_WORD = re.compile(r"[a-z]+")


class Mentioned(NamedTuple):
    """The objects that are mentioned, and those that are but perhaps."""

    surely: frozenset[str]
    perhaps: frozenset[str]


def mentioned(captions: Iterable[str]) -> Mentioned:
    """What captions of one photo say is in it; one that mentions an object is enough.

    >>> seen = mentioned(["Two puppies eat a hot dog .", "An orange toy truck"])
    >>> sorted(seen.surely), sorted(seen.perhaps)
    (['dog', 'hot dog'], ['orange', 'truck'])
    """
    surely: set[str] = set()
    perhaps: set[str] = set()
    for caption in captions:
        for phrase, doubtful in _phrases(_WORD.findall(caption.lower())):
            (perhaps if doubtful else surely).update(_NAMED.get(phrase, ()))
            perhaps.update(_HINTED.get(phrase, ()))
    return Mentioned(frozenset(surely), frozenset(perhaps - surely))


def object_named(word: str) -> str | None:
    """The class that a word or its plural names without doubt.

    >>> object_named("Aeroplanes"), object_named("fountain")
    ('airplane', None)
    """
    phrase = " ".join(_WORD.findall(word.lower()))
    return phrase if phrase in OBJECTS else next(iter(_NAMED.get(phrase, ())), None)


def plural(noun: str) -> str:
    """The regular plural of an English noun.

    >>> [plural(noun) for noun in ("boy", "puppy", "bench", "policeman", "traffic light")]
    ['boys', 'puppies', 'benches', 'policemen', 'traffic lights']
    """
    if noun.endswith("man") and noun != "human":
        return noun[:-3] + "men"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")


def _phrases(words: list[str]) -> Iterator[tuple[str, bool]]:
    """The known phrases, the longest first, and whether the words beside them put them in doubt."""
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + size])
            if phrase in _NAMED or phrase in _HINTED:
                before = [word for word in words[max(0, at - 2) : at] if word not in ("a", "any")]
                after = words[at + size : at + size + 1]
                yield phrase, bool(UNSURE_BEFORE & {*before[-1:]} or UNSURE_AFTER & {*after})
                at += size
                break
        else:
            at += 1


def _entries(table: str) -> Iterator[tuple[str, str]]:
    for entry in re.sub(r"\n  ", " ", table).strip().split("\n"):
        left, _, right = entry.partition(":")
        yield left, right.strip()


def _with_plurals(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, name in pairs:
        for form in (word, plural(word)):
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


_NAMED = _with_plurals(
    (word, name.lstrip("~"))
    for name, words in _entries(NAMED)
    for word in (name, *_words(words))
    if not word.startswith("~")
)
_HINTED = _with_plurals((word, name) for words, name in _entries(HINTED) for word in _words(words))
_LONGEST = max(len(phrase.split()) for phrase in (*_NAMED, *_HINTED))

OBJECTS = tuple(name.lstrip("~") for name, _ in _entries(NAMED))
"""The names of the 80 classes."""
