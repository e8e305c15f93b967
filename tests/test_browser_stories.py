"""What people come for, in a real Chromium: photos picked, pasted and dropped, another model asked,
indexing stopped, copies seen side by side."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import app_server
from chromium import open_page, settle
from drawn_scenes import scene
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from test_browser import ask, browser, pytestmark, search, url

from ui.settings import Settings

__all__ = ["browser", "pytestmark", "url"]

HAND_OVER = """(element, [kind, name, base64]) => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, {type: "image/png"}));
    const event = kind === "paste"
        ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
    element.dispatchEvent(event);
}"""


def hand_over(page: Page, kind: str, colour: str, folder: Path) -> None:
    """Paste a photo into the chat's field, or drop it there, as the system would."""
    path = folder / f"{kind}-{colour}.png"
    Image.new("RGB", (320, 240), colour).save(path)
    data = base64.b64encode(path.read_bytes()).decode()
    if kind == "drop":
        page.locator("body").evaluate(HAND_OVER, ["dragover", path.name, data])
        zone = page.get_by_text("Drag and drop files here").locator("xpath=preceding-sibling::*[1]")
    else:
        zone = page.get_by_placeholder("Ask about a photo")
    zone.evaluate(HAND_OVER, [kind, path.name, data])
    expect(page.get_by_text(path.name)).to_be_visible()


def test_photos_are_picked_pasted_and_dropped_and_another_model_goes_on(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    page = open_page(browser, url)
    search(page, "red")
    page.get_by_role("button", name="Ask about this").first.click()
    settle(page)
    page.get_by_role("link", name="Chat").click()
    expect(page.get_by_alt_text("Asked about next: red.png")).to_be_visible()
    ask(page, "which colour?")
    expect(page.get_by_alt_text("Photo of the library: red.png")).to_be_visible()
    said = page.get_by_test_id("stChatMessage").last
    expect(said.locator(".reply")).to_contain_text("a red picture")

    hand_over(page, "paste", "green", tmp_path)
    hand_over(page, "drop", "blue", tmp_path)
    ask(page, "which colours are these?")
    for name in ("paste-green.png", "drop-blue.png"):
        expect(page.get_by_alt_text(f"Your photo: {name}")).to_be_visible()
    expect(said).to_contain_text("a green picture")
    expect(said).to_contain_text("a blue picture")

    page.get_by_label("Model that answers").click()
    page.get_by_role("option", name="Answered by starter").click()
    settle(page)
    page.get_by_role("button", name="Answer again").click()
    expect(page.get_by_text("starter · first word")).to_be_visible()
    page.close()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Files of one picture that take seconds to decode, each with bytes of its own at its end."""
    folder = tmp_path / "many"
    folder.mkdir()
    scene(0, (4000, 3000)).save(folder / "0.jpg", quality=90)
    photo = (folder / "0.jpg").read_bytes()
    for number in range(1, 300):
        (folder / f"{number}.jpg").write_bytes(photo + b"%d" % number)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    home = tmp_path / "home"
    home.mkdir()
    with app_server(Settings(tmp_path / "library", "fake", "fake"), home) as url:
        yield url


def test_indexing_is_stopped_and_copies_are_seen_side_by_side(
    browser: Browser, empty: str, many: Path
) -> None:
    page = open_page(browser, f"{empty}/library")
    folder = page.get_by_label("Folder with photos on this machine")
    folder.fill(str(many))
    page.get_by_role("button", name="Add photos").click()
    expect(page.get_by_text("photos/s")).to_be_visible()
    page.locator(".st-key-stop_job button").click()
    stopped = page.get_by_text("Stopped; what was done until then is kept.").first
    expect(stopped).to_be_visible()

    settle(page)
    page.get_by_role("button", name="Look for duplicates").click()
    expect(page.get_by_text("Exact copies").or_(page.get_by_text("Copies: ")).first).to_be_visible()
    expect(page.get_by_text("vlm duplicates --move-to FOLDER").first).to_be_visible()
    page.close()
