"""Fixtures for every test: no network, no user folders, and a few drawn photos."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from PIL import Image

# The same examples every time and everywhere, and no deadline, which a busy machine cannot keep.
settings.load_profile("ci")

COLOURS = {"red": "red.png", "green": "green.jpg", "blue": "blue.webp"}


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        local = self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost")
        if not local:
            raise OSError(f"tests may not reach {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def _no_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "HF_HOME", "HOME"):
        monkeypatch.setenv(name, str(home))
    for name in ("VLM_LIBRARY", "VLM_MODEL", "VLM_DESCRIBER", "VLM_MAX_MEGAPIXELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of three plainly coloured photos, one in a subfolder."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for colour, name in COLOURS.items():
        parent = folder / "sub" if colour == "blue" else folder
        Image.new("RGB", (64, 48), colour).save(parent / name)
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The photos that the scikit-image package ships; skips where it is not installed."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or spec.origin is None:
        pytest.skip("scikit-image is not installed, so its sample photos are not there")
    return Path(spec.origin).parent / "data"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Generator[None]:
    """A skipped browser test is easy to overlook, so the last lines of the run name it."""
    yield
    reasons = {
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if "test_browser" in report.nodeid and isinstance(report.longrepr, tuple)
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(f"BROWSER TESTS SKIPPED: {reason}", yellow=True, bold=True)


@pytest.fixture(scope="module")
def on_the_cpu() -> Iterator[None]:
    """Models of one test file run where their references do, whatever the machine has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VLM_DEVICE", "cpu")
        yield
