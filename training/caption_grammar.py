"""A caption read by rules into noun phrases and the things done. Knows only the words of English.

There is no tagger: nouns come from the list in `nouns.py`, verbs from `vocabulary.py`, and what a
word is follows from the words around it. What cannot be told is left out rather than guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from noun_reading import GROUPS, noun_at, word_at
from nouns import LEXICON, Form
from vocabulary import (
    ADJECTIVES,
    BARE,
    COLOURS,
    DETERMINERS,
    NUMBERS,
    OTHER_COLOURS,
    PARTICIPLES,
    PATTERNS,
    STOPS,
    THIRDS,
    listed,
)

FINITE_AFTER = listed("that who and happily playfully quickly slowly carefully")
TRICKS = listed("trick tricks stunt stunts")
ALIVE = frozenset(name for name, noun in LEXICON.items() if noun.table in ("person", "animal"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: its head as listed and as written, and what stands before it."""

    noun: str
    word: str
    plural: bool
    start: int
    end: int
    head: int
    determiner: str
    colours: tuple[str, ...]
    patterned: bool
    number: int
    before: tuple[str, ...]

    @property
    def alive(self) -> bool:
        return self.noun in ALIVE


@dataclass(frozen=True, slots=True)
class Action:
    """Somebody does something, perhaps to something; `at` is the index of the verb."""

    subject: Phrase
    verb: str
    done_to: Phrase | None
    at: int


@dataclass(frozen=True, slots=True)
class Caption:
    """Words of a caption in lower case, its noun phrases in order, and what is done."""

    words: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    actions: tuple[Action, ...]


def read(text: str) -> Caption:
    """Read one caption.

    >>> caption = read("Two small dogs chase a man in a red shirt.")
    >>> [(phrase.noun, phrase.number, phrase.colours) for phrase in caption.phrases]
    [('dog', 2, ()), ('man', 0, ()), ('shirt', 0, ('red',))]
    >>> [(action.subject.word, action.verb, action.done_to.word) for action in caption.actions]
    [('dogs', 'chasing', 'man')]
    """
    words = tuple(re.findall(r"'s\b|[a-z0-9]+(?:-[a-z0-9]+)*|[,.;]", text.lower()))
    phrases = tuple(_phrases(words))
    return Caption(words, phrases, tuple(_actions(words, phrases)))


def _phrases(words: tuple[str, ...]) -> Iterator[Phrase]:
    at = done = 0
    while at < len(words):
        found = noun_at(words, at)
        if not found:
            at += 1
            continue
        first, head, (length, form) = at, at, found
        nouns: list[str] = []
        while following := noun_at(words, head + length):
            nouns.append(form.noun)
            head, (length, form) = head + length, following
        at = head + length
        phrase = _phrase(words, done, first, head, at, form, nouns)
        done = at
        if phrase.determiner != "no" and word_at(words, phrase.start - 1) != "without":
            yield phrase


def _phrase(
    words: tuple[str, ...],
    limit: int,
    first: int,
    head: int,
    end: int,
    form: Form,
    nouns: list[str],
) -> Phrase:
    start = _start(words, limit, first)
    before = words[start:first]
    owner = "'s" in before
    described = before[before.index("'s") + 1 :] if owner else before
    number = next(
        (
            NUMBERS[word]
            for before_it, word in pairwise((word_at(words, start - 1), *described))
            if word in NUMBERS and before_it != "number"
        ),
        0,
    )
    if words[max(0, start - 2) : start] in (("couple", "of"), ("pair", "of")) and form.plural:
        if form.noun in ALIVE:
            number = 2
        start -= 2
    elif word_at(words, start - 1) == "of" and word_at(words, start - 2) in GROUPS:
        start -= 2
    return Phrase(
        noun=form.noun,
        word=" ".join(words[head:end]),
        plural=form.plural or number > 1,
        start=start,
        end=end,
        head=head,
        determiner=before[0] if before and before[0] in DETERMINERS else "",
        colours=tuple(COLOURS[word] for word in described if word in COLOURS),
        patterned=any(_mixed(word) for word in described),
        number=number,
        before=tuple(nouns),
    )


