"""OpenAI's chat completions, by the describer alone or by the assistant over the whole library."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from threading import Event
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from ui.output import tell
from ui.serving import library_chat
from ui.serving.doors import Doors, unless_gone
from ui.serving.errors import ModelNotServed, told
from ui.serving.library_chat import Memory
from ui.serving.openai_format import DONE, Completion, Heard, Reply, event, read_messages
from ui.serving.public_names import LIBRARY, public_name
from ui.serving.rest import ERRORS
from vlm.errors import ReplyEmpty, VlmError
from vlm.protocols import Describer
from vlm.tasks import question_prompt

Piece = str | dict[str, Any]
"""The next words, or at the end what else there is to say."""


def completions(doors: Doors) -> APIRouter:
    """The routes that OpenAI's clients know."""
    routes = APIRouter(prefix="/v1", responses=ERRORS)
    desk, memory = doors.desk, Memory()
    own = public_name(desk.settings.describer)
    began = int(time.time())

    def pieces(asked: Completion) -> Iterator[Piece]:
        heard = read_messages(asked.messages, doors.limits.images)
        if asked.model == LIBRARY:
            return library_chat.reply(desk, memory, heard)
        return _described(desk.describer, heard, asked.room)

    @routes.get("/models", summary="The models that reply")
    async def models() -> dict[str, Any]:
        """The describer of this server, and the assistant over the whole library."""
        made = {"object": "model", "created": began, "owned_by": "vlm-assistant"}
        return {"object": "list", "data": [{"id": name, **made} for name in (own, LIBRARY)]}

    @routes.post("/chat/completions", summary="Chat about images, or with the library")
    async def complete(request: Request, asked: Completion) -> Any:
        """OpenAI's chat completions, streamed or whole.

        Images are `data:` URLs; no address is fetched. With the model `vlm-library` the reply
        cites photos as [1], and `citations` says which ones these are.
        """
        if asked.model not in (own, LIBRARY):
            raise ModelNotServed(asked.model, (own, LIBRARY))
        reply = Reply(asked.model)
        if not asked.stream:
            work = doors.describing.run(lambda stop: _whole(pieces(asked), stop))
            text, more = await unless_gone(request, work)
            return reply.whole(text, **more)
        stream = doors.describing.stream(lambda: pieces(asked))
        # What goes wrong before the first piece is a status of its own.
        first = await unless_gone(request, _first(stream))
        return StreamingResponse(_events(reply, first, stream), media_type="text/event-stream")

    return routes


def _described(describer: Describer, heard: list[Heard], room: int) -> Iterator[Piece]:
    messages = [message.decoded() for message in heard]
    last = messages[-1]
    if describer.prompts.family != "chat":
        text = last.text.strip()
        caption = describer.prompts.caption
        prompt = caption if not text and caption is not None else question_prompt(text, describer)
        messages[-1] = type(last)(last.role, prompt, last.images)
    spoke = False
    for piece in describer.describe(messages, max_tokens=room):
        spoke = spoke or bool(piece.strip())
        yield piece
    if not spoke:
        raise ReplyEmpty(describer.name, "answer")


def _whole(pieces: Iterator[Piece], stop: Event) -> tuple[str, dict[str, Any]]:
    texts: list[str] = []
    more: dict[str, Any] = {}
    for piece in pieces:
        if stop.is_set():
            break
        if isinstance(piece, str):
            texts.append(piece)
        else:
            more |= piece
    return "".join(texts).strip(), more


async def _first(stream: AsyncIterator[Piece]) -> Piece | None:
    return await anext(stream, None)


async def _events(
    reply: Reply, first: Piece | None, stream: AsyncIterator[Piece]
) -> AsyncIterator[bytes]:
    """The events of a stream. One that fails in the middle ends with an event that says so."""
    more: dict[str, Any] = {}
    async with aclosing(stream):  # type: ignore[type-var]
        try:
            if isinstance(first, str):
                yield reply.piece(first)
            elif first is not None:
                more |= first
            async for piece in stream:
                if isinstance(piece, str):
                    yield reply.piece(piece)
                else:
                    more |= piece
        except VlmError as error:
            tell(f"error: {error}")
            yield event({"error": {"message": told(error), "type": "server_error"}})
            return
        yield reply.last(**more)
        yield DONE
