"""Start the browser app: `streamlit run`, in place of this process.

It serves 127.0.0.1 only, or another address behind a token (`ui.guarded`).
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from ui.errors import PortInUse
from ui.serving.hosts import allowed_hosts
from ui.settings import Settings
from ui.theme import streamlit_flags

HOST = "127.0.0.1"
DEFAULT_PORT = 8501
TOKEN_VARIABLE = "VLM_TOKEN"
HOSTS_VARIABLE = "VLM_HOSTS"
"""Names that the guarded app may be asked for by, with spaces between."""

QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}
"""Switches that keep libraries from sending anything, whatever the environment says."""


def address(port: int, host: str = HOST) -> str:
    """Where the app is found.

    >>> address(8501), address(80, "::1")
    ('http://127.0.0.1:8501', 'http://[::1]:80')
    """
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def require_free(port: int, host: str = HOST) -> None:
    """Raise `PortInUse` where nothing can be served on this address and port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(host, port, error.strerror or str(error)) from None


def serve(settings: Settings, port: int, *, browser: bool) -> NoReturn:
    """Become the server of the app for this machine; Ctrl-C stops it."""
    _become(serve_command(port, browser=browser and has_display(os.environ)), settings.as_env())


def serve_others(
    settings: Settings, host: str, port: int, token: str, names: Iterable[str] = ()
) -> NoReturn:
    """Become the server of the app on an address that others can reach, who need the token."""
    _become(guarded_command(host, port), {**settings.as_env(), **guarded_env(host, token, names)})


def _become(command: list[str], changed: Mapping[str, str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, command, {**os.environ, **QUIET, **changed})


def serve_command(port: int, *, browser: bool) -> list[str]:
    """The command line of the server for this machine."""
    flags = streamlit_flags(
        server_port=str(port),
        server_address=HOST,
        server_headless="false" if browser else "true",
        server_showEmailPrompt="false",
    )
    return _command("app.py", flags)


def guarded_command(host: str, port: int) -> list[str]:
    """The command line of the server for others; `ui.access.Guard` sees to the names of hosts."""
    flags = streamlit_flags(
        server_port=str(port),
        server_address=host,
        server_allowedHosts="",
        server_showEmailPrompt="false",
    )
    return _command("guarded.py", flags)


def guarded_env(host: str, token: str, names: Iterable[str] = ()) -> dict[str, str]:
    """The variables that `ui.guarded` reads."""
    return {TOKEN_VARIABLE: token, HOSTS_VARIABLE: " ".join(sorted(allowed_hosts(host, names)))}


def _command(script: str, flags: list[str]) -> list[str]:
    path = Path(__file__).with_name(script)
    return [sys.executable, "-m", "ui.pages_server", "run", str(path), *flags]


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a browser window can be opened: always on macOS, with a display server elsewhere."""
    if sys.platform == "darwin":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
