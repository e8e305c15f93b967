"""Each page in use in every mode of the display: enlarged, spaced out, narrow, still, dark, forced.

One load of a page serves all of them, since a browser can change its mode while it shows a page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from app_pages import library_of
from app_server import app_server
from chromium import keep, open_page, settle
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from test_accessibility import ours
from test_browser import PAGES, ask, browser, pytestmark, red, search
from test_browser_keyboard import walk

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Draft

__all__ = ["browser", "pytestmark", "red"]

CUT_OFF = Path(__file__).with_name("cut_off.js").read_text(encoding="utf-8")
MOVING = Path(__file__).with_name("moving.js").read_text(encoding="utf-8")

SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; }
* { word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
"""WCAG 2.2, 1.4.12; what is in shadow roots of components is spaced as the page says."""

SIDEWAYS = """() => {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]').parentElement;
  const all = [main, document.documentElement];
  return all.some(each => each.scrollWidth > each.clientWidth);
}"""

DRAWN = (
    '[data-testid="stCheckbox"] label > div:not([data-testid])',
    '[data-testid="stProgressBarTrack"]',
    '[data-testid="stRadioOption"] > div > div:first-child',
)
"""What has no words: it is seen by its lines only."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with a library of three photos that have texts to be reviewed."""
    folder = tmp_path_factory.mktemp("modes")
    photos = folder / "photos"
    photos.mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (640, 480), colour).save(photos / f"{colour}.png")
    settings = library_of(photos, folder)
    with closing(Catalogue(settings.library)) as catalogue:
        for content in catalogue.contents():
            draft = Draft("A wall.", extended="A wall, seen from the front. It is all there is.")
            catalogue.put_draft(content.hash, "fake", "fake-1 alt_text en", draft)
    with app_server(settings, folder) as url:
        yield url


def in_use(browser: Browser, url: str, path: str, photo: Path) -> Page:
    page = open_page(browser, f"{url}/{path}")
    if path == "":
        search(page, "red")
    elif path == "chat":
        ask(page, "which colour?", photo)
        expect(page.get_by_role("button", name="Read aloud: answer 1")).to_be_visible()
        settle(page)  # what was said while it was made fades out
    elif path == "describe":
        page.locator('input[type="file"]').set_input_files([photo])
        expect(page.get_by_label("Alternative text", exact=True)).to_be_visible()
        page.get_by_role("switch", name="Describe what the camera sees").press("Space")
        expect(page.get_by_role("button", name="Describe now")).to_be_enabled()
        settle(page)
    elif path == "review":
        expect(page.get_by_label("Extended description", exact=True)).to_be_visible()
    return page


def colours(element: Locator) -> set[object]:
    """The colours of what is drawn there, those of the edges of letters left out."""
    with Image.open(io.BytesIO(element.screenshot())) as image:
        pixels = image.width * image.height
        counted = image.convert("RGB").getcolors(pixels) or []
        return {colour for number, colour in counted if number * 50 >= pixels}


def unseen_where_colours_are_forced(page: Page) -> list[str]:
    """Controls without words that cannot be told from the page, and choices from each other."""
    unseen = []
    for selector in DRAWN:
        shown = [each for each in page.locator(selector).all() if each.is_visible()]
        unseen += [selector for each in shown if len(colours(each)) < 2]
    group = page.get_by_test_id("stButtonGroup").first
    chosen, others = (
        group.locator(f"button{which}") for which in ("[data-selected]", ":not([data-selected])")
    )
    if chosen.count() and others.count() and colours(chosen.first) == colours(others.first):
        unseen.append("what is chosen of a group")
    return unseen


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_use_is_whole_in_every_mode_of_the_display(
    browser: Browser, url: str, path: str, red: Path
) -> None:
    page, name = in_use(browser, url, path, red), path or "search"
    assert page.evaluate(MOVING) != []  # else this finds nothing at all
    page.emulate_media(reduced_motion="reduce")
    found = {"moving": page.evaluate(MOVING)}

    page.emulate_media(color_scheme="dark")
    found["dark"] = ours(page)
    page.emulate_media(color_scheme="dark", forced_colors="active")
    settle(page)
    keep(page, f"{name}-forced-colours")
    found["unseen"] = unseen_where_colours_are_forced(page)
    page.evaluate("document.activeElement.blur()")
    names, reached, unseen = walk(page)
    found["unseen focus"] = unseen
    found["not reached"] = [each for n, each in enumerate(names) if n not in reached]
    page.emulate_media(color_scheme="light", forced_colors="none")

    for width, height in ((640, 450), (320, 512)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        keep(page, f"{name}-{width}")
        found[f"cut off at {width}"] = page.evaluate(CUT_OFF)
        found[f"sideways at {width}"] = [width] if page.evaluate(SIDEWAYS) else []
    page.add_style_tag(content=SPACED)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        found[f"cut off, spaced out at {width}"] = page.evaluate(CUT_OFF)
        found[f"sideways, spaced out at {width}"] = [width] if page.evaluate(SIDEWAYS) else []
    assert {what: where for what, where in found.items() if where} == {}
    page.close()
