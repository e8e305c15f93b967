"""Searching the library for a turn: the photos at once, then what the model sees in the best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from langchain_core.documents import Document
from PIL.Image import Image

from vlm.assistant.events import Citation, Doing, Found, Said
from vlm.assistant.looking import said_about
from vlm.assistant.naming import quoted
from vlm.assistant.places import with_places
from vlm.assistant.shown import Shown, path_of
from vlm.assistant.tools import Count, Finding, PhotoTools
from vlm.protocols import Describer
from vlm.tasks import caption, is_unsure, question_prompt, said_of

LOOKED_AT = 3
"""So many of the photos found are opened and described."""

_LONG = 60
"""Characters; who declines in more says why."""

SHOWN = 8
"""So many of the photos found are shown."""

Events: TypeAlias = Iterator[Doing | Found | Citation | Said]


def find(
    query: str, tools: PhotoTools, describer: Describer, skip: int = 0, *, named: bool = False
) -> Events:
    """Photos for a query, after the first ``skip``, and a few words about the best of them.

    The reply names the query where ``named``: it may not be what the person typed last.
    """
    yield Doing(f"Searching for {quoted(query)}")
    finding = tools.search(with_places(query, tools), skip + SHOWN)
    if skip:
        yield from _further(_good(finding)[skip:], f"match {quoted(query)}", tools, describer)
    else:
        said = query if named else ""
        yield from _told(query, finding, tools, lambda image: _few_words(image, describer), said)


def latest(tools: PhotoTools, describer: Describer) -> Events:
    """The photos that were taken last, by the dates that the files tell."""
    days = tools.facets().days
    if not days:
        yield Said("None of the photos of your library tells when it was taken.")
        return
    yield Doing("Looking for the latest photos")
    numbers = list(accumulate(number for _, number in reversed(days)))
    back = next((at for at, number in enumerate(numbers) if number >= SHOWN), len(days) - 1)
    first = days[-1 - back][0]
    documents = tools.search(f"taken:{first}..{days[-1][0]}", SHOWN).documents
    yield Found(documents)
    yield Said(
        f"The latest {_photos(len(documents))} by the dates that the files tell, newest first:"
    )
    yield from _looks(documents, tools, lambda image: _few_words(image, describer))


def kept(photos: Sequence[Shown], known: Sequence[Document]) -> Events:
    """The photos that are left of those shown, numbered anew. ``known`` are theirs and others'."""
    paths = [photo.path for photo in photos if photo.path is not None]
    by_path = {path_of(document): document for document in known}
    documents = tuple(by_path[path] for path in paths if path in by_path)
    if not documents:
        yield Said("These are no photos of the library: name those that you mean by their numbers.")
        return
    yield Found(documents)
    numbers = ", ".join(f"[{number}]" for number in range(1, len(documents) + 1))
    for number, document in enumerate(documents, 1):
        yield Citation(number, path_of(document))
    yield Said(
        f"{_photos(len(documents))} {'is' if len(documents) == 1 else 'are'} left, "
        f"numbered anew: {numbers}."
    )


def _further(
    good: Sequence[Document], what: str, tools: PhotoTools, describer: Describer
) -> Events:
    if not good:
        yield Said(f"There are no more photos in your library that {what}.")
        return
    yield Found(tuple(good))
    yield Said(f"{_photos(len(good))} more:")
    yield from _looks(good, tools, lambda image: _few_words(image, describer))


def answer_from(query: str, question: str, tools: PhotoTools, describer: Describer) -> Events:
    """A question to the library: photos are searched for, and the best ones are asked."""
    yield Doing(f"Searching for {quoted(query)}")
    finding = tools.search(with_places(query, tools), SHOWN)

    declined: list[str] = []

    def say(image: Image) -> str:
        if describer.prompts.answer is None:
            return _few_words(image, describer)
        words = said_of(image, question_prompt(question, describer), describer, "answer")
        if len(words) < _LONG or not is_unsure(words):
            return words
        declined.append(words)  # said once, and what each photo shows instead
        return _few_words(image, describer)

    yield from _told(query, finding, tools, say)
    if declined:
        yield Said(f"\n{declined[0]}")


def similar(photo: Shown, tools: PhotoTools, describer: Describer, skip: int = 0) -> Events:
    """Photos like one of the conversation, after the first ``skip``."""
    number = f"[{photo.number}]" if photo.path else "your photo"
    yield Doing(f"Looking for photos like {number}")
    itself = photo.path or photo.image
    if itself is None:
        return
    finding = tools.similar(itself, skip + SHOWN)
    good = _good(finding)
    if skip:
        yield from _further(good[skip:], f"are like {number}", tools, describer)
        return
    if not good:
        yield Found(())
        yield Said(f"I found nothing in your library that is like {number}.")
        return
    yield Found(good)
    count = "1 photo" if len(good) == 1 else f"{len(good)} photos"
    yield Said(f"I found {count} like {number}:")
    yield from _looks(good, tools, lambda image: _few_words(image, describer))


