"""`vlm serve` and `vlm mcp` as commands: how they start, refuse to, and end."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from cli_runs import VLM, process_env, run

from vlm.extras import EXTRAS

SERVERS = {"fastapi", "starlette", "uvicorn", "mcp", "pydantic"}


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Where a test would serve for ever, what would be served."""
    pytest.importorskip("fastapi")
    served: list[tuple[object, ...]] = []

    def pretend(self: object, sockets: list[socket.socket]) -> None:
        served.extend(one.getsockname() for one in sockets)

    monkeypatch.setattr("uvicorn.Server.run", pretend)
    return served


def serve(*arguments: object) -> tuple[int, str]:
    ran = run("serve", "--model", "fake", "--describer", "fake", "--port", 0, *arguments)
    assert ran.stdout == ""
    return ran.code, ran.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_ctrl_c_or_sigterm(tmp_path: Path, ending: signal.Signals) -> None:
    pytest.importorskip("fastapi")
    models = ("--model", "fake", "--describer", "fake")
    with subprocess.Popen(
        [*VLM, "serve", "--port", "0", "--library", str(tmp_path), *models],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=process_env({}),
    ) as server:
        assert server.stderr is not None
        said = server.stderr.readline()
        found = re.search(r"Serving on (http://127\.0\.0\.1:\d+) until Ctrl-C", said)
        assert found, said
        with urllib.request.urlopen(f"{found[1]}/v1/health", timeout=60) as reply:
            assert reply.read() == b'{"status":"ok","library":"missing"}'
        server.send_signal(ending)
        stdout, stderr = server.communicate(timeout=60)
    assert (server.returncode, stdout) == (0, "")
    assert "Traceback" not in stderr
    assert "no photo library here. Make one with: vlm index" in stderr


def test_an_address_that_others_reach_needs_a_token(
    unserved: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VLM_TOKEN", raising=False)
    code, said = serve("--host", "0.0.0.0", "--token", "short")
    assert (code, unserved) == (2, [])
    assert "must have 16 characters or more" in said
    tokens = set()
    for _ in range(2):
        code, said = serve("--host", "0.0.0.0")
        assert (code, unserved[-1][0]) == (0, "0.0.0.0")
        assert "not encrypted" in said
        [made] = re.findall(r"needs this token, which is new at each start: (\S{32})$", said, re.M)
        tokens.add(made)
    assert len(tokens) == 2
    monkeypatch.setenv("VLM_TOKEN", "x" * 16)
    for given in ([], ["--token", "y" * 16]):
        code, said = serve("--host", "0.0.0.0", *given)
        assert (code, "the token of --token or VLM_TOKEN" in said) == (0, True)
        assert not re.search("x{16}|y{16}", said), "a token of one's own is not printed"


def test_a_port_in_use_and_a_wrong_model_are_said_before_anything_starts(
    unserved: list[tuple[object, ...]],
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said = serve("--port", other.getsockname()[1])
    assert (code, "Address already in use" in said, unserved) == (2, True, [])
    code, said = serve("--describer", "nonesuch")
    assert (code, "Unknown model 'nonesuch'" in said) == (2, True)


@pytest.mark.parametrize(
    ("command", "module"), [("serve", "serving.run"), ("mcp", "mcp_server.server")]
)
def test_a_missing_extra_is_named(
    command: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, f"ui.{module}", None)
    monkeypatch.setitem(EXTRAS, "serve", ("a_package_that_is_absent",))
    ran = run(command, "--model", "fake", "--describer", "fake")
    assert (ran.code, ran.stdout) == (2, "")
    assert f"'vlm {command}' needs a_package_that_is_absent" in ran.stderr
    assert "vlm-assistant[serve]" in ran.stderr


def test_help_imports_no_server() -> None:
    for command in ("serve", "mcp"):
        ran = subprocess.run(
            [VLM[0], "-X", "importtime", *VLM[1:], command, "--help"],
            capture_output=True,
            text=True,
            env=process_env({}),
            check=True,
        )
        lines = [line for line in ran.stderr.splitlines() if line.startswith("import time:")]
        imported = {line.rsplit("|", 1)[1].strip().partition(".")[0] for line in lines}
        assert imported & SERVERS == set()
        assert "typer" in imported
