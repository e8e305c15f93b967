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
from colour_facts import Coloured, coloured
from nouns import FORMS, LEXICON, plural, wider
from photo_facts import Doing, Photo
from phrasings import ask
from vocabulary import LOOKALIKES, NOT_DONE, POSTURES, VAGUE, listed

KINDS = ("exists", "colour", "count", "doing", "where", "what", "attribute", "indoors")
MOST_EXISTS = 5
ONE_KEPT = 0.15
"""Share of the questions whose answer is "1" that are asked: most photos show one of something."""
OUTDOORS_KEPT = 0.3

Negative = Callable[[random.Random], str]


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
    """The questions of each set of captions. What is not there is drawn from all their nouns:
    half by frequency to the power .75, half among what often goes with the nouns of the photo."""
    photos = [Photo(captions) for captions in caption_sets]
    absent = Cooccurrence([frozenset(photo.named) for photo in photos])
    rng = random.Random(seed)
    return [_questions(photo, rng, absent.negative(photo.named)) for photo in photos]


def noun_targets(captions: Sequence[str], nouns: Sequence[str]) -> set[str]:
    """Which of the nouns a set of captions names, implies ("surfer": surfboard) or subsumes."""
    return Photo(captions).known & set(nouns)


def _questions(photo: Photo, rng: random.Random, negative: Negative) -> list[Question]:
    found: list[Question] = []
    for kind, made in (
        ("exists", _exists(photo, rng, negative)),
        ("colour", _colour(photo, rng)),
        ("count", _count(photo, rng)),
        ("doing", _doing(photo, rng)),
        ("where", _where(photo, rng)),
        ("what", _what(photo, rng)),
        ("attribute", _attribute(photo, rng)),
        ("indoors", _indoors(photo, rng)),
    ):
        found += [Question(kind, text, answer) for text, answer in made]
    return found


Asked = Iterator[tuple[str, str]]


def _exists(photo: Photo, rng: random.Random, negative: Negative) -> Asked:
    named = sorted(photo.known - UNASKED)
    rng.shuffle(named)
    named.sort(key=lambda noun: rng.random() / (1 + photo.named[noun]))
    for noun in named[:MOST_EXISTS]:
        other = next(
            (word for word in (negative(rng) for _ in range(40))
             if word not in photo.unsure and word not in UNASKED), None
        )  # fmt: skip
        if other:
            yield say.ask_exists(rng, noun), "yes"
            yield say.ask_exists(rng, other), "no"


UNASKED = listed("body lap ground adult ring light top stand makeup clothing player")


def _be(several: bool) -> str:
    return "are" if several else "is"


def _colour_text(rng: random.Random, fact: Coloured) -> str:
    parts = {"is": _be(fact.plural), "has": "do" if fact.plural else "does", "bare": fact.thing}
    parts["is_owner"] = "is"
    owner = f"the {fact.owner}"
    if fact.thing == "hair" and fact.owner:
        return ask(rng, say.HAIR, owner=owner)
    if fact.thing == "clothes" and fact.owner:
        return ask(rng, say.CLOTHES, owner=owner, **(parts | {"is": "is"}))
    if fact.owner and rng.random() < 0.35:
        return ask(rng, say.COLOUR_OWNED, owner=owner, **parts)
    return ask(rng, say.COLOUR[:5] + say.COLOUR[6:], thing=_thing(fact), **parts)


def _thing(fact: Coloured) -> str:
    return f"the {fact.owner}'s {fact.thing}" if fact.owner else f"the {fact.thing}"


def _colour(photo: Photo, rng: random.Random) -> Asked:
    for fact in coloured(photo):
        yield _colour_text(rng, fact), fact.colour


def _count(photo: Photo, rng: random.Random) -> Asked:
    for noun, number in photo.counts().items():
        if number > 1 or rng.random() < ONE_KEPT:
            yield ask(rng, say.COUNT, many=plural(noun)), str(number)


def _doing(photo: Photo, rng: random.Random) -> Asked:
    doings = photo.doings()
    for fact in doings:
        templates = say.DOING
        if len(doings) == 1 and rng.random() < 0.15:
            templates = say.DOING_ALONE
        yield ask(rng, templates, who=fact.who, **{"is": _be(fact.plural)}), fact.whole


def _where(photo: Photo, rng: random.Random) -> Asked:
    places = photo.places()
    if places:
        best, votes = places.most_common(1)[0]
        if list(places.values()).count(votes) == 1:
            yield ask(rng, say.WHERE_PHOTO), best
    for (who, several), spots in photo.spots().items():
        best, votes = spots.most_common(1)[0]
        if list(spots.values()).count(votes) == 1 and LEXICON[FORMS[who].noun].table not in NO_SPOT:
            yield ask(rng, say.WHERE_THING, who=who, **{"is": _be(several)}), best


NO_SPOT = frozenset({"clothing", "body", "outdoors", "indoors", "nature", "building", "event"})


