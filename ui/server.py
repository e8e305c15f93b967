"""Start the browser app: `streamlit run` on 127.0.0.1, in place of this process."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from ui.errors import PortInUse
from ui.settings import Settings
from ui.theme import streamlit_flags

HOST = "127.0.0.1"
DEFAULT_PORT = 8501

QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}
"""Switches that keep libraries from sending anything, whatever the environment says."""


def address(port: int) -> str:
    """Where the app is found."""
    return f"http://{HOST}:{port}"


def require_free(port: int) -> None:
    """Raise `PortInUse` where nothing can be served on this port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortInUse(HOST, port, error.strerror or str(error)) from None


def serve(settings: Settings, port: int, *, browser: bool) -> NoReturn:
    """Become the server of the app; Ctrl-C stops it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(
        sys.executable,
        serve_command(port, browser=browser and has_display(os.environ)),
        {**os.environ, **QUIET, **settings.as_env()},
    )


def serve_command(port: int, *, browser: bool) -> list[str]:
    """The command line of the server."""
    app = Path(__file__).with_name("app.py")
    flags = streamlit_flags(
        server_port=str(port),
        server_address=HOST,
        server_headless="false" if browser else "true",
        server_showEmailPrompt="false",
    )
    return [sys.executable, "-m", "streamlit", "run", str(app), *flags]


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a browser window can be opened: always on macOS, with a display server elsewhere."""
    if sys.platform == "darwin":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
