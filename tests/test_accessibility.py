"""axe-core in a real Chromium on each page of the app, empty and in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_server import app_server
from axe_playwright_python.sync_playwright import Axe
from chromium import open_page, settle
from playwright.sync_api import Browser, Page, expect
from test_browser import PAGES, ask, browser, pytestmark, red, search, url

from ui.settings import Settings

__all__ = ["browser", "pytestmark", "red", "url"]

STREAMLITS_OWN = {
    # The uploader's drop zone has a role that takes it out of the accessibility tree, and a name:
    # https://github.com/react-dropzone/react-dropzone/pull/1182 gives it the role, and
    # https://github.com/streamlit/streamlit/pull/15928 takes it out of the order of Tab only.
    "presentation-role-conflict": '[data-testid="stFileUploaderDropzone"]',
}
"""Rule to selector of what Streamlit's own widgets do wrong; a test below keeps this list true."""

BARE = """
import streamlit as st

st.title("Bare")
st.file_uploader("Photos", accept_multiple_files=True)
"""


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds: the rule and the element, in its own words."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        (violation["id"], node["html"][:300]) for violation in found for node in violation["nodes"]
    ]


def ours(page: Page) -> list[tuple[str, str]]:
    own = set()
    for rule, selector in STREAMLITS_OWN.items():
        for html in page.locator(selector).evaluate_all("all => all.map(e => e.outerHTML)"):
            own.add((rule, html[:60]))
    return [(rule, html) for rule, html in violations(page) if (rule, html[:60]) not in own]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_just_opened_has_no_violation(
    browser: Browser, url: str, path: str, width: int
) -> None:
    page = open_page(browser, f"{url}/{path}", width=width)
    assert ours(page) == []
    page.close()


def test_search_results_have_no_violation(browser: Browser, url: str) -> None:
    page = open_page(browser, url)
    search(page, "red")
    page.get_by_text("Ways to narrow it down").click()
    settle(page)
    assert ours(page) == []
    page.close()


def test_a_conversation_has_no_violation(browser: Browser, url: str, red: Path) -> None:
    page = open_page(browser, f"{url}/chat")
    ask(page, "which colour?", red)
    ask(page, "find photos of something blue")
    assert ours(page) == []
    page.close()


def test_described_photos_have_no_violation(
    browser: Browser, url: str, red: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a photo")
    page = open_page(browser, f"{url}/describe")
    page.locator('input[type="file"]').set_input_files([red, broken])
    expect(page.get_by_label("Alternative text", exact=True)).to_be_visible()
    settle(page)
    assert ours(page) == []
    page.close()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bare")
    script = folder / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    with app_server(Settings(folder, "fake", "fake"), folder, script) as url:
        yield url


def test_each_listed_exception_is_there_without_us_too(browser: Browser, bare: str) -> None:
    """When this fails, Streamlit has mended something: take it off the list."""
    page = open_page(browser, bare)
    found = {rule for rule, _ in violations(page)}
    assert found >= set(STREAMLITS_OWN)
    page.close()
