"""An answer in a real Chromium: stopped, reloaded in the middle, asked anew, edited, exported."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from app_server import app_server
from chromium import keep, open_page, settle
from fake_model_server import DONE, FakeServer, event, fake_server
from playwright.sync_api import Browser, Page, expect
from test_accessibility import ours
from test_browser import ask, browser, pytestmark, red, url

from ui.settings import Settings

__all__ = ["browser", "pytestmark", "red", "url"]

expect.set_options(timeout=60_000)  # the first reply waits for openai to be imported


@dataclass
class Slow:
    """An app whose model says "It is a" and then waits for the gate to be opened."""

    url: str
    model: FakeServer
    gate: threading.Event


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    gate = threading.Event()

    def wait() -> None:
        gate.wait(300)

    with fake_server() as model:
        model.body = [
            event("It is "),
            event("a "),
            wait,
            event("red wall."),
            event(None, "stop"),
            DONE,
        ]
        settings = Settings(tmp_path / "none", "fake", model.name)
        try:
            with app_server(settings, tmp_path) as url:
                yield Slow(url, model, gate)
        finally:
            gate.set()


def begin(page: Page, words: str, *photos: Path) -> None:
    """Send a message without waiting for the reply."""
    if photos:
        page.locator('[data-testid="stChatInput"] input[type="file"]').set_input_files(photos)
        expect(page.get_by_text(photos[-1].name)).to_be_visible()
    box = page.get_by_placeholder("Ask about a photo")
    box.fill(words)
    expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()
    box.press("Enter")


def images_sent(model: FakeServer) -> int:
    return json.dumps(model.requests[-1]).count("data:image/")


def test_an_answer_is_stopped_reloaded_in_the_middle_asked_anew_edited_and_exported(
    browser: Browser, slow: Slow, red: Path
) -> None:
    page = open_page(browser, f"{slow.url}/chat")
    reply = page.get_by_test_id("stChatMessage").last
    begin(page, "which colour?", red)
    expect(reply).to_contain_text("It is a")
    assert page.locator(".st-key-doing").get_attribute("role") == "status"
    keep(page, "chat-answering")
    page.keyboard.press("Escape")
    expect(page.get_by_text("stopped before its end")).to_be_visible()
    expect(reply).to_contain_text("It is a")
    said = page.get_by_test_id("live-region")
    expect(said).to_have_text("Answer 1 was stopped. What was said is kept.")
    page.wait_for_function("document.activeElement.placeholder?.startsWith('Ask about')")

    page.get_by_role("button", name="Answer again").click()
    expect(page.locator(".st-key-stop button")).to_be_visible()
    expect(reply).to_contain_text("It is a")
    other = open_page(browser, page.url)  # a second window looks on
    expect(other.get_by_text("This answer is still being given.")).to_be_visible()
    page.reload()
    expect(other.get_by_text("stopped before its end")).to_be_visible()
    other.close()
    expect(page.get_by_text("stopped before its end")).to_be_visible()
    expect(page.get_by_alt_text("Your photo: mine.png")).to_be_visible()
    expect(reply).to_contain_text("It is")  # what was stored when the model fell silent

    slow.gate.set()
    page.get_by_role("button", name="Answer again").click()
    expect(reply).to_contain_text("It is a red wall.")
    expect(page.get_by_test_id("live-region")).to_have_text("Answer 1: It is a red wall.")
    settle(page)

    ask(page, "how large is it?")
    assert images_sent(slow.model) == 1
    page.get_by_role("button", name="Edit question").click()
    page.get_by_label("Your question").fill("how wide is it?")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_test_id("stChatMessage").nth(2)).to_contain_text("how wide")
    expect(reply).to_contain_text("red wall.")
    settle(page)
    assert ours(page) == []

    page.get_by_role("button", name="Export and more").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.namelist() == ["which colour.md", "images/added-1.jpg"]
        assert "how wide is it\\?" in archive.read("which colour.md").decode()
    page.close()
