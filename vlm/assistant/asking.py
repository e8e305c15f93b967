"""What is asked of photos that are at hand: answers, captions, descriptions, alternative texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from PIL.Image import Image

from vlm.assistant.conversation import Turn, messages_of
from vlm.assistant.events import Citation, Doing, Said
from vlm.assistant.looking import MOST, Step, each, opened
from vlm.assistant.picking import asked_of_each, doubted
from vlm.assistant.shown import Shown
from vlm.assistant.tools import PhotoTools
from vlm.errors import ReplyEmpty
from vlm.protocols import Describer, Locator, Message, Region
from vlm.starter.questions import read_question
from vlm.tasks import alt_text, caption, question_prompt, said_of
from vlm.untrusted_text import printable

ROOM = 512
"""Tokens of a free reply."""

_ABOUT_A_THING = ("exists", "is_colour", "is_doing", "noun", "colour", "count", "doing", "object")
_DENIED = re.compile(r"(?:probably\s+)?(?:no|none|not|i\s)", re.IGNORECASE)
"""How an answer begins by which the thing is not there, or that is none."""


def ask(
    turn: Turn,
    photos: Sequence[Shown],
    question: str,
    tools: PhotoTools | None,
    describer: Describer,
) -> Iterator[Step]:
    """An answer about each photo. A model that chats reads what was said before too."""
    prompt = question_prompt(question, describer)
    if describer.prompts.family == "chat" and all(photo.image is not None for photo in photos):
        yield from _chat(turn, question_prompt(turn.text, describer), describer)
    elif len(photos) == 1 and photos[0].alone:
        yield Doing("Looking at the photo")
        yield from _streamed([Message("user", prompt, (opened(photos[0], tools),))], describer)
    else:
        thing = thing_of(question)

        def where(image: Image, words: str) -> Region | None:
            if not thing or not isinstance(describer, Locator) or _DENIED.match(words):
                return None
            return describer.where(image, thing)

        yield from each(photos, tools, lambda i: said_of(i, prompt, describer, "answer"), where)


def thing_of(question: str) -> str:
    """The thing that a question is about, "" where it names none.

    >>> thing_of("how many dogs are in the photo?"), thing_of("is it outdoors?")
    ('dogs', '')
    """
    asked = read_question(question)
    return asked.thing if asked.kind in _ABOUT_A_THING else ""


def thing_looked_for(question: str) -> str:
    """The thing whose presence a question is about, "" for any other question.

    >>> thing_looked_for("is there a dog in the photo?"), thing_looked_for("is it outdoors?")
    ('dog', '')
    """
    asked = read_question(question)
    return asked.thing if asked.kind == "exists" else ""


def write_alt(
    photos: Sequence[Shown], tools: PhotoTools | None, describer: Describer
) -> Iterator[Step]:
    """An alternative text of each photo."""
    yield from each(photos, tools, lambda image: alt_text(image, describer))


def describe(
    photos: Sequence[Shown],
    tools: PhotoTools | None,
    describer: Describer,
    *,
    detailed: bool,
) -> Iterator[Step]:
    """A caption of each photo, or a few sentences where the model writes them."""
    longer = detailed and describer.prompts.detailed is not None
    yield from each(photos, tools, lambda image: caption(image, describer, detailed=longer))


def check(
    photos: Sequence[Shown], question: str, tools: PhotoTools | None, describer: Describer
) -> Iterator[Step]:
    """Of how many photos a yes-or-no question is answered with yes, and of which."""
    looked = photos[:MOST]
    answers = yield from asked_of_each(looked, question, tools, describer)
    if tools is not None and describer.prompts.family != "chat":
        answers = doubted(answers, thing_looked_for(question), tools)
    for photo in (*answers.yes, *answers.perhaps):
        yield from _cited(photo)
    if len(answers.other) < len(looked):
        sure = f"{len(answers.yes) or 'None'} of {_these(len(looked), len(photos))}"
        yield Said(f"{sure}{' surely' if answers.perhaps else ''}{_listed(answers.yes)}.")
    if answers.perhaps:
        also = "Perhaps also" if answers.yes else "Perhaps"
        yield Said(f" {also}{_listed(answers.perhaps).replace(':', '')}.")
    for words in dict.fromkeys(said for _, said in answers.other):
        same = [photo for photo, said in answers.other if said == words]
        numbers = ", ".join(f"[{photo.number}]" for photo in same)
        yield Said(f" {words}." if len(same) == len(looked) else f" {numbers} {words}.")


def _these(looked: int, of: int) -> str:
    return f"these {looked}" if looked == of else f"the first {looked} of {of}"


def _listed(photos: Sequence[Shown]) -> str:
    return f": {', '.join(f'[{photo.number}]' for photo in photos)}" if photos else ""


def _cited(photo: Shown) -> Iterator[Citation]:
    if photo.path is not None:
        yield Citation(photo.number, photo.path)


def _chat(turn: Turn, prompt: str, describer: Describer) -> Iterator[Step]:
    yield Doing("Looking at the photo" if len(turn.images) < 2 else "Looking at the photos")
    messages = [*messages_of(turn.history), Message("user", prompt, turn.images)]
    yield from _streamed(messages, describer)


def _streamed(messages: Sequence[Message], describer: Describer) -> Iterator[Said]:
    spoke = False
    for piece in describer.describe(messages, max_tokens=ROOM):
        spoke = spoke or bool(piece.strip())
        yield Said(printable(piece))
    if not spoke:
        raise ReplyEmpty(describer.name, "answer")
