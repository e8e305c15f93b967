"""Questions and answers made by rule from the captions of a photo, as in COCO-QA (Ren et al. 2015).

    python training/questions.py --data DATA --split dev --out DIR

writes DIR as an evaluation folder for `python -m eval vqa`: `cases.jsonl`, and `photos` as a link.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import phrasings as say
from absent import Cooccurrence
from claims import claims
from colour_facts import Coloured, coloured
from happenings import counts, doings, places, spots, things_done
from nouns import FORMS, LEXICON, NOUNS, plural, wider
from photo_facts import Photo
from phrasings import article, ask
from vocabulary import GAMES, LOOKALIKES, SPORTS, listed

KINDS = ("exists", "colour", "count", "doing", "where", "what", "attribute", "indoors")
MOST_EXISTS = 5
ONE_KEPT = 0.15
"""Share of the questions whose answer is "1" that are asked: most photos show one of something."""
OUTDOORS_KEPT = 0.3
UNASKED = listed("body lap ground adult ring light top stand makeup clothing player wood") | {
    "palm"
}
"""What nobody would ask for by this name."""
NO_SPOT = ("clothing", "body", "outdoors", "indoors", "nature", "building", "event")
NO_SUBJECT = ("clothing", "body", "outdoors", "nature", "event")
ASKED_OBJECTS = listed(
    "holding carrying wearing riding eating throwing catching kicking chasing pulling pushing "
    "reading chewing drinking driving cutting"
)

Negative = Callable[[random.Random], str]
Asked = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its kind (of `KINDS`), its text in lower case, the short answer."""

    kind: str
    text: str
    answer: str


def questions(captions: Sequence[str], rng: random.Random, negative: Negative) -> list[Question]:
    """All questions about one photo; `negative` proposes nouns that may not be there.

    A proposal is asked about only if no caption names it or anything related.
    """
    return _questions(Photo(captions), rng, negative)


def make(caption_sets: Sequence[Sequence[str]], seed: int) -> list[list[Question]]:
    """The questions of each set of captions, the same for the same seed.

    What is not there is drawn from the nouns of all sets: half by frequency to the power .75, half
    among what often goes with the nouns of the photo.
    """
    photos = [Photo(captions) for captions in caption_sets]
    absent = Cooccurrence([frozenset(photo.named) & _ASKED for photo in photos])
    rng = random.Random(seed)
    return [_questions(photo, rng, absent.negative(photo.named, photo.unsure)) for photo in photos]


def noun_targets(captions: Sequence[str], nouns: Sequence[str]) -> set[str]:
    """Which of the nouns a set of captions names, implies ("surfer": surfboard) or subsumes."""
    return set(nouns) & Photo(captions).known


_ASKED = frozenset(NOUNS) - UNASKED


def _questions(photo: Photo, rng: random.Random, negative: Negative) -> list[Question]:
    made = {
        "exists": _exists(photo, rng, negative),
        "colour": _colour(photo, rng),
        "count": _count(photo, rng),
        "doing": _doing(photo, rng),
        "where": _where(photo, rng),
        "what": _what(photo, rng),
        "attribute": claims(photo, rng),
        "indoors": _indoors(photo, rng),
    }
    return [Question(kind, text, answer) for kind in KINDS for text, answer in made[kind]]


def _exists(photo: Photo, rng: random.Random, negative: Negative) -> Asked:
    absent = _ASKED - photo.unsure
    known = sorted(photo.known & _ASKED)
    known.sort(key=lambda noun: rng.random() / (1 + photo.named[noun]))
    for noun in known[:MOST_EXISTS]:
        proposals = (negative(rng) for _ in range(40))
        other = next((name for name in proposals if name in absent), None)
        if other:
            yield say.ask_exists(rng, noun, _called(rng, noun, photo.names.get(noun, ()))), "yes"
            yield say.ask_exists(rng, other, _called(rng, other, LEXICON[other].synonyms)), "no"


def _called(rng: random.Random, noun: str, names: Sequence[str]) -> str:
    """Mostly its canonical name, else one of the others."""
    return rng.choice(names) if names and rng.random() < 0.3 else noun


def _be(several: bool) -> str:
    return "are" if several else "is"


def _colour(photo: Photo, rng: random.Random) -> Asked:
    for fact in coloured(photo):
        yield _colour_text(rng, fact), fact.colour


def _colour_text(rng: random.Random, fact: Coloured) -> str:
    parts = {"is": _be(fact.plural), "has": "do" if fact.plural else "does", "bare": fact.thing}
    owner = f"the {fact.owner}"
    if fact.thing == "hair" and fact.owner:
        return ask(rng, say.HAIR, owner=owner)
    if fact.thing == "clothes" and fact.owner:
        return ask(rng, say.CLOTHES, owner=owner)
    if fact.owner and rng.random() < 0.35:
        return ask(rng, say.COLOUR_OWNED, owner=owner, **parts)
    if rng.random() < 0.1 and fact.colour in LOOKALIKES:
        wrong = sorted(LOOKALIKES.keys() - LOOKALIKES[fact.colour] - {fact.colour})
        one, two = rng.sample([fact.colour, rng.choice(wrong)], 2)
        return ask(rng, say.EITHER_COLOUR, thing=fact.whose, one=one, two=two, **parts)
    return ask(rng, say.COLOUR, thing=fact.whose, **parts)


def _count(photo: Photo, rng: random.Random) -> Asked:
    for noun, number in counts(photo).items():
        if number > 1 or rng.random() < ONE_KEPT:
            yield ask(rng, say.COUNT, many=plural(noun)), str(number)


