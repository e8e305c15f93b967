"""How many there are, who does what, and where, by the vote of the captions of a photo."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import scenes
from caption_grammar import Action, Caption, Phrase
from nouns import LEXICON, NARROWER, plural, wider
from photo_facts import Photo, is_person
from phrasings import article
from vocabulary import GAMES, NOT_DONE, PARTICIPLES, VAGUE

SURFACES = frozenset({"snow", "grass", "sand", "mud", "water"})
PLACES = (
    frozenset(noun.name for noun in LEXICON.values() if noun.table in ("indoors", "outdoors"))
    | scenes.PUBLIC_PLACES
    | SURFACES
) - {"wave", "curb", "rock", "skyline", "surf", "room"}
OPENS = ("with", "that", "has", "is", "filled", "full", "scene", "containing", "where", "area")


@dataclass(frozen=True, slots=True)
class Doing:
    """Who (as written), whether several, what they do, and that with what it is done to."""

    who: str
    noun: str
    plural: bool
    verb: str
    whole: str


@dataclass(frozen=True, slots=True)
class DoneTo:
    """Who (as written), whether several, does what, to which noun."""

    who: str
    plural: bool
    verb: str
    noun: str


def counts(photo: Photo) -> dict[str, int]:
    """Noun -> how many, where every caption that gives a number gives the same.

    One, of people, animals and vehicles, where three captions name one and none names more.
    """
    found: dict[str, int] = {}
    for noun in photo.named:
        entry = LEXICON[noun]
        if entry.mass or entry.only_plural or entry.table == "body" or noun in scenes.MANY:
            continue
        number = _number(photo, noun)
        if number:
            found[noun] = number
        elif (
            number is None
            and entry.table in ("person", "animal", "vehicle")
            and photo.named[noun] >= 3
            and photo.alone(noun)
        ):
            found[noun] = 1
    if "person" not in found and photo.lone_person:
        found["person"] = 1
    return found


def _number(photo: Photo, noun: str) -> int | None:
    """The number the captions give; None where none does, 0 where they differ."""
    family = {noun, *NARROWER[noun]} | ({*wider(noun)} - {"vehicle", "food", "furniture"})
    numbers: list[int] = []
    single = 0
    own = False
    for caption in photo.captions:
        here = [phrase for phrase in caption.phrases if phrase.noun in family]
        if len(here) > 1 or any(phrase.noun in scenes.MANY for phrase in here):
            return 0
        numbers += [phrase.number for phrase in here if phrase.number]
        single += any(not phrase.plural for phrase in here)
        own |= any(phrase.noun == noun and phrase.number for phrase in here)
    if not numbers:
        return None
    return numbers[0] if own and len(set(numbers)) == 1 and single < len(numbers) else 0


def doings(photo: Photo) -> list[Doing]:
    """What each named living thing does."""
    said: dict[tuple[str, bool], list[tuple[Caption, Action]]] = defaultdict(list)
    for caption in photo.captions:
        for action in caption.actions:
            if action.verb not in NOT_DONE:
                said[_same(photo, action.subject)].append((caption, action))
    return [doing for actions in said.values() if (doing := _voted(actions))]


def _same(photo: Photo, subject: Phrase) -> tuple[str, bool]:
    """A key that is equal for phrases that must mean the same living thing."""
    if photo.lone_person and is_person(subject):
        return "person", False
    kinds = [noun for noun in (subject.noun, *wider(subject.noun)) if noun != "animal"]
    if kinds and LEXICON[kinds[-1]].table == "animal" and photo.alone(kinds[-1]):
        return kinds[-1], False
    return subject.noun, subject.plural


def _voted(actions: list[tuple[Caption, Action]]) -> Doing | None:
    verbs = Counter(action.verb for _, action in actions)
    best, count = max(verbs.items(), key=lambda item: (item[1], item[0] not in VAGUE))
    rivals = [verb for verb, times in verbs.items() if times == count and verb not in VAGUE]
    if len(rivals) > 1 or (count == 1 and len(verbs) > 2):
        return None
    chosen = [(caption, action) for caption, action in actions if action.verb == best]
    whole = Counter(_whole(caption, action) for caption, action in chosen)
    subjects = Counter(action.subject.word for _, action in chosen)
    word, _ = subjects.most_common(1)[0]
    subject = next(action.subject for _, action in chosen if action.subject.word == word)
    longest = max(whole, key=lambda text: (whole[text], len(text)))
    return Doing(word, subject.noun, subject.plural, best, longest)


def _whole(caption: Caption, action: Action) -> str:
    """The verb with the object that makes it an answer: "riding a horse", "playing tennis"."""
    if action.verb == "playing":
        following = caption.words[action.at + 1 : action.at + 3]
        game = next((word for word in following if word in GAMES), "")
        if action.done_to is not None and LEXICON[action.done_to.noun].wider == "instrument":
            game = action.done_to.noun
        return f"playing {game}".strip()
    if action.verb == "riding" and action.done_to is not None and _is_ridden(action.done_to):
        noun = action.done_to.noun
        return f"riding {plural(noun) if action.done_to.plural else article(noun)}"
    return action.verb


def _is_ridden(phrase: Phrase) -> bool:
    return LEXICON[phrase.noun].table in ("vehicle", "animal", "sport") or phrase.noun == "wave"


def things_done(photo: Photo) -> list[DoneTo]:
    """What is held, worn, ridden and so on, by whom."""
    found: dict[tuple[str, bool, str], list[Action]] = defaultdict(list)
    for caption in photo.captions:
        for action in caption.actions:
            if action.done_to is not None:
                found[*_same(photo, action.subject), action.verb].append(action)
    answers = []
    for (_, _, verb), actions in found.items():
        votes = Counter(action.done_to.noun for action in actions if action.done_to)
        noun, count = votes.most_common(1)[0]
        if list(votes.values()).count(count) > 1 and verb != "wearing":
            continue
        action = next(
            action for action in actions if action.done_to and action.done_to.noun == noun
        )
        answers.append(DoneTo(action.subject.word, action.subject.plural, verb, noun))
    return answers


def places(photo: Photo) -> Counter[str]:
    """Place -> how many captions set the photo there, surfaces such as grass at a discount.

    A place counts after a preposition ("on the beach"), and where the caption is about it ("a
    kitchen with two chairs").
    """
    votes: dict[str, float] = defaultdict(float)
    for caption in photo.captions:
        for noun in dict.fromkeys(
            noun
            for phrase in caption.phrases
            for noun in (phrase.noun, *phrase.before)
            if noun in PLACES and _sets_scene(caption, phrase, noun)
        ):
            votes[noun] += 0.6 if noun in SURFACES else 1.0
    return Counter(votes)  # type: ignore[arg-type]


def _sets_scene(caption: Caption, phrase: Phrase, noun: str) -> bool:
    after = caption.words[phrase.end : phrase.end + 1]
    if after == ("'s",):
        return False
    if noun != phrase.noun:
        return LEXICON[noun].table == "indoors"
    before = caption.words[max(0, phrase.start - 2) : phrase.start]
    if not before or before[-2:] == ("view", "of"):
        return not after or after[0] in OPENS
    if noun == "building" and before[-1] == "on":
        return False
    return before[-1] in scenes.AT or before in (("side", "of"), ("middle", "of"), ("edge", "of"))


def spots(photo: Photo) -> dict[tuple[str, bool], Counter[str]]:
    """(Thing as written, whether several) -> what it is in or on, with votes."""
    found: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for caption in photo.captions:
        for first, second in zip(caption.phrases, caption.phrases[1:], strict=False):
            between = caption.words[first.end : second.start]
            quiet = all(word in scenes.PASSED or word in PARTICIPLES for word in between[:-1])
            if (
                between
                and quiet
                and between[-1] in scenes.AT
                and second.noun in PLACES | scenes.HOLDS
            ):
                found[first.word, first.plural][second.noun] += 1
    return found
