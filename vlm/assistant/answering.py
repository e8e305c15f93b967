"""A turn into events. A small explicit plan, since the smallest models call no tools.

A turn with photos (or a question about the photos of an earlier turn) goes to the describer; any
other text is searched for, and the reply is built from what the describer sees in the best photos
found, with citations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableLambda

from vlm.alt.wording import clean
from vlm.assistant.conversation import Turn, messages_of
from vlm.assistant.events import Answered, Citation, Doing, Event, Found, Said
from vlm.assistant.request import is_request, query_of
from vlm.assistant.tools import PhotoTools
from vlm.errors import ImageUnreadable, PathMissing, ReplyEmpty
from vlm.protocols import Describer, Message
from vlm.tasks import caption, question_prompt

LOOKED_AT = 3
"""So many of the photos found are opened and described."""

_READ_SIZE = 768
_MAX_TOKENS = 512


def assistant(tools: PhotoTools | None, describer: Describer) -> Runnable[Turn, Event]:
    """A runnable whose ``.stream(Turn(…))`` yields `Found`, then `Said` pieces, then `Answered`.

    ``.invoke`` gives the last event. Without tools only photos in the conversation are
    talked about. Errors of the models and the library (`vlm.errors.VlmError`) pass through.
    """

    def reply(turn: Turn) -> Iterator[Event]:
        said: list[str] = []
        citations: list[Citation] = []
        for event in _events(turn, tools, describer):
            if isinstance(event, Citation):
                citations.append(event)
                continue
            if isinstance(event, Said):
                said.append(event.text)
            yield event
        focus = citations[0].path if citations else None
        yield Answered(tuple(citations), "".join(said).strip(), focus)

    return RunnableLambda(reply, name="assistant")


def _events(
    turn: Turn, tools: PhotoTools | None, describer: Describer
) -> Iterator[Event | Citation]:
    seen = any(past.images for past in turn.history)
    if turn.images or (seen and not (tools and is_request(turn.text))):
        yield from _about_photos(turn, describer)
    elif tools is None:
        yield Said("Add a photo to ask about it. There is no photo library to search yet.")
    elif not query_of(turn.text):
        yield Said("Say what to look for, or add a photo to ask about it.")
    else:
        yield from _about_library(query_of(turn.text), tools, describer)


def _about_photos(turn: Turn, describer: Describer) -> Iterator[Event]:
    if not clean(turn.text) and describer.prompts.caption is not None:
        prompt = describer.prompts.caption
    else:
        prompt = question_prompt(turn.text, describer)
    messages = [*messages_of(turn.history), Message("user", prompt, turn.images)]
    spoke = False
    for piece in describer.describe(messages, max_tokens=_MAX_TOKENS):
        spoke = spoke or bool(piece.strip())
        yield Said(piece)
    if not spoke:
        raise ReplyEmpty(describer.name, "answer")


def _about_library(
    query: str, tools: PhotoTools, describer: Describer
) -> Iterator[Event | Citation]:
    yield Doing(f"Searching for \u201c{query}\u201d")
    finding = tools.search(query)
    documents = tuple(d for d in finding.documents if d.metadata["band"] != "weak")
    documents = documents if finding.matches else ()
    yield Found(documents)
    if not documents:
        yield Said(f"Nothing in your library matches \u201c{query}\u201d.")
        return
    yield Said(_opening(documents))
    for number, document in enumerate(documents[:LOOKED_AT], start=1):
        path = Path(str(document.metadata["path"]))
        yield Citation(number, path)
        yield Said(f"{'; ' if number > 1 else ' '}[{number}] {_look(path, tools, describer)}")
    yield Said(".")


def _opening(documents: Sequence[Document]) -> str:
    count = len(documents)
    noun = "photo" if count == 1 else "photos"
    sure = any(document.metadata.get("band") == "strong" for document in documents)
    verb = ("matches" if count == 1 else "match") if sure else "might match"
    best = f" The best {LOOKED_AT}:" if count > LOOKED_AT else ":"
    stop = "." if count > LOOKED_AT else ""
    return f"I found {count} {noun} that {verb}{stop}{best}"


def _look(path: Path, tools: PhotoTools, describer: Describer) -> str:
    """A few words about one photo found; a file that is gone or damaged is said to be so."""
    try:
        words = caption(tools.look(path, _READ_SIZE), describer)
    except PathMissing:
        return f"{path.name} is no longer there"
    except ImageUnreadable as error:
        return f"{path.name} cannot be opened ({error.reason})"
    except ReplyEmpty:
        return path.name
    words = words.rstrip(". ")
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