def _mixed(word: str) -> bool:
    """No single colour: a pattern, an unnamed colour, "red-striped", "dark-haired"."""
    return (
        word in OTHER_COLOURS
        or word in PATTERNS
        or ("-" in word and word.split("-")[0] in COLOURS)
        or word in ("haired", "headed", "clad", "tipped")
    )


def _start(words: tuple[str, ...], limit: int, first: int) -> int:
    """Where the phrase begins: at a determiner near by, else at the last known modifier."""
    known = first
    for at in range(first - 1, max(limit, first - 7) - 1, -1):
        word = words[at]
        joined = (
            word in ("and", ",")
            and (word_at(words, at - 1) in COLOURS or _mixed(word_at(words, at - 1)))
            and (words[at + 1] in COLOURS or words[at + 1] in PATTERNS)
        )
        if word in DETERMINERS and word != "'s":
            if known - at <= 4:
                known = at
            break
        if (word in STOPS or word in ",.;" or word in PARTICIPLES or word in THIRDS) and not joined:
            break
        if joined or word in COLOURS or word in NUMBERS or word in ADJECTIVES or _mixed(word):
            known = at
    return known


def _actions(words: tuple[str, ...], phrases: tuple[Phrase, ...]) -> Iterator[Action]:
    starts = {phrase.start: phrase for phrase in phrases}
    inside = {at for phrase in phrases for at in range(phrase.start, phrase.end)}
    subject: Phrase | None = None
    verb_at = -1
    for at, word in enumerate(words):
        if at in inside:
            continue
        verb = PARTICIPLES.get(word) or THIRDS.get(word) or BARE.get(word)
        if verb is None or (word not in PARTICIPLES and not _finite(words, phrases, at)):
            continue
        if verb in ("doing", "performing"):
            if not TRICKS.isdisjoint(words[at + 1 : at + 6]):
                verb = "doing a trick"
            elif verb == "doing":
                continue
        found = _subject(words, phrases, at, subject, verb_at)
        if found is None:
            continue
        subject, verb_at = found, at
        after = at + 2 if words[at + 1 : at + 2] == ("with",) and verb == "playing" else at + 1
        yield Action(subject, verb, starts.get(after), at)


def _finite(words: tuple[str, ...], phrases: tuple[Phrase, ...], at: int) -> bool:
    """Whether "runs" and "run" are verbs here: right after their subject, or after "and"."""
    previous = word_at(words, at - 1)
    before = next((phrase for phrase in phrases if phrase.end == at), None)
    if before and before.alive:
        return before.plural != (words[at] in THIRDS)
    if before:  # "a man in a red shirt plays"
        return words[at] in THIRDS and LEXICON[before.noun].table == "clothing"
    return words[at] in THIRDS and (previous in COLOURS or previous in FINITE_AFTER)


def _subject(
    words: tuple[str, ...],
    phrases: tuple[Phrase, ...],
    at: int,
    last: Phrase | None,
    last_verb: int,
) -> Phrase | None:
    """Who does it: the living thing named last before the verb, if nothing makes that unsure."""
    if last is not None and word_at(words, at - 1) in ("and", ",", "while"):
        return last
    named = [phrase for phrase in phrases if phrase.end <= at and phrase.alive]
    if not named:
        return None
    nearest = named[-1]
    between = words[nearest.end : at]
    if any(word in (".", ";") for word in between):
        return None
    before = word_at(words, nearest.start - 1)
    if len(named) > 1 and before in ("with", "by", "near", "on", "behind", "beside", "to", "at"):
        return None
    if before == "and" and not nearest.plural:
        return None  # "a man and a woman sitting": both
    if (
        nearest.start > last_verb > -1
        and nearest.start - 1 == last_verb
        and between[:1] == ("and",)
    ):
        return last
    return nearest
