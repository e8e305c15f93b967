"""Conversations in a real Chromium: kept, found, renamed, opened again, exported and deleted."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from app_pages import drawn, library_of
from app_server import app_server
from chromium import keep, open_page, settle
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from test_accessibility import ours
from test_browser import ask, browser, pytestmark

__all__ = ["browser", "pytestmark"]

expect.set_options(timeout=60_000)


@dataclass
class App:
    """A served app whose folders the test can look into."""

    url: str
    photos: Path
    conversations: Path

    def stored(self) -> bytes:
        """All that is in the file of conversations and its journal."""
        files = self.conversations.parent.glob(f"{self.conversations.name}*")
        return b"".join(file.read_bytes() for file in files)


@pytest.fixture
def app(tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    file = tmp_path / "kept" / "conversations.db"
    monkeypatch.setenv("VLM_CONVERSATIONS", str(file))
    with app_server(library_of(photos, tmp_path), tmp_path) as url:
        yield App(url, photos, file)


def message(page: Page, name: str) -> Locator:
    """A message by what screen readers call it, such as "Answer 2"."""
    return page.get_by_role("group", name=name, exact=True)


def manage(page: Page) -> None:
    page.get_by_role("button", name="Export and more").click()
    expect(page.get_by_role("dialog", name="This conversation")).to_be_visible()
    settle(page)


def exported(page: Page, kind: str) -> zipfile.ZipFile:
    """The archive that a button of the open dialogue gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    assert download.value.suggested_filename == "Two walls.zip"
    return zipfile.ZipFile(download.value.path())


def colour_of(archive: zipfile.ZipFile, name: str) -> str:
    with Image.open(io.BytesIO(archive.read(name))) as image:
        assert image.format == "JPEG" and not image.getexif()
        pixel = image.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def test_a_conversation_is_kept_found_renamed_exported_with_its_images_and_deleted(
    browser: Browser, app: App, tmp_path: Path
) -> None:
    added = [tmp_path / "north.png", tmp_path / "south.png"]
    for path, colour in zip(added, ("blue", "green"), strict=True):
        path.write_bytes(drawn(colour, size=(320, 240)))
    page = open_page(browser, f"{app.url}/chat")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "which colours are these?", *added)
    said = message(page, "Answer 1")
    for told in ("a blue picture", "a green picture", "first word after", "whole answer"):
        expect(said).to_contain_text(told)
    ask(page, "how large are they?")  # about the photos of the turn before
    expect(message(page, "Answer 2")).to_contain_text("a green picture of 320")
    ask(page, "find photos of something red")
    ask(page, "write alt text for it")
    alt = message(page, "Answer 4").locator(".reply").inner_text()
    assert "red picture" in alt
    page.keyboard.press("Alt+Shift+Y")
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == alt
    ask(page, "green **things** <b>here</b>")
    keep(page, "conversation-long")
    address = page.url
    page.context.close()

    page = open_page(browser, f"{app.url}/chat")  # a window that knows nothing of the other
    expect(page.get_by_role("heading", name="Ask about a photo")).to_be_visible()
    words = page.get_by_label("Search conversations")
    words.fill("zebra")
    words.press("Enter")
    expect(page.get_by_text("No conversation has these words.")).to_be_visible()
    words.fill("large pict")  # a word of a question, and the beginning of one of an answer
    words.press("Enter")
    page.get_by_role("button", name="which colours are these?", exact=True).click()
    expect(message(page, "Question 5")).to_contain_text("green **things** <b>here</b>")
    assert page.url == address
    for path in added:
        picture = page.get_by_alt_text(f"Your photo: {path.name}")
        expect(picture).to_be_visible()
    manage(page)
    page.get_by_label("Title").fill("Two walls")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Two walls", exact=True)).to_be_visible()

    manage(page)
    assert ours(page) == []
    keep(page, "conversation-dialog")
    with exported(page, "Markdown") as archive:
        names = archive.namelist()
        assert names[0] == "Two walls.md"
        assert [colour_of(archive, name) for name in names[1:3]] == ["blue", "green"]
        cited = names[3:]
        assert cited and all(name.startswith("images/library-") for name in cited)
        markdown = archive.read("Two walls.md").decode()
    assert markdown.startswith("# Two walls\n")
    assert "![north\\.png](images/added-1.jpg)" in markdown
    assert f"![red\\.png]({cited[0]})" in markdown
    assert "green \\*\\*things\\*\\* \\<b\\>here\\<\\/b\\>" in markdown
    assert markdown.count("## Question") == 5
    with exported(page, "JSON") as archive:
        document = json.loads(archive.read("Two walls.json"))
        assert sorted(document["images"].values()) == sorted(archive.namelist()[1:])
        assert colour_of(archive, document["images"][str(app.photos / "red.png")]) == "red"
    assert [each["question"] for each in document["exchanges"]][1] == "how large are they?"
    named = [photo["name"] for photo in document["exchanges"][0]["photos"]]
    assert named == ["north.png", "south.png"]

    assert b"Two walls" in app.stored() and b"\xff\xd8\xff" in app.stored()
    page.get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("live-region")).to_have_text("The conversation was deleted.")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(0)
    left = app.stored()
    said_once = (b"Two walls", b"large", b"things", b"north.png", b"red.png", b"\xff\xd8\xff")
    for words_said in said_once:
        assert words_said not in left
    page.goto(address)
    expect(page.get_by_text("That conversation is no longer there.")).to_be_visible()
    page.close()
