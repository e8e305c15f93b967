"""Which things the captions of one photo name, imply or leave open, and who alone is in it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

import scenes
from caption_grammar import Caption, Phrase, read
from nouns import FORMS, LEXICON, NARROWER, wider
from vocabulary import PARTICIPLES

BODY = frozenset(noun.name for noun in LEXICON.values() if noun.table == "body")
TABLEWARE = frozenset(
    noun.name for noun in LEXICON.values() if noun.table in ("food", "kitchenware")
) - {"can", "straw", "vase"}


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
    def names(self) -> dict[str, list[str]]:
        """Noun -> the names that captions give it, singular, as often as they do."""
        found: dict[str, list[str]] = {}
        for phrase in self.phrases():
            found.setdefault(phrase.noun, []).append(FORMS[phrase.word].name)
        return found

    @cached_property
    def known(self) -> frozenset[str]:
        """All nouns that are there: named, implied by what is named, or wider than it."""
        found = set(self.named)
        for caption in self.captions:
            words = {*caption.words, *(PARTICIPLES.get(word, "") for word in caption.words)}
            words |= {phrase.noun for phrase in caption.phrases}
            words |= {action.verb for action in caption.actions}
            found.update(*(scenes.IMPLIED[word] for word in words & scenes.IMPLIED.keys()))
            for phrase in caption.phrases:
                found.update(noun for noun in phrase.before if LEXICON[noun].table == "indoors")
        found.update(*(tuple(wider(noun)) for noun in tuple(found)))
        if "table" in self.named and found & TABLEWARE:
            found.add("dining table")
        if found & {"plant", "flower"} and found & {"pot", "vase"}:
            found.add("potted plant")
        return frozenset(found)

    @cached_property
    def _loose(self) -> frozenset[str]:
        """Every noun that any words of the captions may stand for, whatever their role."""
        return frozenset(
            FORMS[words].noun
            for caption in self.captions
            for size in (1, 2, 3)
            for at in range(len(caption.words))
            if (words := " ".join(caption.words[at : at + size])) in FORMS
        )

    @cached_property
    def unsure(self) -> frozenset[str]:
        """All nouns that may well be there: nothing is asked about them to be answered "no"."""
        literal = self._loose | self.known
        found = set(literal)
        for noun in literal:
            found |= scenes.RELATED[noun]
            found.update(wider(noun))
        for noun in self._loose:
            found |= NARROWER[noun]
        for caption in self.captions:
            found.update(*(scenes.GAMES[word] for word in caption.words if word in scenes.GAMES))
        found |= NARROWER["person"]
        if self.has_people:
            found |= scenes.WORN_UNSAID | BODY | {"person"}
        if "animal" in self.known:
            found |= BODY | {"collar"}
        if self.setting != "indoors":
            found |= scenes.OUTSIDE_UNSAID
        if self.setting != "outdoors":
            found |= scenes.INSIDE_UNSAID
        return frozenset(found - self._absent_people)

    @cached_property
    def has_people(self) -> bool:
        """People are named, or parts of the body that are no animal's."""
        bodies = bool(BODY & self.named.keys())
        return "person" in self.known or (bodies and "animal" not in self.known)

    @cached_property
    def _absent_people(self) -> frozenset[str]:
        """Everybody where nobody is named; women where only men are, and the like."""
        if not self.has_people:
            return NARROWER["person"] | {"person"}
        loose = self._loose
        if loose & scenes.ANYBODY or any(
            phrase.plural and "person" in wider(phrase.noun) and phrase.noun not in scenes.SEXED
            for phrase in self.phrases()
        ):
            return frozenset()
        males, females = loose & scenes.MALES, loose & scenes.FEMALES
        absent: set[str] = set()
        if males and not females and sum(self.named[noun] for noun in males) > 1:
            absent |= {"woman", "girl"}
        if females and not males and sum(self.named[noun] for noun in females) > 1:
            absent |= {"man", "boy"}
        if not loose & scenes.CHILDREN and self.named["man"] + self.named["woman"] > 1:
            absent |= {"baby", "child"}
        return frozenset(absent)

    @cached_property
    def setting(self) -> str:
        """ "indoors" or "outdoors" where the captions tell, else ""."""
        inside = outside = 0
        for caption in self.captions:
            words = set(caption.words)
            nouns = {phrase.noun for phrase in caption.phrases}
            nouns |= {noun for phrase in caption.phrases for noun in phrase.before}
            if words & {"indoors", "indoor"} or nouns & scenes.ROOMS:
                inside += 2
            elif nouns & scenes.FURNISHINGS:
                inside += 1
            if words & {"outdoors", "outdoor", "outside"}:
                outside += 2
            elif nouns & scenes.OUTDOORS:
                outside += 1
        if inside > 1 and not outside:
            return "indoors"
        return "outdoors" if outside > 1 and not inside else ""

    @cached_property
    def lone_person(self) -> bool:
        """Every caption names at most one person, and some caption does."""
        people = [
            [phrase for phrase in caption.phrases if is_person(phrase)] for caption in self.captions
        ]
        several = any(
            phrase.plural or phrase.noun in scenes.MANY for named in people for phrase in named
        )
        others = any(not scenes.OTHERS.isdisjoint(caption.words) for caption in self.captions)
        return any(people) and max(map(len, people)) == 1 and not several and not others

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
        return LEXICON[noun].table != "person" or not self._many_people

    @cached_property
    def _many_people(self) -> bool:
        return any(
            phrase.noun in scenes.MANY or (phrase.plural and phrase.noun in scenes.ANYBODY)
            for phrase in self.phrases()
            if is_person(phrase)
        )


def is_person(phrase: Phrase) -> bool:
    return LEXICON[phrase.noun].table == "person"
