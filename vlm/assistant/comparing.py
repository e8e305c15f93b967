"""Two or more photos beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PIL.Image import Image

from vlm.assistant.events import Citation, Doing, Said
from vlm.assistant.looking import Step, opened, said_about
from vlm.assistant.shown import Shown
from vlm.assistant.tools import PhotoTools
from vlm.errors import VlmError
from vlm.protocols import Describer, Message, Recogniser
from vlm.tasks import caption, question_prompt
from vlm.untrusted_text import printable

COMPARED = 4
"""So many photos at most."""

_LIKELY = 0.4
"""Chance from which on a thing counts as seen."""

_ROOM = 384


def compare(
    photos: Sequence[Shown],
    question: str,
    tools: PhotoTools | None,
    describer: Describer,
    *,
    named: bool = True,
) -> Iterator[Step]:
    """What photos show and what they share.

    A model that chats sees them together; of others each photo's caption is told, and of those
    that recognise things, what is in all of the photos and what in one only. A file that cannot
    be opened is called by its name where ``named``.
    """
    chosen = photos[:COMPARED]
    if describer.prompts.family == "chat":
        yield from _together(chosen, question, tools, describer, named)
        return
    seen: list[set[str] | None] = []

    def say(image: Image) -> str:
        if isinstance(describer, Recogniser):
            seen[-1] = {thing for thing, _ in describer.likely(image, _LIKELY)}
        return caption(image, describer)

    for at, photo in enumerate(chosen, 1):
        yield Doing(f"Looking at photo {at} of {len(chosen)}")
        seen.append(None)
        words = said_about(photo, tools, say, named=named)
        if photo.path is not None:
            yield Citation(photo.number, photo.path)
        yield Said(f"{chr(10) if at > 1 else ''}[{photo.number}] {words}")
    things = [thing for thing in seen if thing is not None]
    if len(things) == len(chosen):
        yield Said("".join(f"\n{line}" for line in differences(chosen, things)))


def differences(photos: Sequence[Shown], things: Sequence[set[str]]) -> Iterator[str]:
    """Sentences on what is in all photos, and what in one of them only.

    >>> two = [Shown(1), Shown(2)]
    >>> list(differences(two, [{"dog", "beach"}, {"dog", "snow"}]))
    ['In both: dog.', 'Only in [1]: beach.', 'Only in [2]: snow.']
    """
    shared = set.intersection(*things)
    which = "both" if len(photos) == 2 else "all of them"
    alike = f"In {which}: {', '.join(sorted(shared))}."
    yield alike if shared else f"I recognise nothing that {which} show."
    for photo, own in zip(photos, things, strict=True):
        others = set().union(*(other for other in things if other is not own))
        if only := own - others:
            yield f"Only in [{photo.number}]: {', '.join(sorted(only))}."


def _together(
    photos: Sequence[Shown],
    question: str,
    tools: PhotoTools | None,
    describer: Describer,
    named: bool,
) -> Iterator[Step]:
    yield Doing(f"Looking at {len(photos)} photos")
    images = []
    for photo in photos:
        try:
            images.append(opened(photo, tools))
        except VlmError:
            yield Said(said_about(photo, tools, lambda _: "", named=named) + ". ")
            continue
        if photo.path is not None:
            yield Citation(photo.number, photo.path)
    if not images:
        return
    numbers = ", ".join(f"[{photo.number}]" for photo in photos)
    prompt = question_prompt(f"These photos are numbered {numbers}. {question}", describer)
    for piece in describer.describe([Message("user", prompt, tuple(images))], max_tokens=_ROOM):
        yield Said(printable(piece))
