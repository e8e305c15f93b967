"""Whether another description of the same photo says the same thing: words compared, no model.

How often samples agree tells what a model is sure of (SelfCheckGPT, Manakul et al. 2023,
arXiv:2303.08896; for descriptions of images, Chen et al. 2025, arXiv:2507.15692).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vlm.checked.atoms import Atom
from vlm.checked.english import COLOURS, DENIALS, SAME_COLOUR
from vlm.checked.phrases import read_sentences
from vlm.checked.things import Thing
from vlm.starter.nouns import Nouns

_WIDER = 0.5
"""What a person supports of a man: nothing speaks against him, nothing for him in particular."""
_UNSAID = 0.4
"""What a sample supports of a colour or number that it leaves out."""
_SAME = 0.5
"""Share of the longer words of a sentence from which on another one says the same."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one sample says."""

    text: str
    things: tuple[Thing, ...]
    denied: frozenset[str]
    verbs: frozenset[str]
    quoted: tuple[str, ...]


def read(text: str, nouns: Nouns) -> Reading:
    """Take a sample apart once for all claims."""
    pieces = [piece for said in read_sentences(text, nouns) for piece in said.pieces]
    no = {
        thing.noun
        for piece in pieces
        for thing in piece.things
        if thing.denied or piece.lead in DENIALS
    }
    return Reading(
        text=text,
        things=tuple(t for piece in pieces for t in piece.things if t.noun not in no),
        denied=frozenset(no),
        verbs=frozenset(piece.lead for piece in pieces if piece.verb),
        quoted=tuple(flat(quote) for piece in pieces for quote in piece.quoted),
    )


def share(atom: Atom, readings: Sequence[Reading], nouns: Nouns) -> float:
    """Mean support of a claim by some samples, 0 to 1; their order does not matter."""
    return sum(supports(atom, reading, nouns) for reading in readings) / len(readings)


def supports(atom: Atom, reading: Reading, nouns: Nouns) -> float:
    """1 where a sample says the same, 0 where it says nothing of it or something else.

    In between: a wider word ("person" for "man"), and a colour or number that is left out. A
    number or colour that differs supports nothing.

    >>> from vlm.checked.atoms import atoms_of
    >>> nouns = Nouns(("dog",))
    >>> text = "two dogs"
    >>> atom = atoms_of(text, read_sentences(text, nouns))[1]
    >>> [supports(atom, read(t, nouns), nouns) for t in ("two brown dogs", "three dogs", "a cat")]
    [1.0, 0.0, 0.0]
    """
    match atom.kind:
        case "thing":
            return _thing(atom, reading, nouns)
        case "count":
            return _best(_count(atom, thing) for thing in _same(atom.thing, reading, nouns))
        case "quality":
            return _best(_quality(atom.word, thing) for thing in _same(atom.thing, reading, nouns))
        case "action":
            return float(atom.word in reading.verbs)
        case "text":
            words = flat(atom.word)
            return float(any(words == quote for quote in reading.quoted))
        case _:
            return float(overlap(atom.word, reading.text) >= _SAME)


def _thing(atom: Atom, reading: Reading, nouns: Nouns) -> float:
    if atom.text.lower().startswith("no ") or (atom.thing and atom.thing.denied):
        return float(not any(_is_a(thing.noun, atom.word, nouns) for thing in reading.things))
    if any(_is_a(thing.noun, atom.word, nouns) for thing in reading.things):
        return 1.0
    wider = set(nouns.all_wider(atom.word))
    return _WIDER if any(thing.noun in wider for thing in reading.things) else 0.0


def _count(atom: Atom, thing: Thing) -> float:
    if thing.count is None:
        return _UNSAID if thing.many else 0.0
    return float(str(thing.count) == atom.word)


def _quality(word: str, thing: Thing) -> float:
    said = {quality.word for quality in thing.qualities}
    if word in said:
        return 1.0
    colour = word in COLOURS or word in SAME_COLOUR.values()
    contradicts = colour and any(q in COLOURS or q in SAME_COLOUR.values() for q in said)
    return 0.0 if contradicts else _UNSAID


def _same(thing: Thing | None, reading: Reading, nouns: Nouns) -> list[Thing]:
    """What a sample calls by the same name, a narrower or a wider one."""
    if thing is None:
        return []
    noun = thing.noun
    return [
        other
        for other in reading.things
        if _is_a(other.noun, noun, nouns) or _is_a(noun, other.noun, nouns)
    ]


def _best(values: Iterable[float]) -> float:
    return max(values, default=0.0)


def _is_a(noun: str, wanted: str, nouns: Nouns) -> bool:
    return noun == wanted or wanted in nouns.all_wider(noun)


def overlap(text: str, other: str) -> float:
    """Share of the distinct words of four letters and more of a text that another has too.

    >>> overlap("Ein Hund läuft.", "ein kleiner Hund schläft")
    0.5
    """
    mine, theirs = _long_words(text), _long_words(other)
    return len(mine & theirs) / len(mine) if mine else float(flat(text) == flat(other))


def _long_words(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+|\d+", text.lower())
    return {word for word in words if len(word) > 3 or word.isdecimal() or not word.isascii()}


def flat(text: str) -> str:
    """Letters and digits only, in lower case: what is compared of a text in a photo.

    >>> flat("No Entry!"), flat("")
    ('noentry', '')
    """
    return "".join(c for c in text.lower() if c.isalnum())
