"""Each page by keyboard alone: Tab reaches every control in the order of the page, and it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import open_page
from playwright.sync_api import Browser, Page, expect
from test_browser import PAGES, browser, pytestmark, url

__all__ = ["browser", "pytestmark", "url"]

FOCUS_ORDER = Path(__file__).with_name("focus_order.js").read_text(encoding="utf-8")


def walk(page: Page) -> tuple[list[str], list[int], list[str]]:
    """The controls of a page, the numbers of those that Tab reaches, and unseen focuses."""
    page.evaluate(FOCUS_ORDER)
    names: list[str] = page.evaluate("focusOrder.names")
    for _ in range(len(names) + 5):
        page.keyboard.press("Tab")
        page.wait_for_timeout(60)  # colours change over a few frames
        page.evaluate("focusOrder.note()")
    return names, page.evaluate("focusOrder.reached"), page.evaluate("focusOrder.unseen")


@pytest.mark.parametrize("path", PAGES)
def test_tab_reaches_every_control_in_the_order_of_the_page(
    browser: Browser, url: str, path: str
) -> None:
    page = open_page(browser, f"{url}/{path}")
    names, reached, unseen = walk(page)
    once = list(dict.fromkeys(reached))
    assert [names[n] for n in range(len(names)) if n not in reached] == []
    turned = once.index(min(once))  # the focus may begin in the middle, as in the chat's field
    order = once[turned:] + once[:turned]
    assert order == sorted(order), [names[n] for n in order]
    assert unseen == []
    page.close()


def test_a_photo_is_searched_for_without_a_pointer(browser: Browser, url: str) -> None:
    page = open_page(browser, f"{url}/describe")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim().endsWith('Search')"):
            break
    page.keyboard.press("Enter")
    box = page.get_by_label("What are you looking for?")
    expect(box).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    page.keyboard.type("red")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    page.close()
