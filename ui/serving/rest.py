"""The REST API: search, photos of the library, and words about a photo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from time import perf_counter
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response

from index.records import SearchResult
from ui.describing import Answered, Captioned
from ui.serving import shapes
from ui.serving.asked import Sent, Shown, read_asked, shown
from ui.serving.desk import Desk
from ui.serving.doors import Doors, unless_gone
from ui.serving.public_names import public_name
from ui.serving.stoppable import Stoppable
from ui.serving.well_formed import well_formed
from ui.shapes import answer_shape, caption_shape
from vlm.errors import LibraryError, LibraryMissing
from vlm.protocols import Describer
from vlm.tags import tags
from vlm.tasks import alt_text, answer, caption

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": shapes.Error, "description": "The request cannot be read or answered"},
    401: {"model": shapes.Error, "description": "The token is missing or wrong"},
    403: {"model": shapes.Error, "description": "The request comes from another site's page"},
    404: {"model": shapes.Error, "description": "No such photo or model"},
    410: {"model": shapes.Error, "description": "The file of the photo is gone or was changed"},
    413: {"model": shapes.Error, "description": "Too many bytes, pixels or images"},
    422: {"model": shapes.Error, "description": "The model declines to talk about the photo"},
    502: {"model": shapes.Error, "description": "The model failed or had no words"},
    503: {"model": shapes.Error, "description": "Busy (see Retry-After), or there is no library"},
    504: {"model": shapes.Error, "description": "It took too long and was stopped"},
}

T = TypeVar("T")

Words = Annotated[str, Query(max_length=2000, description="Words and filters, see docs/search.md")]
Hits = Annotated[int, Query(ge=1, le=200, description="Photos at most")]


def rest(doors: Doors) -> APIRouter:
    """The routes below /v1, but for those that OpenAI's clients know."""
    routes = APIRouter(prefix="/v1", responses=ERRORS)
    desk = doors.desk

    async def searched(request: Request, work: Callable[[Event], T]) -> T:
        found: T = well_formed(await unless_gone(request, doors.searching.run(work)))
        return found

    @routes.get("/search", summary="Find photos by words", response_model=shapes.Found)
    async def search(request: Request, q: Words, k: Hits = 12) -> dict[str, Any]:
        """The query language is that of `vlm search`; `like:` takes photos of the library."""
        return await searched(request, lambda stop: _found(desk, desk.search(q, k)))

    @routes.post(
        "/search",
        summary="Find photos that look like one",
        response_model=shapes.Found,
        openapi_extra=_body(shapes.SimilarAsked),
    )
    async def similar(request: Request) -> dict[str, Any]:
        """The photo is one of the library, which is left out of the hits, or sent along."""
        asked, sent = await read_asked(request, shapes.SimilarAsked)

        def work(stop: Event) -> dict[str, Any]:
            photo = shown(desk, asked, sent)
            without = photo.path if asked.photo is not None else None
            result = desk.similar(photo.image, asked.k, without=without)
            return _found(desk, result) | {"query": str(photo.path)}

        return await searched(request, work)

    @routes.get("/photos/{digest}", summary="Facts about a photo", response_model=shapes.Photo)
    async def photo(request: Request, digest: str) -> dict[str, Any]:
        """What the file says of itself, and what people and models said about it."""
        return await searched(request, lambda stop: shapes.photo_shape(desk.held(digest)))

    @routes.get(
        "/photos/{digest}/thumbnail",
        summary="A small picture of a photo",
        response_class=Response,
        responses={
            200: {"content": {"image/jpeg": {}}, "description": "At most 512 pixels a side"}
        },
    )
    async def thumbnail(request: Request, digest: str) -> Response:
        """A JPEG without metadata."""
        data = await searched(request, lambda stop: desk.thumbnail(digest))
        return Response(data, media_type="image/jpeg", headers={"cache-control": "private"})

    async def written(
        request: Request,
        asked: shapes.Asked,
        sent: Sent | None,
        write: Callable[[Shown, Describer], dict[str, Any]],
    ) -> dict[str, Any]:
        def work(stop: Event) -> dict[str, Any]:
            began = perf_counter()
            photo = shown(desk, asked, sent)
            said = write(photo, Stoppable(desk.describer, stop.is_set))
            return {
                "path": str(photo.path),
                "digest": photo.digest,
                **said,
                "model": public_name(desk.settings.describer),
                "seconds": round(perf_counter() - began, 4),
            }

        told: dict[str, Any] = well_formed(await unless_gone(request, doors.describing.run(work)))
        return told

    @routes.post(
        "/caption",
        summary="A line about a photo",
        response_model=shapes.Captioned,
        openapi_extra=_body(shapes.CaptionAsked),
    )
    async def captioned(request: Request) -> dict[str, Any]:
        """One line, or a few sentences with `detailed`."""
        asked, sent = await read_asked(request, shapes.CaptionAsked)

        def write(photo: Shown, describer: Describer) -> dict[str, Any]:
            said = caption(photo.image, describer, detailed=asked.detailed, language=asked.language)
            return caption_shape(Captioned(photo.path, said, "", 0))

        return await written(request, asked, sent, write)

    @routes.post(
        "/ask",
        summary="Answer a question about a photo",
        response_model=shapes.Answered,
        openapi_extra=_body(shapes.QuestionAsked),
    )
    async def answered(request: Request) -> dict[str, Any]:
        """An answer in a few words."""
        asked, sent = await read_asked(request, shapes.QuestionAsked)

        def write(photo: Shown, describer: Describer) -> dict[str, Any]:
            said = answer(photo.image, asked.question, describer)
            return answer_shape(Answered(photo.path, asked.question, said, "", 0))

        return await written(request, asked, sent, write)

    @routes.post(
        "/alt-text",
        summary="An alternative text for a photo",
        response_model=shapes.AltText,
        openapi_extra=_body(shapes.AltAsked),
    )
    async def alternative(request: Request) -> dict[str, Any]:
        """By the rules of `vlm alt`; nothing is written anywhere."""
        asked, sent = await read_asked(request, shapes.AltAsked)

        def write(photo: Shown, describer: Describer) -> dict[str, Any]:
            length, language = asked.max_length, asked.language
            return {
                "alt_text": alt_text(photo.image, describer, max_length=length, language=language)
            }

        return await written(request, asked, sent, write)

    @routes.post(
        "/tags",
        summary="What can be seen in a photo",
        response_model=shapes.Tagged,
        openapi_extra=_body(shapes.Asked),
    )
    async def tagged(request: Request) -> dict[str, Any]:
        """At most ten nouns in English, the likeliest first."""
        asked, sent = await read_asked(request, shapes.Asked)

        def write(photo: Shown, describer: Describer) -> dict[str, Any]:
            found = tags(photo.image, describer)
            return {"tags": [{"name": t.name, "probability": t.probability} for t in found]}

        return await written(request, asked, sent, write)

    @routes.get("/health", summary="Whether the server runs", response_model=shapes.Health)
    async def health(request: Request) -> dict[str, str]:
        """Needs no token and tells nothing about photos."""
        state = await asyncio.to_thread(_state, desk)  # said also when many wait
        return {"status": "ok", "library": state}

    return routes


def _found(desk: Desk, result: SearchResult) -> dict[str, Any]:
    return desk.found(result) | {"model": public_name(result.model)}


def _state(desk: Desk) -> str:
    try:
        desk.library().count()
    except LibraryMissing:
        return "missing"
    except LibraryError:
        return "broken"
    return "ok"


def _body(kind: type[shapes.Asked]) -> dict[str, Any]:
    """The two forms of a request, for the OpenAPI document."""
    document = kind.model_json_schema()
    upload = {"type": "string", "format": "binary", "description": "An image file"}
    form = document | {"properties": {**document["properties"], "image": upload}}
    content = {"application/json": {"schema": document}, "multipart/form-data": {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}
