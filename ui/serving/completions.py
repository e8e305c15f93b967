"""OpenAI's chat completions, by the describer alone or by the assistant over the whole library."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from threading import Event
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from ui.output import tell
from ui.serving import library_chat
from ui.serving.asked import read_json
from ui.serving.described import described, drawn
from ui.serving.doors import Doors, unless_gone
from ui.serving.errors import ModelNotServed, NotOffered, told
from ui.serving.library_chat import Memory
from ui.serving.openai_format import DONE, Completion, Reply, event, read_messages
from ui.serving.public_names import LIBRARY, public_name
from ui.serving.rest import ERRORS
from ui.serving.stoppable import Stoppable
from vlm.errors import VlmError

Piece = str | dict[str, Any]
"""The next words, or at the end what else there is to say."""


def completions(doors: Doors) -> APIRouter:
    """The routes that OpenAI's clients know."""
    routes = APIRouter(prefix="/v1", responses=ERRORS)
    desk, memory = doors.desk, Memory()
    offered = (public_name(desk.settings.describer), LIBRARY)
    began = int(time.time())

    def require_offered(model: str) -> None:
        if model not in offered:
            raise ModelNotServed(model, offered)

    def entry(model: str) -> dict[str, Any]:
        return {"id": model, "object": "model", "created": began, "owned_by": "vlm-assistant"}

    def pieces(asked: Completion, stop: Event) -> Iterator[Piece]:
        heard = read_messages(asked.messages, doors.limits.images)
        describer = Stoppable(desk.describer, stop.is_set)
        if asked.model == LIBRARY:
            return library_chat.reply(desk, describer, memory, heard)
        return described(describer, heard, asked)

    def several(asked: Completion) -> list[str]:
        heard = read_messages(asked.messages, doors.limits.images)
        return drawn(desk.describer, heard, asked)

    @routes.get("/models", summary="The models that reply")
    async def models() -> dict[str, Any]:
        """The describer of this server, and the assistant over the whole library."""
        return {"object": "list", "data": [entry(model) for model in offered]}

    @routes.get("/models/{model:path}", summary="One of the models that reply")
    async def model(model: str) -> dict[str, Any]:
        """Whether it is one of them."""
        require_offered(model)
        return entry(model)

    @routes.post(
        "/chat/completions",
        summary="Chat about images, or with the library",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": Completion.model_json_schema()}},
            }
        },
    )
    async def complete(request: Request) -> Any:
        """OpenAI's chat completions, streamed or whole.

        Images are `data:` URLs; no address is fetched. With the model `vlm-library` the reply
        cites photos as [1], and `citations` says which ones these are.
        """
        asked = await read_json(request, Completion)
        require_offered(asked.model)
        asked.require_offered()
        reply = Reply(asked.model)
        if asked.several:
            if asked.model == LIBRARY:
                raise NotOffered("n: the library gives one reply.", "n")
            texts = await unless_gone(request, doors.describing.run(lambda stop: several(asked)))
            return _streamed(_at_once(reply, texts)) if asked.stream else reply.whole(texts)
        if not asked.stream:
            work = doors.describing.run(lambda stop: _whole(pieces(asked, stop), stop))
            text, more = await unless_gone(request, work)
            return reply.whole([text], **more)
        stream = doors.describing.stream(lambda stop: pieces(asked, stop))
        # What goes wrong before the first piece is a status of its own.
        first = await unless_gone(request, _first(stream))
        return _streamed(_events(reply, first, stream))

    return routes


def _streamed(events: AsyncIterator[bytes] | Iterator[bytes]) -> StreamingResponse:
    # A proxy that gathers a reply before it passes it on would undo the streaming.
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


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


def _at_once(reply: Reply, texts: Sequence[str]) -> Iterator[bytes]:
    for index, text in enumerate(texts):
        yield from (reply.begin(index), reply.piece(text, index), reply.last(index))
    yield DONE


async def _events(
    reply: Reply, first: Piece | None, stream: AsyncIterator[Piece]
) -> AsyncIterator[bytes]:
    """The events of a stream. One that fails in the middle ends with an event that says so."""
    more: dict[str, Any] = {}
    async with aclosing(stream):  # type: ignore[type-var]
        yield reply.begin()
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