def count(query: str, tools: PhotoTools) -> Events:
    """How many photos answer a query, or how many there are."""
    if not query:
        yield Said(f"Your library has {_photos(tools.facets().photos)}.")
        return
    yield Doing(f"Counting photos of {quoted(query)}")
    asked = with_places(query, tools)
    counted = tools.count(asked)
    finding = tools.search(asked, SHOWN)
    good = _good(finding)
    yield Found(good)
    if not good:
        yield Said(_nothing(query, finding.note))
        return
    yield Said(say_count(query, counted))
    for number, document in enumerate(good[:LOOKED_AT], 1):
        yield Citation(number, path_of(document))
    yield Said(f" The best: {', '.join(f'[{n}]' for n in range(1, len(good[:LOOKED_AT]) + 1))}.")


def say_count(query: str, counted: Count) -> str:
    """A count as a sentence that tells what is sure from what is not.

    >>> say_count("a dog", Count(12, 5, 99))
    '12 photos match “a dog”, and 5 more might, of 99 in your library.'
    >>> say_count("a dog", Count(0, 1, 99))
    'No photo surely matches “a dog”, but 1 might, of 99 in your library.'
    """
    least = "at least " if counted.more else ""
    of = f"of {counted.among:,} in your library."
    if not counted.strong:
        return f"No photo surely matches {quoted(query)}, but {least}{counted.maybe:,} might, {of}"
    verb = "matches" if counted.strong == 1 else "match"
    more = f", and {least}{counted.maybe:,} more might" if counted.maybe else ""
    sure = f"{'' if more else least}{_photos(counted.strong)}"
    return f"{sure[:1].upper()}{sure[1:]} {verb} {quoted(query)}{more}, {of}"


def _told(
    query: str,
    finding: Finding,
    tools: PhotoTools,
    say: Callable[[Image], str],
    named: str = "",
) -> Events:
    good = _good(finding)
    if good:
        yield Found(good)
        yield Said(opening(good, named))
        yield from _looks(good, tools, say)
        return
    nearest = finding.documents[:LOOKED_AT]
    yield Found(nearest)
    yield Said(_nothing(query, finding.note))
    if nearest:
        yield Said(" The nearest, which probably show something else:")
        yield from _looks(nearest, tools, say)


def _good(finding: Finding) -> tuple[Document, ...]:
    if not finding.matches:
        return ()
    return tuple(d for d in finding.documents if d.metadata["band"] != "weak")


def _nothing(query: str, note: str) -> str:
    why = f" {note[:1].upper()}{note[1:].rstrip('.')}." if note else ""
    return f"I found nothing in your library that matches {quoted(query)}.{why}"


def _looks(
    documents: Sequence[Document], tools: PhotoTools, say: Callable[[Image], str]
) -> Iterator[Doing | Citation | Said]:
    best = documents[:LOOKED_AT]
    for number, document in enumerate(best, start=1):
        yield Doing(f"Looking at photo {number} of {len(best)}")
        path = path_of(document)
        words = said_about(Shown(number, path), tools, say).rstrip(". ")
        yield Citation(number, path)
        yield Said(f"{'; ' if number > 1 else ' '}[{number}] {words}")
    yield Said(".")


def opening(documents: Sequence[Document], query: str = "") -> str:
    """What was found, in a sentence that tells what is sure from what is not.

    >>> strong, maybe = (Document("", metadata={"band": band}) for band in ("strong", "maybe"))
    >>> opening([strong, maybe])
    'I found 1 photo that matches, and 1 that might:'
    >>> opening([maybe] * 4)
    'I found 4 photos that might match. The best 3:'
    >>> opening([strong, strong, maybe], "a dog at night")
    'I found 2 photos that match “a dog at night”, and 1 that might:'
    """
    sure = sum(document.metadata["band"] == "strong" for document in documents)
    others = len(documents) - sure
    what = f" {quoted(query)}" if query else ""
    if sure:
        verb = "matches" if sure == 1 else "match"
        told = f"{_photos(sure)} that {verb}{what}" + (
            f", and {others} that might" if others else ""
        )
    else:
        told = f"{_photos(others)} that might match{what}"
    return f"I found {told}" + (f". The best {LOOKED_AT}:" if len(documents) > LOOKED_AT else ":")


def _photos(number: int) -> str:
    return "1 photo" if number == 1 else f"{number:,} photos"


def _few_words(image: Image, describer: Describer) -> str:
    words = caption(image, describer).rstrip(". ")
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
