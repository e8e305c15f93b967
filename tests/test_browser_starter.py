"""What the README promises of the chat, start to end: the starter on real photos in a Chromium.

The pictures that this leaves in `ci-output` are the README's (`docs/make_pictures.py`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from app_server import app_server
from chromium import keep, open_page, settle
from playwright.sync_api import Browser, Page
from test_browser import ask, browser, pytestmark, search

from ui.services import build_index
from ui.settings import Settings

__all__ = ["browser", "pytestmark"]

PHOTOS = "astronaut camera chelsea coffee coins horse motorcycle_left motorcycle_right rocket"


def answer(page: Page, words: str, *photos: Path) -> str:
    """What the starter replies in the chat."""
    ask(page, words, *photos)
    reply = page.get_by_test_id("stChatMessage").last
    return reply.locator('.reply, [data-testid="stText"]').first.inner_text()


def test_photos_are_found_asked_about_and_given_an_alternative_text_in_one_conversation(
    browser: Browser, samples: Path, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for path in samples.iterdir():
        if path.stem in PHOTOS.split():
            shutil.copy(path, photos)
    settings = Settings(tmp_path / "library")
    build_index(settings, [photos])
    with app_server(settings, tmp_path) as url:
        page = open_page(browser, url, width=1200, height=900)
        keep(page, "story-1-empty")
        search(page, "a cup of coffee")
        keep(page, "story-2-search")
        page.goto(f"{url}/chat")
        settle(page)

        said = answer(page, "Find my photos of a motorcycle")
        assert "[1]" in said and "[2]" in said
        shown = page.get_by_test_id("stChatMessage").last.locator("img")
        names = {shown.nth(place).get_attribute("alt") for place in range(2)}
        assert names == {"motorcycle_left.png", "motorcycle_right.png"}
        keep(page, "story-3-found")
        said = answer(page, "How many motorcycles are in the second one?")
        assert said.strip() == "[2] 1."
        keep(page, "story-4-asked")
        said = answer(page, "Write alt text for it")
        assert "[2]" in said and "motorcycle" in said.lower()
        keep(page, "story-5-alt")

        said = answer(page, "Is there a cat in the picture?", samples / "chelsea.png")
        assert "yes" in said.lower()
        keep(page, "story-6-added")
        page.goto(f"{url}/library")
        settle(page)
        keep(page, "story-7-library")
        page.close()
