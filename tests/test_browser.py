"""The app in a real Chromium, as `vlm chat` serves it: fake models and drawn photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_pages import drawn, library_of
from app_server import app_server
from chromium import NOT_FOUND, chromium, find_chromium, keep, open_page, settle
from PIL import Image
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason=NOT_FOUND),
]

expect.set_options(timeout=30_000)

PAGES = ["", "chat", "describe", "review", "library", "models"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    assert executable is not None
    with chromium(executable) as browser:
        yield browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("app")
    photos = folder / "photos"
    photos.mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (640, 480), colour).save(photos / f"{colour}.png")
    with app_server(library_of(photos, folder), folder) as url:
        yield url


@pytest.fixture
def red(tmp_path: Path) -> Path:
    path = tmp_path / "mine.png"
    path.write_bytes(drawn("red", size=(320, 240)))
    return path


def ask(page: Page, words: str, *photos: Path) -> None:
    """Send a message in the chat and wait for the whole reply."""
    replies = page.get_by_test_id("stChatMessage")
    before = replies.count()
    if photos:
        page.locator('[data-testid="stChatInput"] input[type="file"]').set_input_files(photos)
        expect(page.get_by_text(photos[-1].name)).to_be_visible()
    box = page.get_by_placeholder("Ask about a photo")
    box.fill(words)
    expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()  # uploads are through
    box.press("Enter")
    expect(replies).to_have_count(before + 2)
    settle(page)


def search(page: Page, words: str) -> None:
    box = page.get_by_label("What are you looking for?")
    box.fill(words)
    box.press("Enter")
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    settle(page)


def test_words_and_enter_bring_the_photo_they_name(browser: Browser, url: str) -> None:
    page = open_page(browser, url)
    search(page, "red")
    first = page.locator('[class*="st-key-card-"] img').first
    assert first.get_attribute("alt") == "red.png"
    assert first.evaluate("image => image.naturalWidth") > 0
    keep(page, "search")
    page.close()


def test_a_dropped_photo_is_answered_about_and_a_text_finds_photos(
    browser: Browser, url: str, red: Path
) -> None:
    page = open_page(browser, f"{url}/chat")
    ask(page, "which colour?", red)
    expect(page.get_by_alt_text("Your photo: mine.png")).to_be_visible()
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("a red picture of 320 by 240")
    ask(page, "find photos of something blue")
    assert page.locator('[class*="st-key-card-"] img').first.get_attribute("alt") == "blue.png"
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("[1] a blue picture")
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(0)
    page.close()


def test_alternative_texts_are_edited_copied_with_a_key_and_downloaded(
    browser: Browser, url: str, red: Path, tmp_path: Path
) -> None:
    blue = tmp_path / "sea.png"
    blue.write_bytes(drawn("blue"))
    page = open_page(browser, f"{url}/describe")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copied() -> str:
        page.keyboard.press("Alt+Shift+Y")
        expect(page.get_by_text("Copied", exact=True).first).to_be_visible()
        return str(page.evaluate("navigator.clipboard.readText()"))

    page.locator('input[type="file"]').set_input_files([red, blue])
    text = page.get_by_label("Alternative text", exact=True)
    expect(text).to_have_count(2)
    settle(page)
    assert copied() == "A red picture of 320 by 240 pixels."
    page.get_by_role("button", name="Copy the alternative text of sea.png").focus()
    assert copied() == "A blue picture of 64 by 48 pixels."
    text.first.fill("A red wall.")  # and nothing is sent yet
    assert copied() == "A red wall."
    text.first.press("Control+Enter")
    expect(page.get_by_alt_text("A red wall.")).to_be_visible()
    settle(page)
    keep(page, "describe")
    page.get_by_role("button", name="Copy the alternative text of mine.png").press("Enter")
    assert page.evaluate("navigator.clipboard.readText()") == "A red wall."
    with page.expect_download() as download:
        page.get_by_role("button", name="Download alt texts").press("Enter")
    assert "mine.png,A red wall." in download.value.path().read_text(encoding="utf-8-sig")
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_but_this_machine_and_raises_no_error(
    browser: Browser, url: str, path: str, red: Path
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("pageerror", lambda error: errors.append(error.message))
    page.goto(f"{url}/{path}")
    settle(page)
    if path == "":
        search(page, "red")
    elif path == "chat":
        ask(page, "which colour?", red)
        ask(page, "find photos of something blue")
    own = (url, url.replace("http", "ws"), "data:", "blob:")
    assert [address for address in asked if not address.startswith(own)] == []
    assert errors == []
    page.close()


def test_a_file_name_cannot_become_markup(browser: Browser, url: str, tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)> **bold** [a](http:x).png"
    (tmp_path / name).write_bytes(drawn("green"))
    page = open_page(browser, f"{url}/describe")
    page.locator('input[type="file"]').set_input_files([tmp_path / name])
    expect(page.get_by_role("heading", level=2)).to_have_text(name)
    assert page.locator("h2 img, h2 a, h2 strong").count() == 0
    page.close()