def _doing(photo: Photo, rng: random.Random) -> Asked:
    facts = doings(photo)
    for fact in facts:
        alone = len(facts) == 1 and rng.random() < 0.15
        templates = say.DOING_ALONE if alone else say.DOING[fact.plural :]
        yield ask(rng, templates, who=fact.who, **{"is": _be(fact.plural)}), fact.whole


def _where(photo: Photo, rng: random.Random) -> Asked:
    votes = places(photo)
    if votes:
        best, most = votes.most_common(1)[0]
        if list(votes.values()).count(most) == 1:
            yield ask(rng, say.WHERE_PHOTO), best
    for (who, several), here in spots(photo).items():
        best, most = here.most_common(1)[0]
        if list(here.values()).count(most) == 1 and LEXICON[FORMS[who].noun].table not in NO_SPOT:
            yield ask(rng, say.WHERE_THING, who=who, **{"is": _be(several)}), best


def _what(photo: Photo, rng: random.Random) -> Asked:
    for done in things_done(photo):
        if done.verb in ASKED_OBJECTS:
            parts = {"who": done.who, "verb": done.verb, "is": _be(done.plural)}
            yield ask(rng, say.DONE_TO[done.plural :], **parts), done.noun
    for kind in ("animal", "vehicle", "food", "fruit", "vegetable"):
        found = _most(photo, {noun for noun in photo.named if kind in wider(noun)})
        if found:
            yield ask(rng, say.KIND, kind=kind), found
            if rng.random() < 0.3:
                yield from _either(photo, rng, found)
    people = {noun for noun in photo.named if "person" in wider(noun)}
    found = _most(photo, people) if photo.lone_person else ""
    if found and rng.random() < 0.6:
        yield ask(rng, say.WHO), found
        yield from _either(photo, rng, found)
    found = _most(photo, set(photo.named))
    if found and LEXICON[found].table not in NO_SUBJECT and _is_subject(photo, found):
        yield ask(rng, say.WHAT_PHOTO), found
    sports = Counter(
        sport
        for caption in photo.captions
        for sport in {SPORTS[word] for word in caption.words if word in SPORTS}
    )
    if len(sports) == 1 and sports.total() > 1:
        sport = next(iter(sports))
        yield ask(rng, say.GAME if sport in GAMES and rng.random() < 0.5 else say.SPORT), sport


def _most(photo: Photo, nouns: set[str]) -> str:
    """The noun that more than half of the captions name, if no other comes near it."""
    votes = Counter({noun: photo.named[noun] for noun in photo.named if noun in nouns})
    if not votes:
        return ""
    (best, most), *rest = votes.most_common(2)
    near = rest and rest[0][1] * 2 > most and rest[0][0] not in wider(best)
    return best if most * 2 > len(photo.captions) and not near else ""


def _is_subject(photo: Photo, noun: str) -> bool:
    """Whether most captions that name it begin with it."""
    first = sum(
        bool(caption.phrases) and caption.phrases[0].noun == noun for caption in photo.captions
    )
    return first * 2 > photo.named[noun]


def _either(photo: Photo, rng: random.Random, noun: str) -> Asked:
    """ "Is this a cat or a dog?", the other one surely absent and of the same table."""
    others = [
        other
        for other in say.EITHERS.get(LEXICON[noun].table, ())
        if other not in photo.unsure and other != noun
    ]
    if others and not LEXICON[noun].mass:
        one, two = rng.sample([article(noun), article(rng.choice(others))], 2)
        yield ask(rng, say.EITHER, one=one, two=two), noun


def _indoors(photo: Photo, rng: random.Random) -> Asked:
    if photo.setting == "indoors" or (photo.setting and rng.random() < OUTDOORS_KEPT):
        yield ask(rng, say.INDOORS), photo.setting


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that holds flickr8k/")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--out", type=Path, required=True, help="a new folder, not in a repository")
    parser.add_argument("--most", type=int, default=4, help="questions of a photo at most")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    kinds = write_cases(args.data / "flickr8k", args.split, args.out, args.most, args.seed)
    print(args.out / "cases.jsonl", dict(kinds))


def write_cases(source: Path, split: str, out: Path, most: int, seed: int) -> Counter[str]:
    """Write an evaluation folder; return how many questions of each kind it has."""
    lines = (source / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case.get("split", "train") == split]
    made = make([case["captions"] for case in cases], seed)
    rng = random.Random(seed)
    out.mkdir(parents=True)
    (out / "photos").symlink_to((source / "photos").resolve())
    kinds: Counter[str] = Counter()
    with (out / "cases.jsonl").open("w", encoding="utf-8") as file:
        for case, asked in zip(cases, made, strict=True):
            for question in _spread(asked, rng)[:most]:
                kinds[question.kind] += 1
                row = {
                    "image": case["image"],
                    "question": question.text,
                    "answers": [question.answer],
                    "type": question.kind,
                }
                file.write(json.dumps(row) + "\n")
    return kinds


def _spread(asked: list[Question], rng: random.Random) -> list[Question]:
    """The same questions in random order, but one of each kind ahead of a second of any."""
    shuffled = rng.sample(asked, len(asked))
    seen: Counter[str] = Counter()
    turns = []
    for question in shuffled:
        turns.append(seen[question.kind])
        seen[question.kind] += 1
    order = sorted(range(len(shuffled)), key=lambda at: turns[at])
    return [shuffled[at] for at in order]


if __name__ == "__main__":
    main()
