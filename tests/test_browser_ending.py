"""`vlm chat` is ended while its page indexes: what is in hand is stored, the next run goes on."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from app_server import app_process
from chromium import open_page, settle
from playwright.sync_api import Browser
from test_browser import browser, pytestmark
from test_browser_stories import many

from index.build import build
from index.library import Library
from ui.settings import Settings
from vlm.errors import LibraryError
from vlm.fakes import ColourEmbedder

__all__ = ["browser", "many", "pytestmark"]

TOKEN = "open-sesame-" * 3


def stored(library: Path) -> list[Path]:
    try:
        with Library.open(library) as opened:
            return [photo.path for photo in opened.catalogue.contents()]
    except LibraryError:
        return []


@pytest.mark.parametrize(
    ("number", "token"),
    [(signal.SIGINT, ""), (signal.SIGTERM, TOKEN)],
    ids=["Ctrl-C", "SIGTERM behind a token"],
)
def test_a_server_that_is_ended_in_the_middle_leaves_a_whole_library(
    browser: Browser, tmp_path: Path, many: Path, number: signal.Signals, token: str
) -> None:
    home, library = tmp_path / "home", tmp_path / "library"
    home.mkdir()
    with app_process(Settings(library, "fake", "fake"), home, token=token) as (url, server):
        page = open_page(browser, f"{url}/#token={token}" if token else url)
        page.get_by_role("link", name="Library").click()
        settle(page)
        page.get_by_label("Folder with photos on this machine").fill(str(many))
        page.get_by_role("button", name="Add photos").click()
        while not stored(library):
            time.sleep(0.05)
        before = len(stored(library))
        server.send_signal(number)
        assert server.wait(60) == 0
    page.close()
    said = (home / "server.log").read_text()
    assert "Traceback" not in said
    assert f"Indexing {many}: storing what is in hand" in said
    there = stored(library)
    assert before <= len(there) < len(list(many.iterdir()))
    left = next(path for path in many.iterdir() if path not in there)
    with Library.open(library, create=True) as opened:  # its lock is free
        report = build(opened, [there[0], left], ColourEmbedder())
    assert (report.unchanged, report.added) == (1, 1)
