"""Tags: nouns for what a photo shows, with a probability where the model has one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from PIL.Image import Image

from vlm.alt.wording import clean
from vlm.checked.agreement import read
from vlm.checked.vocabulary import known_nouns
from vlm.protocols import Describer, Message, Recogniser, Sampler
from vlm.tasks import caption, said_of, task_prompt

LEAST = 0.3
"""Probability from which on a noun is worth a tag."""
_MOST = 10
_LONGEST = 40
"""Characters; a longer entry of a list is a sentence."""
_DRAWN = 8


@dataclass(frozen=True, slots=True)
class Tag:
    """A noun, and the probability that people name it; None where the model gives none."""

    name: str
    probability: float | None = None


def tags(image: Image, describer: Describer, *, least: float = LEAST, seed: int = 0) -> list[Tag]:
    """At most ten tags in English, the likeliest first.

    A model that recognises things is asked for those; one with a prompt for tags says a list,
    without probabilities; of any other the nouns of its captions count, with the share of captions
    that name them where it can draw several. Raises as `vlm.tasks.caption` does.
    """
    if isinstance(describer, Recogniser):
        return [Tag(name, chance) for name, chance in describer.likely(image, least)[:_MOST]]
    if describer.prompts.tags is not None:
        said = said_of(image, task_prompt("tags", describer), describer, "tags")
        return [Tag(name) for name in listed(said)]
    said = caption(image, describer)
    if not isinstance(describer, Sampler):
        return [Tag(name) for name in _nouns([said])][:_MOST]
    ask = Message("user", task_prompt("caption", describer), (image,))
    texts = [said, *describer.samples([ask], count=_DRAWN, seed=seed)]
    shares = {name: count / len(texts) for name, count in _nouns(texts).items()}
    ranked = sorted(shares, key=lambda name: -shares[name])
    return [Tag(name, shares[name]) for name in ranked if shares[name] >= least][:_MOST]


def listed(said: str) -> list[str]:
    """The entries of a list in a model's words, each once: at most ten.

    >>> listed("Tags: A dog, Grass; 3. ball, dog. That is all I can see in this photo of a park.")
    ['dog', 'grass', 'ball']
    """
    rest = re.sub(r"^[^:,]{0,40}:\s*", "", clean(said))
    entries = (_entry(part) for part in re.split(r"[,;\n\u2022]|\s[-*]\s|(?<!\d)\.\s", rest))
    return list(dict.fromkeys(entry for entry in entries if 0 < len(entry) <= _LONGEST))[:_MOST]


def _entry(part: str) -> str:
    entry = re.sub(r"^(?:[-*]|\d+[.)])\s*", "", part.strip()).strip(" .\"'").lower()
    return re.sub(r"^(?:an?|the|and)\s+", "", entry)


def _nouns(texts: Iterable[str]) -> Counter[str]:
    nouns = known_nouns()
    return Counter(
        noun
        for text in texts
        for noun in dict.fromkeys(thing.noun for thing in read(text, nouns).things)
        if noun in nouns.known
    )
