"""Which thing has which colour, where the captions of a photo leave no doubt."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from caption_grammar import Caption, Phrase
from nouns import FORMS, LEXICON, NARROWER, wider
from photo_facts import Photo, is_person
from scenes import LINES
from vocabulary import ADJECTIVES, COLOURS, PATTERNS, listed

ROOTS = frozenset({"person", "animal", "clothing", "vehicle", "food", "furniture", "building"})
COLOURLESS = listed(
    "water wine light lights picture painting beer tea coffee milk sunlight reflection shadow "
    "traffic light photo food meal"
) | {"traffic light", "group of people"}
GARMENTS = listed(
    "shirt t-shirt top jersey sweater sweatshirt jacket coat suit dress uniform costume robe "
    "clothing"
) | {"tank top"}
DRESSED = listed("in is all wearing wears dressed who that")
WORN = frozenset(name for name, noun in LEXICON.items() if noun.table == "clothing")
WEARS = (
    ("in",),
    ("wearing",),
    ("wears",),
    ("with",),
    ("is", "wearing"),
    ("are", "wearing"),
    ("dressed", "in"),
    ("who", "is", "wearing"),
    ("in", "a"),
    ("has",),
    ("has", "on"),
)
HAIR = {
    "blond": "blond",
    "blonde": "blond",
    "blond-haired": "blond",
    "blonde-haired": "blond",
    "brown-haired": "brown",
    "brunette": "brown",
    "dark-haired": "",
    "red-haired": "red",
    "redheaded": "red",
    "red-headed": "red",
    "gray-haired": "gray",
    "grey-haired": "gray",
    "white-haired": "white",
    "black-haired": "black",
}


@dataclass(frozen=True, slots=True)
class Coloured:
    """A thing as written, whose it is ("" if not told or not needed), and its colour."""

    thing: str
    plural: bool
    owner: str
    colour: str

    @property
    def whose(self) -> str:
        return f"the {self.owner}'s {self.thing}" if self.owner else f"the {self.thing}"


def coloured(photo: Photo) -> Iterator[Coloured]:
    """What is asked for its colour; empty where captions differ or name several such things."""
    yield from _things(photo)
    yield from _worn(photo)
    yield from _clothes(photo)
    yield from _hair(photo)


def _family(noun: str) -> set[str]:
    """The noun, what is a kind of it, and what it is a kind of, short of "animal" and the like."""
    return {noun, *NARROWER[noun]} | ({*wider(noun)} - ROOTS)


def _predicate(caption: Caption, phrase: Phrase) -> str:
    """The colour in "the dog is black" or "a bus that is red"."""
    after = caption.words[phrase.end : phrase.end + 4]
    if after[:1] in (("that",), ("which",)):
        after = after[1:]
    if len(after) < 2 or after[0] not in ("is", "are") or after[1] not in COLOURS:
        return ""
    return COLOURS[after[1]] if len(after) < 3 or _ends(after[2]) else ""


def _ends(word: str) -> bool:
    """No noun, colour or pattern goes on after this word."""
    return not (
        word in ("and", "with", "haired", ",", "-")
        or word in COLOURS
        or word in FORMS
        or word in ADJECTIVES
        or word in PATTERNS
    )


def _colours(caption: Caption, phrase: Phrase) -> set[str]:
    told = _predicate(caption, phrase)
    return {*phrase.colours} | ({told} if told else set())


def _agreed(uses: list[tuple[Caption, Phrase]]) -> str:
    """The colour that every use with a colour gives; "" if they differ, or for a pattern.

    One of two ("black and white", in the order of the alphabet) if no use has it alone; one alone
    if most uses do and the others have it with another: "white" with a few "white and brown".
    """
    told = [colours for caption, phrase in uses if (colours := _colours(caption, phrase))]
    alone = Counter(colour for colours in told if len(colours) == 1 for colour in colours)
    if any(phrase.patterned for _, phrase in uses) or len(alone) > 1:
        return ""
    if not alone:
        same = told and len(told[0]) == 2 and all(colours == told[0] for colours in told)
        plural = any(phrase.plural for _, phrase in uses)
        return " and ".join(sorted(told[0])) if same and not plural else ""
    [(colour, count)] = alone.items()
    shared = all(colour in colours for colours in told)
    return colour if shared and (count == len(told) or count * 2 > len(told) > 2) else ""


def _several(uses: list[tuple[Caption, Phrase]]) -> bool:
    """Whether more than one such thing may be there, not all of the one colour."""
    per_caption = Counter(id(caption) for caption, _ in uses)
    if max(per_caption.values()) > 1:
        return True
    if any(phrase.determiner in ("another", "other", "one", "each", "some") for _, phrase in uses):
        return True
    plurals = {phrase.plural for _, phrase in uses}
    return len(plurals) > 1 or (
        plurals == {True}
        and any(phrase.number for _, phrase in uses)
        and not any(phrase.colours and phrase.number for _, phrase in uses)
    )


def _written(uses: list[tuple[Caption, Phrase]]) -> tuple[str, bool]:
    said = Counter(
        (phrase.word, phrase.plural) for caption, phrase in uses if _colours(caption, phrase)
    )
    return said.most_common(1)[0][0]


def _things(photo: Photo) -> Iterator[Coloured]:
    for noun in photo.named:
        table = LEXICON[noun].table
        if noun in COLOURLESS or table in ("person", "clothing", "event", "indoors", "body"):
            continue
        family = _family(noun)
        uses = [
            (caption, phrase)
            for caption in photo.captions
            for phrase in caption.phrases
            if phrase.noun in family
        ]
        own = [use for use in uses if use[1].noun == noun]
        if any(
            LEXICON[part].table in ("person", "animal") or part in COLOURLESS
            for _, phrase in own
            for part in phrase.before
        ):
            continue
        if _agreed(own) and _agreed(uses) and not _several(uses):
            word, plural = _written(own)
            yield Coloured(word, plural, "", _agreed(own))


def _rivals(noun: str) -> set[str]:
    """Other names that people give to the same piece of clothing."""
    lines = [line for line in LINES if noun in line and line <= WORN]
    return set().union(_family(noun), *lines)


def _owner(caption: Caption, phrase: Phrase) -> Phrase | None:
    """Who wears it: named right before "in", "wearing", or with "'s"."""
    for person in caption.phrases:
        if LEXICON[person.noun].table not in ("person", "animal") or person.end > phrase.start:
            continue
        if caption.words[person.end : phrase.start] in WEARS:
            return person
    return None


def _worn(photo: Photo) -> Iterator[Coloured]:
    uses: dict[str, list[tuple[Caption, Phrase]]] = defaultdict(list)
    for caption in photo.captions:
        for phrase in caption.phrases:
            if phrase.noun in WORN:
                uses[phrase.noun].append((caption, phrase))
    dressed = _dressed(photo)
    for noun, own in uses.items():
        colour = _agreed(own)
        rivals = [use for name in _rivals(noun) for use in uses.get(name, [])]
        if not colour or _agreed(rivals) != colour or _several(own):
            continue
        owners = {
            owner.word
            for caption, phrase in own
            if phrase.colours and (owner := _owner(caption, phrase)) and not owner.plural
        }
        sure = sorted(name for name in owners if photo.alone(FORMS[name].noun))
        told = set().union(*(dressed[name] for name in (dressed if photo.lone_person else sure)))
        if noun in GARMENTS and not told <= {colour}:
            continue
        word, plural = _written(own)
        if sure:
            yield Coloured(word, plural, sure[0], colour)
        elif photo.lone_person or not photo.has_people:
            yield Coloured(word, plural, "", colour)


def _clothes(photo: Photo) -> Iterator[Coloured]:
    garments = {
        colour
        for caption in photo.captions
        for phrase in caption.phrases
        if phrase.noun in GARMENTS
        for colour in _colours(caption, phrase)
    }
    for who, colours in _dressed(photo).items():
        if len(colours | garments) == 1 and photo.alone(FORMS[who].noun):
            yield Coloured("clothes", True, who, *colours)


def _dressed(photo: Photo) -> dict[str, set[str]]:
    """Who -> colours of the clothes as a whole: "a man in red", "dressed all in black"."""
    told: dict[str, set[str]] = defaultdict(set)
    for caption, person in _people(photo):
        rest = caption.words[person.end : person.end + 6]
        at = next((at for at, word in enumerate(rest) if word not in DRESSED), len(rest))
        if 0 < at < len(rest) and rest[at] in COLOURS and _ends((*rest, "")[at + 1]):
            told[person.word].add(COLOURS[rest[at]])
    return told


def _people(photo: Photo) -> Iterator[tuple[Caption, Phrase]]:
    for caption in photo.captions:
        for phrase in caption.phrases:
            if is_person(phrase) and not phrase.plural:
                yield caption, phrase


def _hair(photo: Photo) -> Iterator[Coloured]:
    told: dict[str, set[str]] = defaultdict(set)
    for caption, person in _people(photo):
        words = caption.words[person.start : person.head]
        told[person.word].update(HAIR[word] for word in words if word in HAIR)
        for word, following in pairwise(words):
            if following in ("haired", "headed"):
                told[person.word].add(COLOURS.get(word, ""))
        rest = caption.words[person.end : person.end + 5]
        if rest[:1] == ("with",) and "hair" in rest:
            for word in rest[: rest.index("hair")]:
                if word in HAIR or word in COLOURS:
                    told[person.word].add(HAIR.get(word) or COLOURS.get(word, ""))
    if photo.lone_person and len(set().union(*told.values())) > 1:
        return
    for who, colours in told.items():
        if len(colours) == 1 and colours != {""} and photo.alone(FORMS[who].noun):
            yield Coloured("hair", False, who, *colours)
