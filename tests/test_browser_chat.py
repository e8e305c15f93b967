"""Citations and keys of the Chat page in a real Chromium."""

from __future__ import annotations

from chromium import keep, open_page, settle
from playwright.sync_api import Browser, expect
from test_accessibility import ours
from test_browser import ask, browser, pytestmark, red, url

__all__ = ["browser", "pytestmark", "red", "url"]

expect.set_options(timeout=60_000)  # the first reply waits for openai to be imported

COPIED = "navigator.clipboard.readText().then(text => text.includes('[1]'))"


def test_a_citation_is_opened_by_keyboard_and_an_answer_copied_with_a_key(
    browser: Browser, url: str
) -> None:
    page = open_page(browser, f"{url}/chat")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "find photos of something red")
    page.keyboard.press("Alt+Shift+Y")
    page.wait_for_function(COPIED)
    page.get_by_role("button", name="[1] Open photo red.png").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_alt_text("red.png")).to_be_visible()
    expect(dialog).to_contain_text("red.png")
    settle(page)
    assert ours(page) == []
    keep(page, "chat-cited-photo")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    block = page.get_by_test_id("stMainBlockContainer")
    too_wide = "block => block.parentElement.scrollWidth - block.parentElement.clientWidth"
    assert block.evaluate(too_wide) == 0
    keep(page, "chat-narrow")
    page.close()
