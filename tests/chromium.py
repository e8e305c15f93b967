"""A real Chromium on the real server, for the browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Browser, Page, sync_playwright

from ui.server import serve_command
from ui.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOT_FOUND = f"no Chromium found (looked for VLM_CHROMIUM, {', '.join(NAMES)})"
OUTPUT = Path(__file__).parents[1] / "ci-output"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

UNCHANGED = """() => new Promise(resolve => {
    const later = () => setTimeout(() => { observer.disconnect(); resolve(); }, 400);
    let timer = later();
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = later(); });
    observer.observe(document.body, {subtree: true, childList: true, characterData: true});
})"""
"""Resolves when the document has not changed for 0.4 s: React draws after the script's end."""


def find_chromium() -> str | None:
    """Path of a Chromium: the one that `VLM_CHROMIUM` names, or the first on the path."""
    named = os.environ.get("VLM_CHROMIUM")
    if named:
        return named
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def app_server(settings: Settings, home: Path, script: Path | None = None) -> Iterator[str]:
    """The app as `vlm chat` serves it (or another script), on a free port, with its own home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = serve_command(port, browser=False)
    if script is not None:
        command[command.index("run") + 1] = str(script)
    own = {name: str(home) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "HF_HOME")}
    environment = {**os.environ, **settings.as_env(), **own, "HF_HUB_OFFLINE": "1"}
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
            yield url
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")


def open_page(browser: Browser, url: str, *, width: int = 1280, height: int = 900) -> Page:
    """A new window on a page of the app, drawn to its end."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(60_000)
    page.goto(url)
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the script has run to its end, nothing moves and the pictures are there."""
    page.wait_for_selector("h1")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.evaluate(UNCHANGED)
    page.wait_for_function("Array.from(document.images).every(image => image.complete)")


def keep(page: Page, name: str) -> Path:
    """Keep a picture of the window as output of the run."""
    OUTPUT.mkdir(exist_ok=True)
    path = OUTPUT / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    return path
