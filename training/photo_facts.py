"""What the captions of one photo agree on; what they dispute or leave open is not given."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import scenes
from caption_grammar import Action, Caption, Phrase, read
from nouns import FORMS, LEXICON, NOUNS, wider
from vocabulary import GAMES, NOT_DONE, PARTICIPLES, SPOTS, VAGUE


def _name(word: str) -> str:
    return word if word in LEXICON else word.replace("-", " ")


def _lines(lines: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(map(_name, line.split())) for line in lines]


IMPLIES = {
    key: frozenset(_name(word) for word in text.split()) for key, text in scenes.IMPLIES.items()
}
MEANS = _lines(scenes.MEANS)
INDOORS, OUTDOORS, OUTSIDE_UNSAID, INSIDE_UNSAID = _lines(
    [
        " ".join(words)
        for words in (scenes.INDOORS, scenes.OUTDOORS, scenes.OUTSIDE_UNSAID, scenes.INSIDE_UNSAID)
    ]
)

RELATED: dict[str, frozenset[str]] = {
    noun: frozenset().union(*(line for line in MEANS if noun in line)) for noun in NOUNS
}
NARROWER: dict[str, set[str]] = defaultdict(set)
for _noun in NOUNS:
    for _wide in wider(_noun):
        NARROWER[_wide].add(_noun)

PLACES = frozenset(
    noun.name
    for noun in LEXICON.values()
    if noun.table in ("indoors", "outdoors")
    or noun.name in scenes.PUBLIC_PLACES
    or noun.name in ("snow", "grass", "sand", "mud")
) - {"wave", "curb", "rock", "skyline", "surf", "room"}


@dataclass(frozen=True, slots=True)
class Doing:
    """Who (as written), whether several, what they do, and for each verb what it is done to."""

    who: str
    plural: bool
    verb: str
    whole: str


class Photo:
    """The captions of one photo, read, with what follows from all of them together."""

    def __init__(self, captions: Sequence[str]) -> None:
        self.captions: list[Caption] = [read(caption) for caption in captions]

    def phrases(self) -> Iterator[Phrase]:
        for caption in self.captions:
            yield from caption.phrases

    @cached_property
    def named(self) -> Counter[str]:
        """Noun -> how many captions have it as the head of a noun phrase."""
        return Counter(
            noun
            for caption in self.captions
            for noun in dict.fromkeys(phrase.noun for phrase in caption.phrases)
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """All nouns that are there: named, implied by what is named, or wider than it."""
        found = set(self.named)
        for caption in self.captions:
            words = {*caption.words, *(PARTICIPLES.get(word, "") for word in caption.words)}
            words |= {phrase.noun for phrase in caption.phrases}
            words |= {action.verb for action in caption.actions}
            found.update(*(IMPLIES[word] for word in words & IMPLIES.keys()))
            for phrase in caption.phrases:
                found.update(noun for noun in phrase.before if LEXICON[noun].table == "indoors")
        found.update(*(tuple(wider(noun)) for noun in tuple(found)))
        return frozenset(found)

    @cached_property
    def unsure(self) -> frozenset[str]:
        """All nouns that may well be there: no question whose answer is "no" is about them."""
        loose = {
            FORMS[words].noun
            for caption in self.captions
            for size in (1, 2, 3)
            for words in (
                " ".join(caption.words[at : at + size]) for at in range(len(caption.words))
            )
            if words in FORMS
        }
        literal = loose | self.known
        found = set(literal)
        for noun in literal:
            found |= RELATED[noun]
            found.update(wider(noun))
        for noun in loose:
            found |= NARROWER[noun]
        found |= NARROWER["person"] - self._absent_people(loose)
        if self.has_people:
            found |= scenes.WORN_UNSAID | {"person", "adult"}
            found |= {noun.name for noun in LEXICON.values() if noun.table == "body"}
        if "animal" in self.known:
            found |= {noun.name for noun in LEXICON.values() if noun.table == "body"} | {"collar"}
        found |= OUTSIDE_UNSAID if self.setting != "indoors" else frozenset()
        found |= INSIDE_UNSAID if self.setting != "outdoors" else frozenset()
        return frozenset(found)

    @cached_property
    def has_people(self) -> bool:
        """People are named, or parts of them, or what only they do."""
        bodies = any(LEXICON[noun].table == "body" for noun in self.named)
        return "person" in self.known or (bodies and "animal" not in self.known)

    def _absent_people(self, loose: set[str]) -> frozenset[str]:
        """Men where only women are named, babies where only adults are; all where nobody is."""
        if not self.has_people:
            return frozenset(NARROWER["person"])
        if loose & scenes.ANYBODY or any(
            phrase.plural and "person" in wider(phrase.noun) and phrase.noun not in scenes.SEXED
            for phrase in self.phrases()
        ):
            return frozenset()
        males, females, young = (
            loose & names for names in (scenes.MALES, scenes.FEMALES, scenes.CHILDREN)
        )
        absent: set[str] = set()
        if males and not females and sum(self.named[noun] for noun in males) > 1:
            absent |= {"woman", "girl"}
        if females and not males and sum(self.named[noun] for noun in females) > 1:
            absent |= {"man", "boy"}
        if not young and sum(self.named[noun] for noun in ("man", "woman")) > 1:
            absent |= {"baby", "child"}
        return frozenset(absent)

    @cached_property
    def setting(self) -> str:
        """ "indoors" or "outdoors" where the captions tell, else ""."""
        words = Counter(word for caption in self.captions for word in set(caption.words))
        told = {
            "indoors": words["indoors"] + words["indoor"],
            "outdoors": words["outdoors"] + words["outdoor"],
        }
        for place, nouns in (("indoors", INDOORS), ("outdoors", OUTDOORS)):
            for caption in self.captions:
                heads = {phrase.noun for phrase in caption.phrases}
                heads |= {noun for phrase in caption.phrases for noun in phrase.before}
                told[place] += bool(heads & nouns)
        inside, outside = told["indoors"], told["outdoors"]
        if inside and outside:
            return ""
        return "indoors" if inside > 0 else "outdoors" if outside > 1 else ""

    @cached_property
    def lone_person(self) -> bool:
        """Every caption names at most one person, and one does."""
        people = [
            [phrase for phrase in caption.phrases if _is_person(phrase)]
            for caption in self.captions
        ]
        return (
            any(people)
            and all(len(named) < 2 for named in people)
            and not any(
                phrase.plural or phrase.noun in scenes.MANY for named in people for phrase in named
            )
            and not any(
                word in caption.words for caption in self.captions for word in scenes.OTHERS
            )
        )

    def alone(self, noun: str) -> bool:
        """The noun, and whatever is a kind of it, is never plural nor named twice in a caption."""
        family = {noun, *NARROWER[noun]} | ({*wider(noun)} - {"person", "animal", "vehicle"})
        for caption in self.captions:
            found = [phrase for phrase in caption.phrases if phrase.noun in family]
            if len(found) > 1 or any(
                phrase.plural or phrase.determiner in ("another", "other", "each")
                for phrase in found
            ):
                return False
        return not (noun in self.named and LEXICON[noun].table == "person" and self.many_people)

    @cached_property
    def many_people(self) -> bool:
        return any(
            _is_person(phrase)
            and (phrase.noun in scenes.MANY or (phrase.plural and phrase.noun in scenes.ANYBODY))
            for phrase in self.phrases()
        )

    def counts(self) -> dict[str, int]:
        """Noun -> how many, where every caption that gives a number gives the same."""
        found: dict[str, int] = {}
        for noun in self.named:
            if LEXICON[noun].mass or LEXICON[noun].only_plural:
                continue
            family = {noun, *NARROWER[noun]} | ({*wider(noun)} - {"vehicle", "food", "furniture"})
            numbers: list[int] = []
            single = doubt = 0
            for caption in self.captions:
                here = [phrase for phrase in caption.phrases if phrase.noun in family]
                numbers += [phrase.number for phrase in here if phrase.number]
                doubt += len(here) > 1
                single += any(not phrase.plural for phrase in here)
                doubt += any(phrase.noun in scenes.MANY for phrase in here)
            own = any(phrase.noun == noun and phrase.number for phrase in self.phrases())
            if own and len(set(numbers)) == 1 and not doubt and single <= len(numbers) - 1:
                found[noun] = numbers[0]
            elif (
                LEXICON[noun].table in ("person", "animal", "vehicle")
                and self.named[noun] >= 3
                and self.alone(noun)
                and not numbers
            ):
                found[noun] = 1
        if "person" not in found and self.lone_person:
            found["person"] = 1
        return found

    def doings(self) -> list[Doing]:
        """What each named living thing does, by the vote of the captions."""
        votes: dict[str, list[tuple[Caption, Action]]] = defaultdict(list)
        for caption in self.captions:
            for action in caption.actions:
                key = (
                    "person"
                    if self.lone_person and _is_person(action.subject)
                    else action.subject.noun
                )
                if action.verb not in NOT_DONE:
                    votes[key].append((caption, action))
        found = []
        for actions in votes.values():
            verbs = Counter(action.verb for _, action in actions)
            best, count = max(verbs.items(), key=lambda item: (item[1], item[0] not in VAGUE))
            rivals = [verb for verb, times in verbs.items() if times == count and verb not in VAGUE]
            if len(rivals) > 1 or (count == 1 and len(verbs) > 2):
                continue
            said = [(caption, action) for caption, action in actions if action.verb == best]
            whole = Counter(_whole(caption, action) for caption, action in said)
            subject = Counter((action.subject.word, action.subject.plural) for _, action in said)
            (who, plural), _ = subject.most_common(1)[0]
            found.append(
                Doing(who, plural, best, max(whole, key=lambda text: (whole[text], len(text))))
            )
        return found

    def things_done(self) -> list[tuple[str, bool, str, str]]:
        """(who, whether several, verb, noun): "the boy", "is", "holding", "kite"."""
        found: dict[tuple[str, str], Counter[tuple[str, bool, str]]] = defaultdict(Counter)
        for caption in self.captions:
            for action in caption.actions:
                if action.done_to is not None:
                    key = ("one" if self.lone_person else action.subject.noun, action.verb)
                    subject = action.subject
                    found[key][subject.word, subject.plural, action.done_to.noun] += 1
        answers = []
        for (_, verb), votes in found.items():
            nouns = Counter[str]()
            for (_, _, noun), times in votes.items():
                nouns[noun] += times
            noun, count = nouns.most_common(1)[0]
            if list(nouns.values()).count(count) > 1 and verb != "wearing":
                continue
            who, plural, _ = next(key for key in votes if key[2] == noun)
            answers.append((who, plural, verb, noun))
        return answers

    def places(self) -> Counter[str]:
        """Place -> how many captions set the photo there."""
        votes: Counter[str] = Counter()
        for caption in self.captions:
            here = set()
            for phrase in caption.phrases:
                if (
                    phrase.noun in PLACES
                    and phrase.start
                    and caption.words[phrase.start - 1] in SPOTS
                ):
                    here.add(phrase.noun)
            votes.update(sorted(here))
        return votes

    def spots(self) -> dict[tuple[str, bool], Counter[str]]:
        """(Thing as written, whether several) -> where it is, with votes."""
        found: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
        for caption in self.captions:
            for first, second in zip(caption.phrases, caption.phrases[1:], strict=False):
                between = caption.words[first.end : second.start]
                quiet = all(word in scenes.PASSED or word in PARTICIPLES for word in between[:-1])
                if (
                    between
                    and between[-1] in scenes.AT
                    and quiet
                    and second.noun in scenes.HOLDS | PLACES
                ):
                    found[first.word, first.plural][second.noun] += 1
        return found


def _is_person(phrase: Phrase) -> bool:
    return LEXICON[phrase.noun].table == "person"


def _whole(caption: Caption, action: Action) -> str:
    """The verb with the object that makes it an answer: "riding a horse", "playing tennis"."""
    following = caption.words[action.at + 1 : action.at + 3]
    if action.verb == "playing":
        game = next((word for word in following if word in GAMES), "")
        return f"playing {game}".strip()
    if action.verb == "riding" and action.done_to is not None:
        noun = action.done_to
        return f"riding {noun.word}" if noun.plural else f"riding a {noun.word}"
    return action.verb
