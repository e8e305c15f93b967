"""Things that texts name beside those that people named: CHAIR and coverage. Pure functions.

CHAIR (Rohrbach et al. 2018, "Object Hallucination in Image Captioning", arXiv:1809.02156) counts
objects of a text that neither captions nor annotations of the photo name. Here the objects are
the nouns that `vlm.checked.vocabulary` knows, and people's captions say which are there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vlm.checked.agreement import read
from vlm.checked.phrases import sentence_spans
from vlm.starter.nouns import Nouns

AGREED = 2
"""People who must name a thing before a text is missed to name it."""
_DOUBTED = re.compile(r"(?:possibly|probably|perhaps|hard to say)\b", re.IGNORECASE)
_HEDGE = re.compile(r"(?:what may be |\bpossibly (?:[\w ]+ )?)$", re.IGNORECASE)
_ASIDE = re.compile(r", possibly\b[^,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class People:
    """What people named: ``any`` of them, wider nouns included, and several of them."""

    any: frozenset[str]
    several: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What one text names, ``wrong`` or not and ``plain`` or with doubt, and what it covers."""

    said: int
    wrong: int
    plain: int
    plain_wrong: int
    covered: int
    to_cover: int


@dataclass(frozen=True, slots=True)
class Truth:
    """Means over texts. ``chair_i`` are wrong things by all things, ``chair_s`` texts with any.

    The ``plain`` ones leave out what a text says with doubt.
    """

    chair_i: float
    chair_s: float
    chair_i_plain: float
    chair_s_plain: float
    coverage: float
    things: float


def named_by_people(captions: Iterable[str], nouns: Nouns) -> People:
    """What the captions of one photo name.

    >>> nouns = Nouns(("dog", "puppy", "ball"), wider={"puppy": "dog"})
    >>> people = named_by_people(["a puppy", "the puppy with a ball"], nouns)
    >>> sorted(people.any), sorted(people.several)
    (['ball', 'dog', 'puppy'], ['puppy'])
    """
    counts = Counter(noun for caption in captions for noun in set(_nouns(caption, nouns)))
    several = (noun for noun, count in counts.items() if count >= AGREED)
    return People(_with_wider(counts, nouns), frozenset(several))


def told(text: str, people: People, nouns: Nouns) -> Told:
    """Compare one text with what people named.

    >>> nouns = Nouns(("dog", "cat", "ball"))
    >>> people = People(frozenset(("dog", "ball")), frozenset(("dog", "ball")))
    >>> told("A dog, possibly with a cat.", people, nouns)
    Told(said=2, wrong=1, plain=1, plain_wrong=0, covered=1, to_cover=2)
    """
    said = _nouns(text, nouns)
    plain = list(_plain(text, nouns))
    reached = _with_wider(said, nouns)
    return Told(
        said=len(said),
        wrong=sum(noun not in people.any for noun in said),
        plain=len(plain),
        plain_wrong=sum(noun not in people.any for noun in plain),
        covered=len(people.several & reached),
        to_cover=len(people.several),
    )


def truth(texts: Sequence[Told]) -> Truth:
    """All texts together; 0 where there is nothing to divide by."""
    return Truth(
        chair_i=_ratio(sum(t.wrong for t in texts), sum(t.said for t in texts)),
        chair_s=_ratio(sum(t.wrong > 0 for t in texts), len(texts)),
        chair_i_plain=_ratio(sum(t.plain_wrong for t in texts), sum(t.plain for t in texts)),
        chair_s_plain=_ratio(sum(t.plain_wrong > 0 for t in texts), len(texts)),
        coverage=_ratio(sum(t.covered for t in texts), sum(t.to_cover for t in texts)),
        things=_ratio(sum(t.said for t in texts), len(texts)),
    )


def _plain(text: str, nouns: Nouns) -> Iterator[str]:
    """What is named neither with doubt before it nor in a sentence that opens with doubt.

    After a comma "possibly" is said of all up to the next comma, elsewhere of the next thing.
    """
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if _DOUBTED.match(sentence):
            continue
        asides = [found.span() for found in _ASIDE.finditer(sentence)]
        before = 0  # the end of the thing before
        for thing in read(sentence, nouns).things:
            aside = any(first < thing.start < last for first, last in asides)
            doubted = aside or _HEDGE.search(sentence[before : thing.start])
            before = thing.end
            if thing.noun in nouns.known and not doubted:
                yield thing.noun


def _nouns(text: str, nouns: Nouns) -> list[str]:
    return [t.noun for t in read(text, nouns).things if t.noun in nouns.known]


def _with_wider(named: Iterable[str], nouns: Nouns) -> frozenset[str]:
    kept = set(named)
    return frozenset(kept.union(*(nouns.all_wider(noun) for noun in kept)))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
