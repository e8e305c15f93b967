"""A photographer at work on the Search page, in a real Chromium: to and fro, large, taken along."""

from __future__ import annotations

import io
import zipfile

from chromium import keep, open_page, settle
from playwright.sync_api import Browser, Page, expect
from test_accessibility import ours
from test_browser import browser, pytestmark, search, url

__all__ = ["browser", "pytestmark", "url"]


def first(page: Page) -> str | None:
    settle(page)
    return page.locator('[class*="st-key-card-"] img').first.get_attribute("alt")


def test_searches_are_gone_back_to_shared_and_kept_when_the_page_is_reloaded(
    browser: Browser, url: str
) -> None:
    page = open_page(browser, url)
    search(page, "red")
    assert page.url == f"{url}/?q=red"
    expect(page).to_have_title("red · Search · vlm-assistant")
    search(page, "blue")
    expect(page.get_by_alt_text("blue.png")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("What are you looking for?")).to_have_value("red")
    assert first(page) == "red.png"
    page.get_by_role("button", name="More like this").first.click()
    expect(page.get_by_alt_text("Where you are: red.png")).to_be_visible()
    expect(page.get_by_role("button", name="Back")).to_be_focused()
    page.go_back()
    expect(page.get_by_alt_text("Where you are: red.png")).to_have_count(0)
    page.get_by_role("link", name="Models").click()
    expect(page).to_have_title("Models · vlm-assistant")
    page.get_by_role("link", name="Search").click()
    assert first(page) == "red.png"
    expect(page).to_have_url(f"{url}/?q=red")
    page.reload()
    assert first(page) == "red.png"
    page.close()


def test_photos_are_looked_at_one_after_the_other_and_taken_along(
    browser: Browser, url: str
) -> None:
    page = open_page(browser, f"{url}/?q=in:photos")
    page.get_by_role("button", name="Open blue.png").press("Enter")
    dialogue = page.get_by_role("dialog")
    expect(dialogue.get_by_alt_text("blue.png")).to_be_visible()
    settle(page)
    page.keyboard.press("ArrowRight")
    expect(dialogue.get_by_text("2 of 3", exact=True)).to_be_visible()
    expect(dialogue.get_by_role("status")).to_have_text("green.png, photo 2 of 3")
    settle(page)
    assert ours(page) == []
    keep(page, "photo-large")
    page.keyboard.press("Escape")
    expect(dialogue).to_have_count(0)

    page.get_by_role("button", name="Select all").press("Enter")
    expect(page.get_by_role("button", name="Download")).to_be_focused()
    page.get_by_role("button", name="Clear").press("Enter")
    expect(page.get_by_role("button", name="Select all")).to_be_focused()
    page.get_by_role("checkbox", name="Select green.png").press(" ")
    page.get_by_role("checkbox", name="Select red.png").press(" ")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Photos as a ZIP file").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert sorted(archive.namelist()) == ["green.png", "red.png"]
    settle(page)
    assert ours(page) == []
    keep(page, "search-selected")
    page.close()
