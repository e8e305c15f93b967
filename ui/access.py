"""Who may open the app where others can reach it: whoever knows its token.

`Guard` stands before Streamlit, so that nothing is answered without the token: no page, no
websocket, no photo, no upload. The token comes in the fragment of the link that is printed (a
browser sends that to nobody) or is typed into the page of `access_page.html`; from then on a cookie
stands for it, which scripts cannot read and other sites cannot send.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
import socket
from pathlib import Path
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.errors import TokenTooShort
from ui.server import TOKEN_VARIABLE, address
from ui.serving.hosts import LEAST_TOKEN, foreign

DOOR = "/_access"
"""Where the token is sent to."""

_LONGEST_BODY = 2_000
_WRONG_SECONDS = 1.0
_WEEK = 7 * 24 * 60 * 60
_PAGE = Path(__file__).with_name("access_page.html")


class Guard:
    """An ASGI application before another: refuses foreign pages, and whoever has no token."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], token: str) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        told = foreign(Headers(scope=scope), self._hosts)
        refused: Response | None = PlainTextResponse(told[1], told[0]) if told else None
        if refused is None and not self._knows(scope):
            if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", DOOR):
                refused = await self._opened(Request(scope, receive))
            else:
                refused = _asked(401)
        if refused is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refused(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        given = cookie_parser(Headers(scope=scope).get("cookie", "")).get(_cookie_name(scope), "")
        return hmac.compare_digest(given.encode(), _cookie(self._token).encode())

    async def _opened(self, request: Request) -> Response:
        """The token that was sent, answered with the cookie or with the page again."""
        given = parse_qs(await _body(request)).get("token", [""])[0].strip()
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            await asyncio.sleep(_WRONG_SECONDS)
            return _asked(401, "That is not the token of this server.")
        reply = RedirectResponse("/", 303)
        reply.set_cookie(
            _cookie_name(request.scope),
            _cookie(self._token),
            max_age=_WEEK,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return reply


def token_to_ask_for(given: str | None = None) -> tuple[str, bool]:
    """The token given or in `VLM_TOKEN`, or a new one of 192 random bits; and whether it is new.

    Raises `TokenTooShort`.
    """
    chosen = given or os.environ.get(TOKEN_VARIABLE, "")
    if not chosen:
        return secrets.token_urlsafe(24), True
    if len(chosen) < LEAST_TOKEN:
        raise TokenTooShort(LEAST_TOKEN)
    return chosen, False


def link(host: str, port: int, token: str) -> str:
    """The link that opens the app: the token is in its fragment."""
    named = socket.gethostname() if host in ("0.0.0.0", "::") else host
    return f"{address(port, named)}/#token={quote(token, safe='')}"


async def _body(request: Request) -> str:
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > _LONGEST_BODY:
            return ""
    return data.decode("utf-8", "replace")


def _cookie_name(scope: Scope) -> str:
    """One for each port: browsers keep cookies by address alone."""
    return f"vlm_access_{(scope.get('server') or ('', 0))[1]}"


def _cookie(token: str) -> str:
    """What stands for the token in a cookie, so that the cookie does not give it away."""
    return hmac.new(token.encode(), b"vlm chat access", hashlib.sha256).hexdigest()


def _asked(status: int, told: str = "") -> HTMLResponse:
    """The page that says what to do, and takes the token."""
    nonce = secrets.token_urlsafe(16)
    page = _PAGE.read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(
        page.replace("{nonce}", nonce).replace("{told}", told).replace("{door}", DOOR),
        status,
        {
            "content-security-policy": policy,
            "cache-control": "no-store",
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
        },
    )
