"""Noun phrases of an English sentence: a thing, how many, and what it is like. Rules, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vlm.checked.english import (
    AUXILIARIES,
    COLOURS,
    COUNTS,
    DENIALS,
    DETERMINERS,
    FRAMES,
    JOINTS,
    OWNED,
    PREPOSITIONS,
    QUALITIES,
    QUANTITIES,
    SAME_COLOUR,
)
from vlm.starter.nouns import Nouns, is_many, singular

_TOKEN = re.compile(
    r"""["\u201c][^"\u201c\u201d]*["\u201d]|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+|[^\w\s]"""
)
_UNKNOWN = 3
"""So many words that nobody knows may stand between an article and its noun."""
_STARTS = tuple({words[0] for words in PREPOSITIONS})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, mark or quoted text, and where it stands in the text."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """In lower case."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Quality:
    """An adjective before a thing; colours are spelt one way."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase from ``start`` to ``end`` of a text.

    ``noun`` is the known noun or else the singular, ``count`` None where no number is said, and
    ``number`` the characters that say it. ``name`` are the characters of the noun itself.
    """

    start: int
    end: int
    noun: str
    name: tuple[int, int]
    many: bool
    count: int | None = None
    number: tuple[int, int] | None = None
    qualities: tuple[Quality, ...] = ()
    owned: bool = False
    denied: bool = False


def tokens_of(text: str) -> list[Token]:
    """Words, numbers, marks and quoted texts.

    >>> [token.text for token in tokens_of('A man\\'s "No entry" sign, 2 dogs.')]
    ['A', "man's", '"No entry"', 'sign', ',', '2', 'dogs', '.']
    """
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def read_thing(
    tokens: Sequence[Token], at: int, nouns: Nouns, *, follows: bool = False
) -> tuple[Thing, int] | None:
    """The noun phrase that begins at a token, and the token after it; None where none does.

    A bare noun that ``follows`` another one is taken for a verb: "two men surf".

    >>> nouns = Nouns(("dog", "shirt"))
    >>> thing, after = read_thing(tokens_of("two black and white dogs run"), 0, nouns)
    >>> thing.noun, thing.count, [q.word for q in thing.qualities], after
    ('dog', 2, ['black', 'white'], 5)
    """
    begin = at
    denied, owned, many, count, number = False, False, None, None, None
    while at < len(tokens) and (_opens(tokens[at]) or _of_many(tokens, at)):
        token = tokens[at]
        if _of_many(tokens, at):  # a group of …: the thing is what comes after
            number = (tokens[begin].start, tokens[at + 1].end)
            count, many, at = None, True, at + 2
            continue
        denied |= token.word in DENIALS
        owned |= token.word in OWNED
        said = COUNTS.get(token.word, int(token.text) if _is_number(token) else None)
        if said is not None:
            count, number, many = said, (token.start, token.end), said != 1
        at += 1
    opened = at > begin
    qualities: list[Quality] = []
    while at < len(tokens) and (quality := _quality(tokens, at, nouns)):
        qualities.append(quality)
        joined = _word(tokens, at + 1) in ("and", ",") and _word(tokens, at + 2) in COLOURS
        at += 2 if joined and quality.word in COLOURS else 1
    found = _name(tokens, at, nouns, opened=opened or bool(qualities), one=count == 1)
    if found is None or (follows and not opened and not qualities):
        return None
    first, after = found
    words = " ".join(token.word for token in tokens[first:after])
    return (
        Thing(
            start=tokens[begin].start,
            end=tokens[after - 1].end,
            noun=nouns.meant(words) or singular(words),
            name=(tokens[first].start, tokens[after - 1].end),
            many=is_many(words) if many is None else many,
            count=count,
            number=number,
            qualities=tuple(qualities),
            owned=owned,
            denied=denied,
        ),
        after,
    )


def preposition_at(tokens: Sequence[Token], at: int) -> int:
    """How many words the preposition at a token has: 0 where there is none."""
    if _word(tokens, at) not in _STARTS:
        return 0
    sizes = (
        len(words)
        for words in PREPOSITIONS
        if all(_word(tokens, at + n) == word for n, word in enumerate(words))
    )
    return max(sizes, default=0)


def _opens(token: Token) -> bool:
    word = token.word
    owner = word.endswith(("'s", "\u2019s"))
    return word in DETERMINERS or word in COUNTS or _is_number(token) or owner


def _of_many(tokens: Sequence[Token], at: int) -> bool:
    return _word(tokens, at) in QUANTITIES and _word(tokens, at + 1) == "of"


def _is_number(token: Token) -> bool:
    return token.text.isdecimal() and token.text.isascii() and len(token.text) < 6


def _quality(tokens: Sequence[Token], at: int, nouns: Nouns) -> Quality | None:
    word = _word(tokens, at)
    if word not in COLOURS and word not in QUALITIES:
        return None
    if _word(tokens, at + 1) == "of" or (word not in COLOURS and _known(tokens, at, nouns) > 1):
        return None  # a glass of wine, glass door
    if not _may_be_named(tokens, at + 1) and nouns.meant(word):
        return None  # an orange
    token = tokens[at]
    return Quality(SAME_COLOUR.get(word, word), token.start, token.end)


def _name(
    tokens: Sequence[Token], at: int, nouns: Nouns, *, opened: bool, one: bool
) -> tuple[int, int] | None:
    if opened and _word(tokens, at) in FRAMES:
        return at, at + 1
    for first in range(at, at + (_UNKNOWN + 1 if opened else 1)):
        if first > at and not _may_be_named(tokens, first):
            break
        size = _known(tokens, first, nouns)
        words = " ".join(token.word for token in tokens[first : first + size])
        if size and not (one and first > at and is_many(words)):
            return first, _whole(tokens, first + size, nouns, words, one=one)
    if not opened:
        return None
    last = at
    while last < at + _UNKNOWN and _may_be_named(tokens, last):
        last += 1
    while last > at + 1 and one and is_many(tokens[last - 1].word):
        last -= 1  # "a zorp rides": a verb
    return (last - 1, last) if last > at else None


def _whole(tokens: Sequence[Token], at: int, nouns: Nouns, words: str, *, one: bool) -> int:
    """The end of a compound: soccer ball, bus stop. People and animals are no first part of one."""
    noun = nouns.meant(words) or ""
    if is_many(words) or {"person", "animal"} & {noun, *nouns.all_wider(noun)}:
        return at
    size = _known(tokens, at, nouns)
    more = " ".join(token.word for token in tokens[at : at + size])
    return at + size if size and not (one and is_many(more)) else at


def _known(tokens: Sequence[Token], at: int, nouns: Nouns) -> int:
    for size in (3, 2, 1):
        span = tokens[at : at + size]
        if len(span) == size and nouns.meant(" ".join(token.word for token in span)):
            return size
    return 0


def _may_be_named(tokens: Sequence[Token], at: int) -> bool:
    word = _word(tokens, at)
    return (
        word[:1].isalpha()
        and not any(word in words for words in (JOINTS, AUXILIARIES, COUNTS, DETERMINERS))
        and not preposition_at(tokens, at)
        and word != "of"
    )


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if at < len(tokens) else ""


def mentions(text: str, nouns: Nouns) -> Iterator[Thing]:
    """All things that a text names, in their order.

    >>> [thing.noun for thing in mentions("a dog with no balls", Nouns(("dog", "ball")))]
    ['dog', 'ball']
    """
    tokens = tokens_of(text)
    at, after = 0, -1
    while at < len(tokens):
        found = read_thing(tokens, at, nouns, follows=at == after)
        if found:
            thing, after = found
            yield thing
        at = after if found else at + 1
