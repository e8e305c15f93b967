"""Nouns, their plurals and synonyms, and what is a kind of what. The words are in `noun_tables`."""

from collections.abc import Iterator
from dataclasses import dataclass

from noun_tables import TABLES

IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "tooth": "teeth",
    "foot": "feet", "goose": "geese", "mouse": "mice", "leaf": "leaves", "loaf": "loaves",
    "knife": "knives", "shelf": "shelves", "scarf": "scarves", "calf": "calves", "wolf": "wolves",
    "sheep": "sheep", "fish": "fish", "deer": "deer", "cattle": "cattle", "aircraft": "aircraft",
    "buffalo": "buffalo", "ox": "oxen", "half": "halves", "bookshelf": "bookshelves",
    "photo": "photos", "piano": "pianos", "video": "videos", "kangaroo": "kangaroos",
}  # fmt: skip


def plural(noun: str) -> str:
    """The plural of a noun or of a compound, whose last word changes.

    >>> [plural(noun) for noun in ("dog", "fire hydrant", "bus", "puppy", "policeman", "skis")]
    ['dogs', 'fire hydrants', 'buses', 'puppies', 'policemen', 'skis']
    """
    first, _, last = noun.rpartition(" ")
    return f"{first} {_plural(last)}".strip()


def _plural(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("man") and word != "human":
        return word[:-3] + "men"
    if word.endswith("s") and not word.endswith(("ss", "us")):
        return word
    if word.endswith(("s", "x", "z", "ch", "sh", "tomato", "potato")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


@dataclass(frozen=True, slots=True)
class Noun:
    """A canonical noun: its synonyms, what it is a kind of, and whether it is counted."""

    name: str
    table: str
    synonyms: tuple[str, ...]
    wider: str
    mass: bool
    only_plural: bool
    rare: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What a written word or compound stands for; `name` is its own singular."""

    noun: str
    name: str
    plural: bool


def _entries() -> Iterator[tuple[Noun, list[str]]]:
    for table, text in TABLES.items():
        for entry in " ".join(text.split()).split(", "):
            names, _, wider = entry.strip().partition("<")
            marked = names.lstrip("-").split("|")
            first, *synonyms = (name.lstrip("~+") for name in marked)
            yield (
                Noun(
                    name=first,
                    table=table,
                    synonyms=tuple(synonyms),
                    wider=wider,
                    mass=marked[0].startswith("~"),
                    only_plural=marked[0].startswith("+"),
                    rare=entry.startswith("-"),
                ),
                marked,
            )


def _forms() -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for noun, marked in _entries():
        for name in marked:
            plain = name.lstrip("~+")
            written = {plain: name[0] == "+"}
            if name[0] not in "~+":
                written.setdefault(plural(plain), True)
            for word, many in written.items():
                if word == "glasses" and noun.name == "glass":
                    continue  # spectacles; glasses to drink from are told by what stands around
                known = forms.setdefault(word, Form(noun.name, plain, many))
                if known.noun != noun.name:
                    raise ValueError(f"'{word}' stands for '{known.noun}' and '{noun.name}'")
    return forms


LEXICON = {noun.name: noun for noun, _ in _entries()}
NOUNS = tuple(noun.name for noun in LEXICON.values() if not noun.rare)
"""The canonical nouns that are frequent enough to be learned, the 80 classes of COCO among them."""
FORMS = _forms()


def wider(noun: str) -> Iterator[str]:
    """All that a noun is a kind of, nearest first.

    >>> list(wider("puppy"))
    ['dog', 'animal']
    """
    while noun := LEXICON[noun].wider:
        yield noun


def _narrower() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {noun: set() for noun in LEXICON}
    for noun in LEXICON:
        for wide in wider(noun):
            found[wide].add(noun)
    return {noun: frozenset(names) for noun, names in found.items()}


NARROWER = _narrower()
"""Noun -> everything that is a kind of it."""
