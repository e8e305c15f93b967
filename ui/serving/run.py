"""Run the server of other programs until Ctrl-C."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress

import uvicorn

from ui.errors import PortInUse
from ui.output import tell
from ui.serving.app import server
from ui.serving.errors import TokenNeeded
from ui.serving.hosts import LEAST_TOKEN, is_loopback
from ui.settings import Settings

_GRACE = 3
"""Seconds that replies have to end after Ctrl-C."""


def run(settings: Settings, host: str, port: int, names: Iterable[str], token: str | None) -> None:
    """Serve; raises `TokenNeeded` or `PortInUse` before anything starts."""
    if not is_loopback(host):
        if len(token or "") < LEAST_TOKEN:
            raise TokenNeeded(host, LEAST_TOKEN)
        tell("What is sent here is not encrypted: put a proxy with TLS before it, or use SSH.")
    app = server(settings, host=host, names=names, token=token)
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
    with _listening(host, port) as listening:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        tell(f"Serving on {address} until Ctrl-C; {address}/docs says what there is.")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


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
