"""Citations and keys of the Chat page in a real Chromium."""

from __future__ import annotations

from chromium import keep, open_page, settle
from playwright.sync_api import Browser, Page, expect
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


FOCUSED = """() => {
    const at = document.activeElement;
    return at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || '';
}"""

MESSAGES = """
- heading "Chat with your photos" [level=1]
- button "Export and more"
- group "Question 1":
  - heading "Question 1" [level=2]
  - text: find photos of something red
- group "Answer 1":
  - heading "Answer 1" [level=2]
  - paragraph:
    - text: "I found 1 photo that matches:"
    - button "[1] Open photo red.png"
    - text: a red picture of 640 by 480 pixels.
  - img "red.png"
  - button "[1] red.png"
  - button "Copy answer 1"
"""


def focused(page: Page) -> str:
    """What has the focus, by its name."""
    name: str = page.evaluate(FOCUSED)
    return name.split("\n")[-1].strip()


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(80):
        page.keyboard.press(key)
        if focused(page) == name:
            return
    raise AssertionError(f"{key} never came to {name!r}")


def test_the_chat_is_used_by_keyboard_and_each_message_says_whose_it_is(
    browser: Browser, url: str
) -> None:
    page = open_page(browser, f"{url}/chat")
    dialog = page.get_by_role("dialog")
    message = "Ask about a photo, or search your library"
    tab_to(page, message)
    page.keyboard.type("find photos of something red")
    page.keyboard.press("Enter")
    expect(page.get_by_text("whole answer")).to_be_visible()
    settle(page)
    expect(page.get_by_role("main")).to_match_aria_snapshot(MESSAGES)
    assert focused(page) == message

    tab_to(page, "[1] Open photo red.png", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_have_accessible_name("Photo 1: red.png")
    tab_to(page, "Ask about this photo")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="[1] Open photo red.png")).to_be_focused()

    tab_to(page, "Edit question")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("find photos of something blue")
    tab_to(page, "Ask again")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("live-region")).to_contain_text("a blue picture")
    expect(page.get_by_placeholder("Ask about a photo")).to_be_focused()

    tab_to(page, "Export and more", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_have_accessible_name("This conversation")
    tab_to(page, "Title")
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Export and more")).to_be_focused()

    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    tab_to(page, "Delete\u2026")
    page.keyboard.press("Enter")
    tab_to(page, "Delete for good")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("live-region")).to_have_text("The conversation was deleted.")
    expect(page.get_by_placeholder("Ask about a photo")).to_be_focused()
    page.close()
