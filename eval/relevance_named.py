"""What captions name: nouns, and nouns with the one word before them. Pure functions.

No list of nouns is needed. What stands between an article or a number and a preposition, a
conjunction or an auxiliary verb is a noun ("a *dog* on the grass"), and so is the last of two such
words where it is known as one ("a *brown dog* with").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.presence_mentions import plural

NOUN = 3
"""A word is a noun that stands alone where nouns stand at least so often."""

_WORD = re.compile(r"[a-z]+|[^a-z\s-]")
"""A word, or a mark that parts words; hyphens do not."""


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


_BEFORE = _words("a an the one two three four five several some many another his her their its")
_AFTER = _words(
    """in on at with of by from to into onto over under near through across behind beside between
    along around up down off out outside inside towards toward against during while as and or but
    is are was were be being been has have had that which who whose where when for above below
    beneath next past after before about among without within upon amongst"""
)
_COLOURS = _words("black white brown red blue yellow green orange grey gray pink purple tan")
_SIZES = _words("big large small")
_IN_ING = _words("building king ring swing wing")
_NO_THING = _words(
    """group couple pair bunch lot number line row pile piece set team side top bottom middle back
    front background foreground distance edge end corner air picture photo photograph photographer
    camera closeup view viewer scene area place spot way right left base other day kind type style
    part dark wearing holds watches look run ride play jump turn trick stunt game race event show
    shot direction pose mid break blow kick flip dance drink treat shape sort range course lap
    others each both all sitting pushing fenced tri cold opponent sidelines owner curve midst splits
    stance home surface"""
)
"""Words that stand where nouns stand and name nothing that a photo shows, or leave open what."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that captions name; ``says`` counts the captions of each photo, shape ``(n,)``."""

    name: str
    says: NDArray[np.int64]


def concepts(captions: Sequence[Sequence[str]]) -> list[Concept]:
    """What the captions of photos name, in singular and plural, by name.

    >>> [concept.name for concept in concepts([["A dog on a lawn", "the brown dog and a man"]] * 3)]
    ['brown dog', 'dog', 'lawn', 'man']
    """
    chunks = Counter(
        " ".join(chunk)
        for texts in captions
        for text in texts
        for chunk in _chunks(_WORD.findall(text.lower()))
    )
    alone = {chunk: count for chunk, count in chunks.items() if " " not in chunk}
    plurals = {plural(word) for word in alone if plural(word) != word}
    nouns = {
        word
        for word, count in alone.items()
        if count >= NOUN and word not in plurals and _names_something(word)
    }
    wanted = nouns | {chunk for chunk in chunks if " " in chunk and _is_compound(chunk, nouns)}
    forms = {form: name for name in sorted(wanted) for form in (plural(name), name)}
    says = {name: np.zeros(len(captions), np.int64) for name in wanted}
    for photo, texts in enumerate(captions):
        for text in texts:
            for name in {forms[phrase] for phrase in phrases(text, 2) if phrase in forms}:
                says[name][photo] += 1
    return [Concept(name, says[name]) for name in sorted(says)]


def phrases(text: str, longest: int) -> Iterator[str]:
    """All runs of at most ``longest`` words of a text, in lower case.

    >>> list(phrases("A Hot-dog, a bun", 2))
    ['a', 'hot', 'dog', 'a', 'bun', 'a hot', 'hot dog', 'a bun']
    """
    words = _WORD.findall(text.lower())
    for size in range(1, longest + 1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            if all(word.isalpha() for word in run):
                yield " ".join(run)


def _chunks(words: list[str]) -> Iterator[list[str]]:
    """Runs of one or two words between what stands before nouns and what stands after them."""
    chunk: list[str] | None = None
    for word in [*words, "."]:
        ends = word in _BEFORE or word in _AFTER or not word.isalpha()
        if not ends:
            if chunk is not None:
                chunk.append(word)
            continue
        if chunk is not None and 1 <= len(chunk) <= 2:
            yield chunk
        chunk = [] if word in _BEFORE else None


def _names_something(word: str) -> bool:
    if word.endswith("ing") and word not in _IN_ING:
        return False
    return word not in _NO_THING | _COLOURS | _SIZES


def _is_compound(chunk: str, nouns: set[str]) -> bool:
    first, last = chunk.split()
    return last in nouns and first not in _NO_THING
