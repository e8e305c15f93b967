"""`vlm chat` becomes the server of the app, on this machine's own address and nowhere else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_runs import VLM, process_env, run

from ui.server import has_display, serve_command
from ui.settings import Settings


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A running `vlm chat`, stopped at the end if it still runs."""
    arguments = ["--no-browser", "--port", str(port), "--library", str(tmp_path / "library")]
    process = subprocess.Popen(
        [*VLM, "chat", *arguments, "--model", "fake", "--describer", "fake"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=process_env({}),
    )
    yield process
    if process.poll() is None:
        process.kill()
        process.communicate()


def get(url: str, process: subprocess.Popen[str]) -> str:
    """The answer of a server that is starting up."""
    for _ in range(300):
        assert process.poll() is None, process.communicate()
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                text: str = reply.read().decode()
                return text
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")


def test_the_app_is_served_until_ctrl_c(server: subprocess.Popen[str], port: int) -> None:
    assert get(f"http://127.0.0.1:{port}/_stcore/health", server) == "ok"
    assert "<html" in get(f"http://127.0.0.1:{port}/", server)
    server.send_signal(signal.SIGINT)
    _, stderr = server.communicate(timeout=30)
    assert f"Serving on http://127.0.0.1:{port} until Ctrl-C." in stderr
    assert "Traceback" not in stderr
    assert server.returncode == 0


def test_it_listens_on_the_local_address_only(server: subprocess.Popen[str], port: int) -> None:
    get(f"http://127.0.0.1:{port}/_stcore/health", server)
    listening = {
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    }
    if not listening:
        pytest.skip("this system does not list its sockets in /proc")
    assert listening == {f"0100007F:{port:04X}"}


def test_a_port_in_use_is_said_before_anything_starts(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        ran = run("chat", "--port", port, "--model", "fake", "--describer", "fake")
    assert (ran.code, ran.stdout) == (2, "")
    assert f"error: Cannot serve on http://127.0.0.1:{port} (Address already in use)" in ran.stderr
    assert f"--port {port + 1}" in ran.stderr


def test_an_unknown_model_is_said_before_anything_starts() -> None:
    for flag in ("--model", "--describer"):
        ran = run("chat", flag, "nonesuch")
        assert (ran.code, ran.stdout) == (2, "")
        assert "Unknown model 'nonesuch'" in ran.stderr


def test_the_server_gets_the_settings_and_sends_nothing_anywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: int
) -> None:
    became: list[tuple[str, list[str], dict[str, str]]] = []

    def become(program: str, arguments: list[str], environment: dict[str, str]) -> None:
        became.append((program, arguments, environment))

    monkeypatch.setattr(os, "execve", become)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    run("chat", "--port", port, "--library", tmp_path, "--model", "fake", "--describer", "fake")
    ((program, arguments, environment),) = became
    assert program == arguments[0]
    assert environment.items() >= Settings(tmp_path, "fake", "fake").as_env().items()
    assert environment["LANGSMITH_TRACING"] == "false"
    assert environment["HF_HUB_DISABLE_TELEMETRY"] == "1"
    assert "--browser.gatherUsageStats=false" in arguments
    assert "--server.address=127.0.0.1" in arguments


def test_a_browser_is_only_opened_where_there_is_a_screen(port: int) -> None:
    assert not has_display({"DISPLAY": ""}) or os.uname().sysname == "Darwin"
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})
    assert "--server.headless=false" in serve_command(port, browser=True)
    assert "--server.headless=true" in serve_command(port, browser=False)


def test_no_option_of_the_server_is_given_twice(port: int) -> None:
    flags = [part.partition("=")[0] for part in serve_command(port, browser=True)[5:]]
    flags = [flag for flag in flags if flag != "--server.allowedHosts"]  # a list: once a host
    assert len(flags) == len(set(flags))
