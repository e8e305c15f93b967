"""Reading aloud in a real Chromium, with a fake voice that keeps what it is given to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chromium import settle
from playwright.sync_api import Browser, Page, expect
from test_browser import browser, pytestmark, red, url

from ui.speech.espeak import speaker

__all__ = ["browser", "pytestmark", "red", "url"]

FAKE_SPEECH = Path(__file__).with_name("fake_speech.js")
NO_SPEECH = "delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"
ALT = "A red picture of 320 by 240 pixels."


def described(
    browser: Browser, url: str, photo: Path, *, script: str = "", fake: bool = True
) -> Page:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    if fake:
        page.add_init_script(path=FAKE_SPEECH)
    page.add_init_script(script)
    page.goto(f"{url}/describe")
    settle(page)
    page.locator('input[type="file"]').set_input_files([photo])
    expect(page.get_by_label("Alternative text", exact=True)).to_have_value(ALT)
    settle(page)
    return page


def said(page: Page) -> Any:
    return page.evaluate("fakeSpeech.said")


def test_a_text_is_read_sentence_by_sentence_paused_and_stopped(
    browser: Browser, url: str, red: Path
) -> None:
    page = described(browser, url, red)
    box = page.get_by_label("Alternative text", exact=True)
    box.fill("A <b>red</b> wall. It is old.")
    box.press("Control+Enter")
    expect(page.get_by_alt_text("A <b>red</b> wall. It is old.")).to_be_visible()
    settle(page)
    button = page.get_by_role("button", name="Read aloud: alternative text")
    button.press("Enter")
    page.wait_for_function("fakeSpeech.said.length === 1")
    page.get_by_role("button", name="Pause: alternative text").press("Enter")
    page.get_by_role("button", name="Resume: alternative text").press("Enter")
    page.wait_for_function("fakeSpeech.said.length === 2")
    page.evaluate("fakeSpeech.finish()")
    assert said(page) == [
        ["A <b>red</b> wall.", "Own"],  # text and no markup, and never the voice of a server
        ["A <b>red</b> wall.", "Own"],
        ["It is old.", "Own"],
    ]
    page.get_by_role("button", name="Stop: alternative text").press("Enter")
    expect(button).to_be_focused()
    expect(page.get_by_role("button", name="Stop: alternative text")).to_be_hidden()
    button.press("Enter")
    page.wait_for_function("fakeSpeech.said.length === 4")
    page.get_by_role("button", name="Read aloud: caption").press("Enter")  # one voice at a time
    expect(button).to_be_visible()
    page.wait_for_function("fakeSpeech.said.length === 5")
    page.get_by_role("link", name="Search").click()
    settle(page)
    assert page.evaluate("fakeSpeech.now") is None
    page.close()


def test_where_the_browser_cannot_speak_it_is_said(browser: Browser, url: str, red: Path) -> None:
    page = described(browser, url, red, script=NO_SPEECH, fake=False)
    expect(
        page.get_by_text("Reading aloud is not available in this browser.").first
    ).to_be_visible()
    page.close()


def test_the_text_of_a_server_voice_is_never_sent(browser: Browser, url: str, red: Path) -> None:
    page = described(browser, url, red, script="fakeSpeech.voices.pop()")
    page.get_by_role("button", name="Read aloud: caption").press("Enter")
    expect(page.get_by_text("This browser has no voice of its own")).to_be_visible()
    assert said(page) == []
    page.close()


@pytest.mark.skipif(speaker() is None, reason="espeak-ng is not installed")
def test_a_spoken_text_is_downloaded(browser: Browser, url: str, red: Path) -> None:
    page = described(browser, url, red)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as WAV").first.click()
    assert download.value.path().read_bytes().startswith(b"RIFF")
    page.close()
