"""Yes/no questions about what is there: a claim about a thing, true and false with equal chance."""

import random
from collections.abc import Iterator

import phrasings as say
from colour_facts import coloured
from happenings import Doing, doings, things_done
from nouns import LEXICON, wider
from photo_facts import Photo
from phrasings import article, ask
from scenes import RELATED
from vocabulary import LOOKALIKES, POSTURES, VAGUE, listed

ANIMALS_DO = listed("walking running jumping flying sitting eating sleeping swimming climbing")
TOLD_WHERE_WORN = listed("dress suit uniform helmet hat swimsuit wetsuit costume sunglasses tie")
"""What a caption that tells of clothes would tell of."""
SETTING_ASKED = 0.2


def claims(photo: Photo, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Questions and answers, "yes" or "no"."""
    yield from _colours(photo, rng)
    yield from _doings(photo, rng)
    yield from _worn(photo, rng)
    if photo.setting and rng.random() < SETTING_ASKED:
        claim = rng.choice(("indoors", "outdoors", "inside", "outside"))
        true = (claim in ("indoors", "inside")) == (photo.setting == "indoors")
        yield ask(rng, say.IS_INDOORS, claim=claim), _answer(true)


def _answer(true: bool) -> str:
    return "yes" if true else "no"


def _colours(photo: Photo, rng: random.Random) -> Iterator[tuple[str, str]]:
    for fact in coloured(photo):
        if fact.colour not in LOOKALIKES:
            continue
        true = rng.random() < 0.5
        wrong = sorted(LOOKALIKES.keys() - LOOKALIKES[fact.colour] - {fact.colour})
        claim = fact.colour if true else rng.choice(wrong)
        parts = {"is": "are" if fact.plural else "is", "thing": fact.whose, "claim": claim}
        yield ask(rng, say.IS_COLOUR, **parts), _answer(true)


def _doings(photo: Photo, rng: random.Random) -> Iterator[tuple[str, str]]:
    for doing in doings(photo):
        wrong = _not_done(photo, doing)
        if wrong and doing.verb not in VAGUE:
            true = rng.random() < 0.5
            claim = rng.choice([doing.verb, doing.whole]) if true else rng.choice(wrong)
            parts = {"is": "are" if doing.plural else "is", "who": doing.who, "claim": claim}
            yield ask(rng, say.IS_DOING, **parts), _answer(true)


def _not_done(photo: Photo, doing: Doing) -> list[str]:
    """What it surely does not do: nothing that a caption tells of anybody, nor goes with it."""
    told = {action.verb for caption in photo.captions for action in caption.actions}
    told |= {doing.verb, *(word for caption in photo.captions for word in caption.words)}
    lines = [line.split() for line in POSTURES]
    if not any(doing.verb in line for line in lines):
        return []
    animal = "animal" in (doing.noun, *wider(doing.noun))
    return [
        verb
        for line in lines
        if told.isdisjoint(line)
        for verb in line
        if verb not in VAGUE and (verb in ANIMALS_DO or not animal)
    ]


def _worn(photo: Photo, rng: random.Random) -> Iterator[tuple[str, str]]:
    """What one person wears, or does not although captions tell of several clothes."""
    if not photo.lone_person:
        return
    who = next(phrase.word for phrase in photo.phrases() if LEXICON[phrase.noun].table == "person")
    worn = sorted({done.noun for done in things_done(photo) if done.verb == "wearing"})
    telling = sum(
        any(LEXICON[phrase.noun].table == "clothing" for phrase in caption.phrases)
        for caption in photo.captions
    )
    there = [noun for noun in worn if noun in TOLD_WHERE_WORN]
    absent = sorted(
        noun
        for noun in TOLD_WHERE_WORN
        if not photo.known & (RELATED[noun] | {noun}) and noun not in photo.known
    )
    true = rng.random() < 0.5
    if true and there:
        yield _wearing(rng, who, rng.choice(there)), "yes"
    elif not true and telling > 2 and absent:
        yield _wearing(rng, who, rng.choice(absent)), "no"


def _wearing(rng: random.Random, who: str, noun: str) -> str:
    return ask(rng, say.IS_WEARING, who=who, a=noun if LEXICON[noun].only_plural else article(noun))
