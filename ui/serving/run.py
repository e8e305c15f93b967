"""Run the server of other programs until Ctrl-C or SIGTERM."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import uvicorn

from ui.access import token_to_ask_for
from ui.errors import PortInUse
from ui.output import tell
from ui.server import TOKEN_VARIABLE
from ui.serving.app import server
from ui.serving.hosts import is_loopback
from ui.settings import Settings

_GRACE = 3
"""Seconds that replies have to end after Ctrl-C."""


def run(
    settings: Settings, host: str, port: int, names: Iterable[str], token: str | None = None
) -> None:
    """Serve; raises `TokenTooShort` or `PortInUse` before anything starts.

    Where only this machine can ask, a token is asked for if there is one, here or in `VLM_TOKEN`.
    """
    made = False
    token = token or os.environ.get(TOKEN_VARIABLE)
    if not is_loopback(host):
        token, made = token_to_ask_for(token)
        tell("What is sent here is not encrypted: put a proxy with TLS before it, or use SSH.")
    app = server(settings, host=host, names=names, token=token or None)
    config = uvicorn.Config(
        app,
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,  # it would print queries
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
    )
    # It warns of each piece that was on its way to somebody who hung up.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    with _listening(host, port) as listening, _stopped_by_terminate():
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        tell(f"Serving on {address} until Ctrl-C; {address}/docs says what there is.")
        if made:
            tell(f"Whoever asks needs this token, which is new at each start: {token}")
        elif token:
            tell("Whoever asks needs the token of --token or VLM_TOKEN.")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _stopped_by_terminate() -> Iterator[None]:
    """SIGTERM ends as Ctrl-C does: replies on their way are finished, and the exit code is 0."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise PortInUse(host, port, error.strerror or str(error)) from None
    return listening
