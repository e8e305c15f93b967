"""An English description taken apart: sentences, and in each the pieces that can be left out.

The first piece of a sentence is what it is about; each further one begins with a verb, a
preposition or a word such as "and". Rules over closed lists of words: what they misread is kept
or left out as a whole, and a text that nobody touches stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from vlm.checked.english import ADVERBS, AUXILIARIES, IRREGULAR_VERBS, JOINTS
from vlm.checked.things import Thing, Token, preposition_at, read_thing, tokens_of
from vlm.starter.nouns import Nouns

Kind = Literal["subject", "action", "place", "joined"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters ``start`` to ``end``, with the mark or white space before it.

    ``lead`` is the preposition, the joining word, or the verb in its shortest form; ``verb`` the
    characters of the verb.
    """

    kind: Kind
    start: int
    end: int
    lead: str = ""
    things: tuple[Thing, ...] = ()
    verb: tuple[int, int] | None = None
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """From its first to after its last character; its pieces follow each other without a gap."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


def read_sentences(text: str, nouns: Nouns) -> list[Sentence]:
    """Take a text apart.

    >>> [said] = read_sentences("A dog runs with a ball.", Nouns(("dog", "ball")))
    >>> [(piece.kind, piece.lead) for piece in said.pieces]
    [('subject', ''), ('action', 'run'), ('place', 'with')]
    """
    sentences = []
    for start, end in sentence_spans(text):
        tokens = [Token(t.text, t.start + start, t.end + start) for t in tokens_of(text[start:end])]
        sentences.append(Sentence(start, end, tuple(_pieces(tokens, start, end, nouns))))
    return sentences


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """First and last character of each sentence, white space left out.

    >>> text = 'A dog. "Hi." It runs!'
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['A dog.', '"Hi."', 'It runs!']
    """
    for found in re.finditer(
        r'\S.*?(?:[.!?\u2026\u3002]+["\u201d)]*(?=\s|$)|[\u3002]|$)', text, re.S
    ):
        yield found.start(), found.start() + len(found.group().rstrip())


def verb_stem(word: str) -> str:
    """One form for all forms of a regular verb; no word of English need be it.

    >>> {verb_stem(word) for word in ("riding", "rides", "ride", "rode")}
    {'rid'}
    >>> {verb_stem(word) for word in ("running", "runs", "ran")}
    {'run'}
    """
    word = IRREGULAR_VERBS.get(word, word)
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            word = word.removesuffix(ending)
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


@dataclass(slots=True)
class _Open:
    kind: Kind
    start: int
    lead: str = ""
    verb: tuple[int, int] | None = None


def _pieces(tokens: Sequence[Token], start: int, end: int, nouns: Nouns) -> Iterator[Piece]:
    now = _Open("subject", start)
    things: list[Thing] = []
    quoted: list[str] = []
    before = start  # the end of the last token
    at, named = 0, -1

    def closed(until: int) -> Piece:
        piece = Piece(now.kind, now.start, until, now.lead, tuple(things), now.verb, tuple(quoted))
        things.clear()
        quoted.clear()
        return piece

    while at < len(tokens):
        token = tokens[at]
        size = preposition_at(tokens, at)
        if size and at > 0:
            yield closed(before)
            lead = " ".join(t.word for t in tokens[at : at + size])
            now = _Open("place", before, lead)
            at += size
        elif token.word in JOINTS and at > 0 and not _joins_words(tokens, at):
            yield closed(before)
            now = _Open("joined", before, token.word)
            at += 1
        elif found := read_thing(tokens, at, nouns, follows=at == named):
            thing, at = found
            named = at
            things.append(thing)
        elif token.text[0] in '"\u201c':
            quoted.append(token.text.strip('"\u201c\u201d'))
            at += 1
        elif _is_verb(tokens, at, named):
            after, lead = _verb(tokens, at)
            span = (token.start, tokens[after - 1].end)
            if now.kind == "joined" and not things and now.verb is None:
                now.kind, now.lead, now.verb = "action", lead, span
            elif now.kind == "subject" and not things and now.verb is None:
                now.lead, now.verb = lead, span
            else:
                yield closed(before)
                now = _Open("action", before, lead, span)
            at = after
        else:
            at += 1
        before = _before(tokens, at, before)
    yield closed(end)


def _before(tokens: Sequence[Token], at: int, so_far: int) -> int:
    """Where a piece that begins at a token begins: marks go with what comes after them."""
    last = at - 1
    while last >= 0 and tokens[last].text in (",", ";", ":", "-", "\u2013", "\u2014"):
        last -= 1
    return max(so_far, tokens[last].end) if last >= 0 else so_far


def _joins_words(tokens: Sequence[Token], at: int) -> bool:
    """Whether "that" or "as" is no joining word here: that dog, as if."""
    return (
        tokens[at].word == "as" and at + 1 < len(tokens) and tokens[at + 1].word in ("if", "well")
    )


def _is_verb(tokens: Sequence[Token], at: int, named: int) -> bool:
    word = tokens[at].word
    if not word[:1].isalpha() or word in ADVERBS or word == "of" or word.endswith("ly"):
        return False
    joined = at > 0 and tokens[at - 1].word in JOINTS
    bare = word.endswith("ing") and len(word) > 4
    return word in AUXILIARIES or bare or at == named or (joined and word.endswith(("s", "ed")))


def _verb(tokens: Sequence[Token], at: int) -> tuple[int, str]:
    """The token after a group of verbs, and the stem of the last of them."""
    lead, joined = "", False
    while at < len(tokens):
        word = tokens[at].word
        if word in AUXILIARIES or (word.endswith("ly") and word[0].isalpha()) or word == "not":
            lead = lead or (verb_stem(word) if word in AUXILIARIES else "")
            joined = True
            at += 1
        elif not lead or (joined and word.endswith(("ing", "ed", "en"))):
            return at + 1, verb_stem(word)
        else:
            break
    return at, lead
