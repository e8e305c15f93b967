"""The Library page in a real Chromium: a folder is indexed, its timeline and map lead to photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import app_server
from chromium import keep, open_page, settle
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from test_accessibility import ours
from test_browser import browser, pytestmark

from ui.services import build_index
from ui.settings import Settings

__all__ = ["browser", "pytestmark"]

COLOUR = "element => getComputedStyle(element).backgroundColor"
PLACES = {"red": (41.0, 12.0), "green": (48.0, 2.0), "blue": (52.0, 13.0)}

LANDS = {"Italy": "red.jpg", "France": "green.jpg", "Germany": "blue.jpg"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photos of three months in three places, and one file that is no photo."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for month, (colour, (north, east)) in enumerate(PLACES.items(), 1):
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = f"2023:0{month}:03 12:00:00"
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (north, 54.0, 0.0), "E", (east, 30.0, 0.0)
        Image.new("RGB", (640, 480), colour).save(folder / f"{colour}.jpg", exif=exif)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff no photo")
    return folder


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The app without a library."""
    home = tmp_path / "home"
    home.mkdir()
    with app_server(Settings(tmp_path / "library", "fake", "fake"), home) as url:
        yield url


def first_hit(page: Page) -> str | None:
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    settle(page)
    return page.locator('[class*="st-key-card-"] img').first.get_attribute("alt")


def test_a_folder_is_indexed_and_its_photos_are_found_by_time_place_and_likeness(
    browser: Browser, url: str, folder: Path
) -> None:
    asked: list[str] = []
    page = open_page(browser, f"{url}/library")
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Folder with photos on this machine").fill(str(folder))
    page.get_by_role("button", name="Add photos").click()
    expect(page.get_by_text("3 photos are new, 1 skipped")).to_have_count(2)  # seen, and said
    page.reload()
    settle(page)
    page.get_by_text("1 file: ").click()
    expect(page.get_by_text(str(folder / "broken.jpg"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the list as CSV").click()
    assert str(folder / "broken.jpg") in download.value.path().read_text("utf-8-sig")
    assert ours(page) == []
    keep(page, "library")
    page.get_by_role("button", name="January 2023: 1 photo").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="February 2023: 1 photo")).to_be_focused()
    page.keyboard.press("Enter")
    assert first_hit(page) == "green.jpg"
    expect(page.get_by_label("What are you looking for?")).to_have_value("taken:2023-02")
    page.get_by_role("button", name="Open green.jpg").press("Enter")
    expect(page.get_by_role("dialog").get_by_text("Taken: 2023-02-03 12:00")).to_be_visible()
    settle(page)
    assert ours(page) == []
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    expect(page.get_by_alt_text("Where you are: green.jpg")).to_be_visible()
    page.get_by_role("link", name="Library").click()
    places = page.get_by_role("group", name="Photos by place").get_by_role("button")
    expect(places).to_have_count(3)
    places.first.focus()
    page.keyboard.press("End")
    expect(places.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(places.nth(1)).to_be_focused()
    where = places.nth(1).get_attribute("aria-label") or ""
    page.keyboard.press("Enter")
    assert first_hit(page) == next(name for land, name in LANDS.items() if f"{land}: 1" in where)
    own = (url, url.replace("http", "ws"), "data:", "blob:")
    assert [address for address in asked if not address.startswith(own)] == []
    page.close()


@pytest.fixture
def indexed(tmp_path: Path, folder: Path) -> Iterator[str]:
    """The app with the photos in its library already."""
    home = tmp_path / "home"
    home.mkdir()
    settings = Settings(tmp_path / "library", "fake", "fake")
    build_index(settings, [folder])
    with app_server(settings, home) as url:
        yield url


def test_the_pages_need_no_sideways_scrolling_on_a_telephone_nor_colours_of_their_own(
    browser: Browser, indexed: str
) -> None:
    for name in ("models", "library"):
        page = open_page(browser, f"{indexed}/{name}", width=390)
        assert ours(page) == []
        block = page.get_by_test_id("stMainBlockContainer")
        too_wide = "block => block.parentElement.scrollWidth - block.parentElement.clientWidth"
        assert block.evaluate(too_wide) == 0
        keep(page, f"{name}-390")
        page.close()
    page = open_page(browser, f"{indexed}/library")
    page.emulate_media(forced_colors="active")
    bar = page.get_by_role("button", name="January 2023: 1 photo").locator("i")
    behind = page.get_by_role("group", name="Photos by time").evaluate(COLOUR)
    assert bar.evaluate(COLOUR) not in (behind, "rgba(0, 0, 0, 0)")
    page.close()
