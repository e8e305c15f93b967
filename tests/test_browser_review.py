"""The Review page in a real Chromium, by keyboard alone, with axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from app_pages import library_of
from app_server import app_server
from chromium import keep, open_page, settle
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from test_accessibility import ours
from test_browser import browser, pytestmark
from test_browser_speech import FAKE_SPEECH, said

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Draft
from ui.settings import Settings

__all__ = ["browser", "pytestmark"]

COLOURS = ("red", "green", "blue", "white", "black")
MARKUP = '<img src=x onerror="document.title = 1"> **bold**'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A library of five photos whose texts wait in the order of `COLOURS`."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for colour in COLOURS:
        Image.new("RGB", (640, 480), colour).save(photos / f"{colour}.png")
    settings = library_of(photos, tmp_path)
    with closing(Catalogue(settings.library)) as catalogue:
        for content in catalogue.contents():
            place = COLOURS.index(content.path.stem)
            catalogue.put_draft(content.hash, "fake", "alt 1", Draft(f"A {COLOURS[place]} wall."))
            catalogue._db.execute(
                "UPDATE alt_draft SET made_at = ? WHERE hash = ?", (str(place), content.hash)
            )
    return settings


@pytest.fixture
def url(settings: Settings, tmp_path: Path) -> Iterator[str]:
    with app_server(settings, tmp_path) as url:
        yield url


def say(page: Page, text: str) -> None:
    """The live region says so."""
    expect(page.get_by_role("status").filter(has_text=text)).to_have_count(1)
    settle(page)


def accepted(settings: Settings) -> list[str]:
    with closing(Catalogue(settings.library)) as catalogue:
        return [note.value for _, note in catalogue.accepted()]


def test_the_queue_is_worked_through_with_the_keyboard_alone(
    browser: Browser, url: str, settings: Settings
) -> None:
    page = open_page(browser, f"{url}/review")
    region = page.get_by_test_id("live-region")
    say(page, "5 left. Next: red.png.")
    region.evaluate("region => region.dataset.mark = 'the same'")
    assert ours(page) == []
    keep(page, "review")

    text = page.get_by_label("Alternative text", exact=True)
    text.focus()
    page.keyboard.press("End")
    page.keyboard.type(" Dads axis")  # with every letter that is a shortcut elsewhere
    expect(text).to_have_value("A red wall. Dads axis")
    page.keyboard.press("Tab")
    expect(page.get_by_text("21 of 125 characters")).to_be_visible()
    say(page, "5 left.")
    accept = page.get_by_role("button", name="Accept")
    expect(accept).to_be_focused()
    page.keyboard.press("Enter")
    say(page, "Accepted with your changes. 4 left. Next: green.png.")
    assert region.get_attribute("data-mark") == "the same"  # else nothing would be said aloud
    expect(accept).to_be_focused()

    page.keyboard.press("s")
    say(page, "Skipped. 4 left. Next: blue.png.")
    page.keyboard.press("d")
    say(page, "Marked as decorative. 3 left. Next: white.png.")
    page.keyboard.press("x")
    say(page, "Rejected. 2 left. Next: black.png.")
    page.keyboard.press("a")
    say(page, "Accepted. 1 left. Next: green.png.")
    assert accepted(settings) == ["A red wall. Dads axis", "", "A black wall."]

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").press("Enter")
    assert "black.png,A black wall.," in download.value.path().read_text(encoding="utf-8-sig")

    page.add_init_script(path=FAKE_SPEECH)
    page.reload()
    say(page, "1 left. Next: green.png.")
    page.get_by_role("button", name="Read aloud: alternative text").press("Enter")
    page.wait_for_function("fakeSpeech.said.length === 1")
    assert said(page) == [["A green wall.", "Own"]]
    page.get_by_role("button", name="Stop: alternative text").press("Enter")
    page.get_by_text("Shortcuts:").click()
    settle(page)
    page.keyboard.press("a")
    settle(page)
    say(page, "1 left. Next: green.png.")
    assert len(accepted(settings)) == 3
    page.close()


def test_words_of_a_model_cannot_become_markup_and_a_narrow_page_has_no_violation(
    browser: Browser, url: str, settings: Settings
) -> None:
    with closing(Catalogue(settings.library)) as catalogue:
        (digest, _) = catalogue.waiting()[0]
        catalogue.put_draft(digest, "fake", "alt 1", Draft(MARKUP, verdict="review"))
    page = open_page(browser, f"{url}/review", width=400)
    expect(page.get_by_text("Check this one")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert ours(page) == []
    block = page.get_by_test_id("stMainBlockContainer")
    too_wide = "block => block.parentElement.scrollWidth - block.parentElement.clientWidth"
    assert block.evaluate(too_wide) == 0
    keep(page, "review-400")
    page.close()
