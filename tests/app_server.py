"""The app's real server, for the tests that talk to it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

from ui.server import guarded_command, guarded_env, serve_command
from ui.settings import Settings


@contextmanager
def app_server(
    settings: Settings, home: Path, script: Path | None = None, *, token: str = ""
) -> Iterator[str]:
    """The app as `vlm chat` serves it (or another script), on a free port, with its own home.

    With a token it is served as for an address that others can reach.
    """
    with app_process(settings, home, script, token=token) as (url, _):
        yield url


@contextmanager
def app_process(
    settings: Settings, home: Path, script: Path | None = None, *, token: str = ""
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `app_server`, with the process, whose words are in ``server.log`` of its home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = serve_command(port, browser=False)
    if token:
        command = guarded_command("127.0.0.1", port)
    if script is not None:
        command[command.index("run") + 1] = str(script)
    own = {name: str(home) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "HF_HOME")}
    environment = {**os.environ, **settings.as_env(), **own, "HF_HUB_OFFLINE": "1"}
    environment |= guarded_env("127.0.0.1", token)
    log = home / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, env=environment, cwd=home, stdout=output, stderr=output
        ) as server,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, server, log)
            yield url, server
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except HTTPError as error:  # a server that asks for its token is there too
            if error.code == 401:
                return
            time.sleep(0.1)
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")
