"""Who may ask this server, and with how much: checked before anything of a request is read.

Pages of other sites may not: a browser says in ``Origin`` and ``Sec-Fetch-Site`` where a request
comes from, and in ``Host`` by which name the page knows this address (a name that was pointed here,
DNS rebinding, is refused). The token is compared in constant time.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.output import tell
from ui.serving.errors import BodyTooLarge, BodyTooSlow, ServerBusy, ServerStops
from ui.serving.hosts import FOREIGN, foreign
from ui.serving.limits import Limits
from ui.serving.well_formed import well_formed

OPEN = frozenset({"/", "/docs", "/openapi.json", "/v1/health"})
"""What needs no token: nothing there is anybody's own."""

_HEADERS = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(slots=True)
class _Held:
    """Bytes of requests that are in memory now."""

    bytes: int = 0


class Guard:
    """Refuses what may not pass; counts and times the bodies of the rest."""

    def __init__(
        self, app: ASGIApp, *, hosts: frozenset[str], token: str | None, limits: Limits
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token
        self._limits = limits
        self._held = _Held()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        began, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                names = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (n.encode(), v.encode())
                        for n, v in _HEADERS.items()
                        if n.encode() not in names
                    ),
                ]
            await send(message)

        refused = self._refusal(scope)
        body = _Body(receive, self._limits, self._held)
        try:
            if refused is not None:
                await refused(scope, receive, answer)
            else:
                # Whatever can be got has a head; the web server leaves the body of the reply out.
                got = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
                await self._app(got, body.receive, answer)
        except asyncio.CancelledError:  # the server stops, and has waited for this long enough
            if not status:
                await error_reply(503, str(ServerStops()))(scope, receive, answer)
        finally:
            body.forget()
            # The path without the query, which is private.
            took = time.perf_counter() - began
            tell(f"{scope['method']} {scope['path'][:100]} {status or 500} {took:.2f} s")

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if refused := foreign(headers, self._hosts):
            return error_reply(*refused)
        site = headers.get("sec-fetch-site", "none")
        if scope["path"] not in OPEN and site not in ("none", "same-origin"):
            return error_reply(403, FOREIGN)
        if self._token is not None and scope["path"] not in OPEN:
            kind, _, given = headers.get("authorization", "").partition(" ")
            right = hmac.compare_digest(given.strip().encode(), self._token.encode())
            if kind.lower() != "bearer" or not right:
                return error_reply(
                    401,
                    "This server needs its token: Authorization: Bearer TOKEN",
                    code="invalid_api_key",
                    headers={"www-authenticate": "Bearer"},
                )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limits.body:
            return error_reply(413, str(BodyTooLarge(self._limits.body)))
        return None


class _Body:
    """The body of one request as it arrives."""

    def __init__(self, receive: Receive, limits: Limits, held: _Held) -> None:
        self._receive = receive
        self._limits = limits
        self._held = held
        self._bytes = 0
        self._until = asyncio.get_running_loop().time() + limits.arrival_seconds
        self._whole = False

    async def receive(self) -> Message:
        """The next part. Raises `BodyTooLarge`, `BodyTooSlow` or `ServerBusy`."""
        if self._whole:  # what comes now is the end of the connection
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise BodyTooSlow(self._limits.arrival_seconds) from None
        self._whole = not message.get("more_body", False)
        size = len(message.get("body", b""))
        self._bytes += size
        self._held.bytes += size
        if self._bytes > self._limits.body:
            raise BodyTooLarge(self._limits.body)
        if self._held.bytes > self._limits.bodies:
            raise ServerBusy
        return message

    def forget(self) -> None:
        """The request is answered."""
        self._held.bytes -= self._bytes
        self._bytes = 0


def error_reply(
    status: int,
    message: str,
    *,
    param: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An error in the one shape that all of them have, OpenAI's."""
    kind = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}.get(
        status, "server_error" if status >= 500 else "invalid_request_error"
    )
    error = {"message": well_formed(message), "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status, headers=headers)
