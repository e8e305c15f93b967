"""The page about serving other programs: its examples run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_runs import ROOT, process_env
from serving_library import make_library, photo_of

pytest.importorskip("fastapi")
mcp = pytest.importorskip("mcp")

import anyio  # noqa: E402
from serving import served  # noqa: E402

from ui.serving.app import server  # noqa: E402
from ui.settings import Settings  # noqa: E402

PAGE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8600"
CURL = re.findall(r"^\$ (curl .*)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_library(tmp_path_factory.mktemp("docs"))


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with served(settings) as url:
        yield url


@pytest.mark.parametrize("command", CURL)
def test_a_request_of_the_page_is_answered(
    command: str, url: str, settings: Settings, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    shutil.copy(photo_of(settings, "red"), tmp_path / "photo.jpg")
    words = shlex.split(command.replace(ADDRESS, url))
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, check=True).stdout
    document = json.loads(said)
    assert "error" not in document
    assert document.get("answer") != "nothing"


def test_the_example_for_openais_client_runs(
    url: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("openai")
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code.replace(ADDRESS, url), "docs/serve.md", "exec"), {})
    assert str(photo_of(settings, "red")) in capsys.readouterr().out


def test_the_settings_for_an_assistant_start_the_server(settings: Settings) -> None:
    [text] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    named = json.loads(text)["mcpServers"]["photos"]
    assert named["command"] == "vlm"
    program = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "ui", *named["args"]],
        env=process_env(settings.as_env()),
    )

    async def talk() -> set[str]:
        async with mcp.Client(program) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    assert all(f"`{tool}`" in PAGE for tool in anyio.run(talk))


def test_everything_that_is_served_is_on_the_page(settings: Settings) -> None:
    app = server(settings)._app  # type: ignore[attr-defined]
    for path in app.openapi()["paths"]:
        assert f"{path}`" in PAGE or f"{path}?" in PAGE, path
