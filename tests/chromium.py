"""A real Chromium, for the browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

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
    "--use-fake-device-for-media-stream",  # a camera that shows a moving test picture
    "--use-fake-ui-for-media-stream",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

UNCHANGED = """() => new Promise(resolve => {
    const later = () => setTimeout(() => { observer.disconnect(); resolve(); }, 400);
    let timer = later();
    setTimeout(() => { observer.disconnect(); resolve(); }, 5000);
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = later(); });
    observer.observe(document.body, {subtree: true, childList: true, characterData: true});
})"""
"""Resolves when the document was left alone for 0.4 s (React draws late), or after 5 s."""

NOT_LOADED = '[data-testid="stSkeleton"]'
"""Stands for an element whose script is still on its way."""


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
    page.wait_for_function(f"!document.querySelector('{NOT_LOADED}')")
    page.wait_for_function("Array.from(document.images).every(image => image.complete)")


def keep(page: Page, name: str) -> Path:
    """Keep a picture of the window as output of the run."""
    OUTPUT.mkdir(exist_ok=True)
    path = OUTPUT / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    return path
