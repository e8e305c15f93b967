"""The chat behind the browser page: retriever and describer as one streaming LangChain runnable.

A small explicit plan, since the smallest models call no tools: a turn with photos (or a question
about the photos of an earlier turn) goes to the describer; any other text is searched for, and
the reply is built from what the describer sees in the best photos found, with citations.
File names, captions and words inside photos are data here: nothing in them is acted on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from PIL.Image import Image

from vlm.alt.wording import clean
from vlm.errors import ImageUnreadable, PathMissing, ReplyEmpty
from vlm.images import read_image
from vlm.protocols import Describer, Message
from vlm.request import is_request, query_of
from vlm.tasks import caption, question_prompt

LOOKED_AT = 3
"""So many of the photos found are opened and described."""

_READ_SIZE = 768
_MAX_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Turn:
    """What the person says now, the photos they add, and what was said before (oldest first)."""

    text: str
    images: tuple[Image, ...] = ()
    history: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Photos of the library that match, best first; comes before any word of the reply.

    Each document's metadata holds ``path``, ``score`` (cosine similarity) and ``band``.
    """

    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The next piece of the reply: plain text to be escaped by whoever shows it."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The photo behind a ``[number]`` in the reply."""

    number: int
    path: Path


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply is complete: its citations, and its whole text to keep in the history."""

    citations: tuple[Citation, ...]
    text: str


Event: TypeAlias = Found | Said | Answered


def assistant(retriever: BaseRetriever | None, describer: Describer) -> Runnable[Turn, Event]:
    """A runnable whose ``.stream(Turn(…))`` yields `Found`, then `Said` pieces, then `Answered`.

    ``.invoke`` gives the last event. Without a retriever only photos in the conversation are
    talked about. Errors of the models and the library (`vlm.errors.VlmError`) pass through.
    """

    def reply(turn: Turn) -> Iterator[Event]:
        said: list[str] = []
        citations: list[Citation] = []
        for event in _events(turn, retriever, describer):
            if isinstance(event, Citation):
                citations.append(event)
                continue
            if isinstance(event, Said):
                said.append(event.text)
            yield event
        yield Answered(tuple(citations), "".join(said).strip())

    return RunnableLambda(reply, name="assistant")


def _events(
    turn: Turn, retriever: BaseRetriever | None, describer: Describer
) -> Iterator[Event | Citation]:
    seen = any(message.images for message in turn.history)
    if turn.images or (seen and not (retriever and is_request(turn.text))):
        yield from _about_photos(turn, describer)
    elif retriever is None:
        yield Said("Add a photo to ask about it. There is no photo library to search yet.")
    elif not query_of(turn.text):
        yield Said("Say what to look for, or add a photo to ask about it.")
    else:
        yield from _about_library(query_of(turn.text), retriever, describer)


def _about_photos(turn: Turn, describer: Describer) -> Iterator[Event]:
    if not clean(turn.text) and describer.prompts.caption is not None:
        prompt = describer.prompts.caption
    else:
        prompt = question_prompt(turn.text, describer)
    messages = [*turn.history, Message("user", prompt, turn.images)]
    spoke = False
    for piece in describer.describe(messages, max_tokens=_MAX_TOKENS):
        spoke = spoke or bool(piece.strip())
        yield Said(piece)
    if not spoke:
        raise ReplyEmpty(describer.name, "answer")


def _about_library(
    query: str, retriever: BaseRetriever, describer: Describer
) -> Iterator[Event | Citation]:
    documents = tuple(retriever.invoke(query))
    yield Found(documents)
    if not documents:
        yield Said(f"Nothing in your library matches \u201c{query}\u201d.")
        return
    yield Said(_opening(documents))
    for number, document in enumerate(documents[:LOOKED_AT], start=1):
        path = Path(str(document.metadata["path"]))
        yield Citation(number, path)
        yield Said(f"{'; ' if number > 1 else ' '}[{number}] {_look(path, describer)}")
    yield Said(".")


def _opening(documents: Sequence[Document]) -> str:
    count = len(documents)
    noun = "photo" if count == 1 else "photos"
    sure = any(document.metadata.get("band") == "strong" for document in documents)
    verb = ("matches" if count == 1 else "match") if sure else "might match"
    best = f" The best {LOOKED_AT}:" if count > LOOKED_AT else ":"
    stop = "." if count > LOOKED_AT else ""
    return f"I found {count} {noun} that {verb}{stop}{best}"


def _look(path: Path, describer: Describer) -> str:
    """A few words about one photo found; a file that is gone or damaged is said to be so."""
    try:
        words = caption(read_image(path, size=_READ_SIZE), describer)
    except PathMissing:
        return f"{path.name} is no longer there"
    except ImageUnreadable as error:
        return f"{path.name} cannot be opened ({error.reason})"
    except ReplyEmpty:
        return path.name
    words = words.rstrip(". ")
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
