"""The single claims of a description: a thing, how many, what it is like, what it does, a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from vlm.checked.english import DENIALS, FRAMES, NO_ACTIONS, PARTS_OF_A_VIEW
from vlm.checked.phrases import Piece, Sentence
from vlm.checked.things import Quality, Thing

AtomKind = Literal["thing", "quality", "count", "action", "text", "sentence"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One claim and the character at which its words begin, which names it among those of a kind.

    ``word`` is what it is about in one form: the noun, the adjective, the verb's stem, the text
    in quotes, or the sentence.
    """

    kind: AtomKind
    text: str
    word: str
    start: int
    thing: Thing | None = None
    quality: Quality | None = None


def atoms_of(text: str, sentences: Sequence[Sentence]) -> list[Atom]:
    """All claims in the order of the text.

    >>> from vlm.checked.phrases import read_sentences
    >>> from vlm.starter.nouns import Nouns
    >>> text = "Two brown dogs run."
    >>> [atom.text for atom in atoms_of(text, read_sentences(text, Nouns(("dog",))))]
    ['Two brown dogs', 'two dogs', 'brown dogs', 'dogs run']
    """
    return [atom for sentence in sentences for atom in _of_sentence(text, sentence)]


def whole_sentences(text: str, spans: Sequence[tuple[int, int]]) -> list[Atom]:
    """One claim a sentence, for languages that are not taken apart further."""
    return [Atom("sentence", text[start:end], text[start:end], start) for start, end in spans]


def is_seen(thing: Thing) -> bool:
    """Whether a phrase names a thing that could be missing, not the photo or a part of it."""
    return thing.noun not in FRAMES and thing.noun not in PARTS_OF_A_VIEW


def _of_sentence(text: str, sentence: Sentence) -> Iterator[Atom]:
    subject = ""
    for piece in sentence.pieces:
        for thing in filter(is_seen, piece.things):
            yield from _of_thing(text, thing, denied=piece.lead in DENIALS)
            if piece.kind in ("subject", "joined"):
                subject = text[slice(*thing.name)]
        if piece.kind == "action" and piece.verb and not _says_nothing(piece):
            said = text[slice(*piece.verb)]
            yield Atom("action", f"{subject} {said}".strip(), piece.lead, piece.verb[0])
        for quote in piece.quoted:
            yield Atom("text", f"\u201c{quote}\u201d", quote, piece.start)


def _says_nothing(piece: Piece) -> bool:
    return piece.lead in NO_ACTIONS or bool(piece.quoted)


def _of_thing(text: str, thing: Thing, *, denied: bool) -> Iterator[Atom]:
    said = text[thing.start : thing.end]
    said = f"no {said}" if denied and not thing.denied else said
    yield Atom("thing", said, thing.noun, thing.start, thing)
    if thing.denied or denied:
        return
    name = text[slice(*thing.name)]
    if thing.count is not None and thing.count != 1 and thing.number:
        counted = f"{text[slice(*thing.number)].lower()} {name}"
        yield Atom("count", counted, str(thing.count), thing.start, thing)
    for quality in thing.qualities:
        yield Atom("quality", f"{quality.word} {name}", quality.word, quality.start, thing, quality)
