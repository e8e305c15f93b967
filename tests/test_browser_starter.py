"""What the README promises of the chat page: the starter models on real photos, in a Chromium.

The picture that this leaves in `ci-output/chat.png` is the README's screenshot.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from app_server import app_server
from chromium import keep, open_page
from playwright.sync_api import Browser, expect
from test_browser import ask, browser, pytestmark

from ui.services import build_index
from ui.settings import Settings

__all__ = ["browser", "pytestmark"]

PHOTOS = "astronaut camera chelsea coffee coins horse motorcycle_left motorcycle_right rocket"


def test_the_chat_answers_about_an_uploaded_photo_and_finds_photos_for_a_text(
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
        page = open_page(browser, f"{url}/chat", width=1200, height=1000)
        ask(page, "Is there a cat in the picture?", samples / "chelsea.png")
        reply = page.get_by_test_id("stChatMessage").last
        expect(reply).to_contain_text("yes", ignore_case=True)
        ask(page, "Find my photos of a motorcycle")
        expect(page.get_by_test_id("stChatMessage").last).to_contain_text("[2]")
        keep(page, "chat")
        ask(page, "Find my photos of a cat")
        reply = page.get_by_test_id("stChatMessage").last
        expect(reply).to_contain_text("[1] a cat")
        assert reply.locator("img").first.get_attribute("alt") == "chelsea.png"
        page.close()
