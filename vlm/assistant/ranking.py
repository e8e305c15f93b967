"""Several photos in an order: the one with the most of something, the oldest, the newest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vlm.assistant.events import Citation, Doing, Said
from vlm.assistant.facts import day_of
from vlm.assistant.looking import MOST, Step, said_about
from vlm.assistant.shown import Shown
from vlm.assistant.tools import PhotoTools
from vlm.protocols import Describer
from vlm.tasks import question_prompt, said_of

_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
_NONE = re.compile(r"\b(?:none|no|nobody|nothing)\b", re.IGNORECASE)
_NUMBER = re.compile(
    rf"\b(?:(?P<digits>\d{{1,4}})|(?P<word>{'|'.join(_NUMBERS)}))\b", re.IGNORECASE
)


def number_in(words: str) -> int | None:
    """The number that an answer to "how many" tells, None where it tells none.

    >>> number_in("Probably three."), number_in("None that I can see."), number_in("Many.")
    (3, 0, None)
    """
    found = _NUMBER.search(words)
    if found is None:
        return 0 if _NONE.search(words) else None
    return int(found["digits"]) if found["digits"] else _NUMBERS.index(found["word"].lower())


def most(
    what: str,
    question: str,
    photos: Sequence[Shown],
    tools: PhotoTools | None,
    describer: Describer,
) -> Iterator[Step]:
    """Which photo has the most of something, as far as the model counts."""
    prompt = question_prompt(question, describer)
    looked = photos[:MOST]
    counts: list[tuple[Shown, int]] = []
    unknown: list[str] = []
    for at, photo in enumerate(looked, 1):
        yield Doing(f"Counting in photo {at} of {len(looked)}")
        words = said_about(photo, tools, lambda i: said_of(i, prompt, describer, "answer"))
        number = number_in(words)
        if number is None:
            unknown.append(f"[{photo.number}]")
        else:
            counts.append((photo, number))
    counts.sort(key=lambda pair: -pair[1])
    if not counts or not counts[0][1]:
        yield Said(f"I see no {what} in these {len(looked)} photos that I could count.")
        return
    top = [photo for photo, number in counts if number == counts[0][1]]
    for photo in top:
        yield from _cited(photo)
    names = " and ".join(f"[{photo.number}]" for photo in top)
    yield Said(f"{names}, as far as I can count: {'each ' if len(top) > 1 else ''}{counts[0][1]}.")
    others = [f"[{photo.number}] {number}" for photo, number in counts[len(top) :]]
    if others:
        yield Said(f" The others: {', '.join(others)}.")
    if unknown:
        yield Said(f" I cannot count them in {', '.join(unknown)}.")
    yield Said(" I count badly beyond a few.")


def by_age(photos: Sequence[Shown], tools: PhotoTools | None, *, newest: bool) -> Iterator[Step]:
    """Which photo was taken first, or last, by the dates that the files tell."""
    days: list[tuple[str, Shown]] = []
    for photo in photos:
        if photo.path is not None and tools is not None:
            days += [(day, photo) for day, _ in tools.facets([photo.path]).days]
    if not days:
        yield Said("None of these photos tells when it was taken.")
        return
    days.sort(key=lambda pair: pair[0], reverse=newest)
    same = [photo for day, photo in days if day == days[0][0]]
    for photo in same:
        yield from _cited(photo)
    names = " and ".join(f"[{photo.number}]" for photo in same)
    verb = "was" if len(same) == 1 else "were"
    yield Said(f"{names} {verb} taken {'last' if newest else 'first'}, on {day_of(days[0][0])}.")
    if undated := len(photos) - len(days):
        yield Said(
            f" {undated} of these {len(photos)} {'tells' if undated == 1 else 'tell'} no date."
        )


def _cited(photo: Shown) -> Iterator[Citation]:
    if photo.path is not None:
        yield Citation(photo.number, photo.path)
