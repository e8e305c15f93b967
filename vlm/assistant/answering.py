"""A turn into events, by an explicit plan: the smallest models call no tools.

Understand the turn, rewrite its query from the conversation, retrieve, look at the best photos,
answer with citations. Each step is a module of its own; this one only chooses among them.
docs/decisions/0014 says why there is a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableLambda

from vlm.assistant import asking, finding, ranking
from vlm.assistant.comparing import compare
from vlm.assistant.conversation import Turn
from vlm.assistant.events import Answered, Citation, Doing, Event, Found, Said
from vlm.assistant.facts import facts_of_library, facts_of_shown
from vlm.assistant.foreign import refusal
from vlm.assistant.intent import Intent
from vlm.assistant.picking import picked_out
from vlm.assistant.shown import in_focus
from vlm.assistant.small_talk import reply_to
from vlm.assistant.tools import PhotoTools
from vlm.assistant.understanding import understand
from vlm.protocols import Describer
from vlm.untrusted_text import printable

NO_LIBRARY = "Add a photo to ask about it. There is no photo library to search yet."
NOTHING_SAID = "Say what to look for, or add a photo to ask about it."
WHICH = (
    "Which photo do you mean? Add one, or search for some first: "
    "\u201cfind my photos of \u2026\u201d."
)
SAY_NUMBERS = (
    "Which of the photos do you mean? Say their numbers, such as \u201cthe second one\u201d, "
    "\u201c[2]\u201d or \u201c1 and 3\u201d."
)

_NEED_LIBRARY = frozenset(("find", "latest", "similar", "count", "keep", "ask_library"))


def assistant(tools: PhotoTools | None, describer: Describer) -> Runnable[Turn, Event]:
    """A runnable whose ``.stream(Turn(…))`` yields the events of a reply, `Answered` at the end.

    ``.invoke`` gives the last event. Without tools only photos in the conversation are
    talked about. Errors of the models and the library (`vlm.errors.VlmError`) pass through.
    """

    def reply(turn: Turn) -> Iterator[Event]:
        yield from finished(_answered(turn, tools, describer))

    return RunnableLambda(reply, name="assistant")


def _answered(
    turn: Turn, tools: PhotoTools | None, describer: Describer
) -> Iterator[Event | Citation]:
    """A model on a server drives the tools; any other, and one that takes none, is driven."""
    if tools is not None and describer.name.startswith("openai:"):
        from vlm.assistant.agent import driven  # langgraph and openai are loaded only here
        from vlm.openai_tools import ToolsUnsupported

        try:
            yield from _shown_first(turn)
            yield from driven(turn, tools, describer)
            return
        except ToolsUnsupported:
            yield Doing("This model calls no tools: going step by step")
    yield from planned(turn, tools, describer)


def finished(steps: Iterator[Event | Citation]) -> Iterator[Event]:
    """The events of steps, with their citations, the whole text and the focus at the end."""
    said: list[str] = []
    citations: dict[int, Citation] = {}
    found: tuple[Document, ...] = ()
    for step in steps:
        if isinstance(step, Citation):
            citations.setdefault(step.number, step)
            continue
        if isinstance(step, Said):
            step = Said(printable(step.text))  # files tell cameras and places in any characters
            said.append(step.text)
        elif isinstance(step, Found):
            found = step.documents
        yield step
    cited = tuple(citations.values())
    focus = cited[0].path if cited else Path(found[0].metadata["path"]) if found else None
    yield Answered(cited, "".join(said).strip(), focus)


def planned(
    turn: Turn, tools: PhotoTools | None, describer: Describer
) -> Iterator[Event | Citation]:
    """The steps for a turn by the plan; photos that were picked are shown first."""
    yield from _shown_first(turn)
    intent = understand(turn)
    if tools is None:
        yield from _without_library(intent, turn, describer)
    else:
        yield from _steps(intent, turn, tools, describer)


def _without_library(
    intent: Intent, turn: Turn, describer: Describer
) -> Iterator[Event | Citation]:
    if intent.kind == "find" and intent.photos:  # words beside a photo, with nothing to search
        yield from asking.ask(turn, intent.photos, turn.text, None, describer)
    elif intent.kind in _NEED_LIBRARY or (
        intent.kind in ("facts", "foreign") and not intent.photos
    ):
        yield Said(NO_LIBRARY)
    else:
        yield from _about_shown(intent, turn, None, describer)


def _steps(
    intent: Intent, turn: Turn, tools: PhotoTools, describer: Describer
) -> Iterator[Event | Citation]:
    match intent.kind:
        case "find":
            said = intent.query.casefold() in turn.text.casefold()
            yield from finding.find(intent.query, tools, describer, intent.skip, named=not said)
        case "latest":
            yield from finding.latest(tools, describer)
        case "ask_library":
            yield from finding.answer_from(intent.query, intent.question, tools, describer)
        case "similar":
            yield from _similar(intent, tools, describer)
        case "keep":
            known = [document for past in turn.history for document in past.documents]
            yield from finding.kept(intent.photos, known)
        case "count":
            yield from finding.count(intent.query, tools)
        case "facts" if not intent.photos:
            yield from facts_of_library(intent.query, tools)
        case "foreign" if not intent.photos and intent.query:
            yield Said(f"{refusal(turn.text)} I looked for your words as they are.\n")
            yield from finding.find(intent.query, tools, describer)
        case _:
            yield from _about_shown(intent, turn, tools, describer)


def _similar(intent: Intent, tools: PhotoTools, describer: Describer) -> Iterator[Event | Citation]:
    photos = intent.photos
    if intent.among:
        photos = yield from picked_out(photos, intent.among, tools, describer)
    if photos:
        yield from finding.similar(photos[0], tools, describer, intent.skip)


def _about_shown(
    intent: Intent, turn: Turn, tools: PhotoTools | None, describer: Describer
) -> Iterator[Event | Citation]:
    photos, question = intent.photos, intent.question
    if intent.among:
        photos = yield from picked_out(photos, intent.among, tools, describer)
        if not photos:
            return
    if _may_know_better(intent, turn, describer):
        yield from asking.ask(turn, photos or in_focus(turn.history), turn.text, tools, describer)
        return
    match intent.kind:
        case "ask":
            yield from asking.ask(turn, photos, question, tools, describer)
        case "alt":
            yield from asking.write_alt(photos, tools, describer)
        case "caption" | "describe":
            detailed = intent.kind == "describe"
            yield from asking.describe(photos, tools, describer, detailed=detailed)
        case "check":
            yield from asking.check(photos, question, tools, describer)
        case "most":
            yield from ranking.most(intent.query, question, photos, tools, describer)
        case "oldest" | "newest":
            yield from ranking.by_age(photos, tools, newest=intent.kind == "newest")
        case "compare":
            yield from compare(photos, question, tools, describer)
        case "facts":
            yield from facts_of_shown(photos, tools)
            added = all(photo.path is None for photo in photos)
            if added and describer.prompts.answer and "where" in turn.text.lower():
                yield Said("\n")
                yield from asking.ask(turn, photos, turn.text, tools, describer)
        case "foreign":
            yield Said(f"{refusal(turn.text)} Please ask in English.")
        case "which" if intent.number is not None:
            yield Said(f"There is no photo [{intent.number}] in the last reply that showed photos.")
        case "which" if intent.unclear:
            yield Said(SAY_NUMBERS)
        case "which":
            yield Said(WHICH if tools else NO_LIBRARY)
        case "empty":
            yield Said(NOTHING_SAID if tools else NO_LIBRARY)
        case kind:
            yield Said(reply_to(kind))


def _may_know_better(intent: Intent, turn: Turn, describer: Describer) -> bool:
    """Whether a model that chats, and has the photos, is asked what the rules have no reply to."""
    return (
        describer.prompts.family == "chat"
        and intent.kind in ("foreign", "sure", "wrong", "no_rank", "no_length", "talk")
        and all(photo.image is not None for photo in intent.photos or in_focus(turn.history))
        and bool(turn.images or in_focus(turn.history))
    )


def _shown_first(turn: Turn) -> Iterator[Found]:
    if turn.picked:
        yield Found(tuple(_picked(path) for path in turn.picked))


def _picked(path: Path) -> Document:
    metadata = {"path": str(path), "score": 0.0, "band": "strong", "taken_at": None}
    return Document(page_content=path.name, metadata=metadata)
