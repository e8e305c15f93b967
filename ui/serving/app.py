"""The server of other programs as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from ui.output import tell
from ui.serving.asked import field_of, what_is_wrong
from ui.serving.completions import completions
from ui.serving.desk import Desk
from ui.serving.docs_page import POLICY, docs_page
from ui.serving.doors import Doors
from ui.serving.errors import Refused, ServerBusy, status_of, told
from ui.serving.guard import Guard, error_reply
from ui.serving.hosts import allowed_hosts
from ui.serving.limits import Limits
from ui.serving.public_names import public_name
from ui.serving.rest import rest
from ui.settings import Settings
from vlm.errors import QueryInvalid, QuestionInvalid, VlmError

_ABOUT = (
    "Search and describe the photos of a library from other programs. Photos are named by the "
    "SHA-256 of their content. Everything stays on this machine."
)


def server(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    names: Iterable[str] = (),
    token: str | None = None,
    limits: Limits | None = None,
) -> ASGIApp:
    """The application for a server on ``host``; ``names`` are others by which it is asked for."""
    limits = limits or Limits()
    doors = Doors(Desk(settings), limits)
    app = _routes(doors)
    return Guard(app, hosts=allowed_hosts(host, names), token=token, limits=limits)


def _routes(doors: Doors) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        doors.warm()
        yield
        doors.close()

    app = FastAPI(
        title="vlm-assistant",
        description=_ABOUT,
        version=version("vlm-assistant"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.include_router(rest(doors))
    app.include_router(completions(doors))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(docs_page(app.openapi()), headers={"content-security-policy": POLICY})

    @app.get("/", include_in_schema=False)
    async def start() -> Response:
        return RedirectResponse("/docs")

    settings = doors.desk.settings

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, VlmError)
        if not isinstance(
            error, Refused | QueryInvalid | QuestionInvalid
        ):  # what was asked is private
            tell(f"error: {error}")
        said = told(error)
        for name in (settings.describer, settings.model):
            said = said.replace(name, public_name(name))
        status = status_of(error)
        return error_reply(
            status,
            said,
            param=getattr(error, "param", None),
            code=getattr(error, "code", None),
            headers={"retry-after": "5"} if isinstance(error, ServerBusy) else None,
        )

    async def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        wrongs = error.errors()
        return error_reply(400, what_is_wrong(wrongs), param=field_of(wrongs[0]))

    async def other(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return error_reply(error.status_code, f"{error.detail}. See /docs.", headers=error.headers)

    async def gone(request: Request, error: Exception) -> Response:
        return Response(status_code=499)

    async def broken(request: Request, error: Exception) -> Response:
        return error_reply(500, "This is a bug. The messages of the server say more.")

    handlers: dict[type[Exception], Any] = {
        VlmError: refuse,
        RequestValidationError: wrong,
        HTTPException: other,
        ClientDisconnect: gone,
        Exception: broken,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    return app