def _what(photo: Photo, rng: random.Random) -> Asked:
    for who, several, verb, noun in photo.things_done():
        if verb in ASKED_OBJECTS:
            yield ask(rng, say.DONE_TO, who=who, verb=verb, **{"is": _be(several)}), noun
    total = len(photo.captions)
    for kind in ("animal", "vehicle", "food", "fruit", "vegetable"):
        votes = Counter({noun: n for noun, n in photo.named.items() if kind in wider(noun)})
        if not votes:
            continue
        (best, count), *rest = votes.most_common(2)
        rival = rest and rest[0][1] * 2 > count and rest[0][0] not in wider(best)
        if count * 2 > total and not rival:
            yield ask(rng, say.KIND, kind=kind), best
    living = [
        noun for noun in photo.named if "person" in wider(noun) and photo.named[noun] * 2 > total
    ]
    if len(living) == 1 and photo.lone_person and rng.random() < 0.6:
        yield ask(rng, say.WHO), living[0]
    common = photo.named.most_common(2)
    if common and common[0][1] * 2 > total and (len(common) < 2 or common[1][1] < common[0][1]):
        yield ask(rng, say.WHAT_PHOTO), common[0][0]
    sports = Counter(
        sport for caption in photo.captions
        for sport in {SPORTS[word] for word in caption.words if word in SPORTS}
    )  # fmt: skip
    if len(sports) == 1 and sports.total() > 1:
        yield ask(rng, say.SPORT), next(iter(sports))


ASKED_OBJECTS = listed(
    "holding carrying wearing riding eating throwing catching kicking chasing pulling pushing "
    "reading chewing drinking driving cutting"
)
SPORTS = {
    "tennis": "tennis", "soccer": "soccer", "baseball": "baseball", "basketball": "basketball",
    "volleyball": "volleyball", "golf": "golf", "hockey": "hockey", "rugby": "rugby",
    "lacrosse": "lacrosse", "football": "football", "skateboarding": "skateboarding",
    "skateboarder": "skateboarding", "surfing": "surfing", "surfer": "surfing", "skiing": "skiing",
    "skier": "skiing", "snowboarding": "snowboarding", "snowboarder": "snowboarding",
    "frisbee": "frisbee", "kayaking": "kayaking", "kayaker": "kayaking", "wrestling": "wrestling",
    "polo": "polo", "cricket": "cricket",
}  # fmt: skip


def _attribute(photo: Photo, rng: random.Random) -> Asked:
    """Claims about colours, doings and the setting, true and false with equal chance."""
    for fact in coloured(photo):
        if fact.thing == "hair" or (fact.thing == "clothes" and fact.owner == ""):
            continue
        true = rng.random() < 0.5
        wrong = sorted(LOOKALIKES.keys() - LOOKALIKES.get(fact.colour, set()) - {fact.colour})
        claim = fact.colour if true else rng.choice(wrong)
        is_ = {"is": _be(fact.plural)}
        yield ask(rng, say.IS_COLOUR, thing=_thing(fact), claim=claim, **is_), _yes(true)
    for doing in photo.doings():
        true = rng.random() < 0.5
        wrong = _not_done(photo, doing)
        if wrong and doing.verb not in VAGUE | NOT_DONE:
            claim = doing.verb if true else rng.choice(wrong)
            text = ask(rng, say.IS_DOING, who=doing.who, claim=claim, **{"is": _be(doing.plural)})
            yield text, _yes(true)
    if photo.setting and rng.random() < 0.2:
        claim = rng.choice(("indoors", "outdoors", "inside", "outside"))
        true = (claim in ("indoors", "inside")) == (photo.setting == "indoors")
        yield ask(rng, say.IS_INDOORS, claim=claim), _yes(true)


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def _not_done(photo: Photo, doing: Doing) -> list[str]:
    """What it surely does not do: nothing that a caption tells of anybody, nor goes with it."""
    told = {action.verb for caption in photo.captions for action in caption.actions} | {doing.verb}
    words = {word for caption in photo.captions for word in caption.words}
    if not any(doing.verb in line.split() for line in POSTURES):
        return []
    person = "animal" not in wider(FORMS[doing.who].noun)
    return [
        verb
        for line in POSTURES
        for verb in line.split()
        if not told & set(line.split()) and not words & set(line.split())
        and verb not in VAGUE and (person or verb in ANIMALS_DO)
    ]  # fmt: skip


ANIMALS_DO = listed(
    "walking running jumping flying sitting eating sleeping swimming digging climbing"
)


def _indoors(photo: Photo, rng: random.Random) -> Asked:
    if photo.setting == "indoors" or (photo.setting and rng.random() < OUTDOORS_KEPT):
        yield ask(rng, say.INDOORS), photo.setting


def _cases(data: Path, split: str) -> list[dict[str, object]]:
    lines = (data / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case.get("split", "train") == split]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that holds flickr8k/")
    parser.add_argument("--split", default="dev")
    parser.add_argument(
        "--out", type=Path, required=True, help="a new folder outside the repository"
    )
    parser.add_argument("--most", type=int, default=4, help="questions of a photo at most")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    source = args.data / "flickr8k"
    cases = _cases(source, args.split)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True)
    (args.out / "photos").symlink_to((source / "photos").resolve())
    kinds: Counter[str] = Counter()
    with (args.out / "cases.jsonl").open("w", encoding="utf-8") as file:
        for case, made in zip(
            cases, make([case["captions"] for case in cases], args.seed), strict=True
        ):
            for question in rng.sample(made, min(args.most, len(made))):
                kinds[question.kind] += 1
                row = {"image": case["image"], "question": question.text,
                       "answers": [question.answer], "type": question.kind}  # fmt: skip
                file.write(json.dumps(row) + "\n")
    print(args.out / "cases.jsonl", dict(kinds))


if __name__ == "__main__":
    main()
