"""What goes wrong while one chats, in a real Chromium: a model that breaks off, a library that goes
away, an answer that is reloaded as it comes."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_pages import drawn, library_of
from app_server import app_server
from chromium import keep, open_page, settle
from fake_model_server import DONE, GOOD, FakeServer, event, fake_server
from playwright.sync_api import Browser, Locator, Page, expect
from test_accessibility import ours
from test_browser import ask, browser, pytestmark, red
from test_browser_stop import begin

from ui.services import build_index
from ui.settings import Settings

__all__ = ["browser", "pytestmark", "red"]

expect.set_options(timeout=60_000)  # the first reply waits for openai to be imported

USAGE = 'data: {"choices": [], "usage": {"prompt_tokens": 1200, "completion_tokens": 5}}\n\n'
WHOLE = [*GOOD[:-1], USAGE, DONE]


def answer(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Answer {number}", exact=True)


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[tuple[str, FakeServer]]:
    with fake_server() as model:
        settings = Settings(tmp_path / "none", "fake", model.name)
        with app_server(settings, tmp_path) as url:
            yield url, model


def test_a_model_that_stops_in_the_middle_leaves_what_it_said_and_the_chat_goes_on(
    browser: Browser, remote: tuple[str, FakeServer], red: Path
) -> None:
    url, model = remote
    model.body = [event("It is "), event("a wall"), 'data: {"error": {"message": "no memory"}}\n\n']
    page = open_page(browser, f"{url}/chat")
    ask(page, "which colour?", red)
    expect(answer(page, 1)).to_contain_text("It is a wall")
    expect(answer(page, 1)).to_contain_text("broke off before its end. What was said is kept.")
    expect(answer(page, 1)).to_contain_text("no memory")
    said = page.get_by_test_id("live-region")
    expect(said).to_contain_text("Answer 1 broke off before its end: It is a wall")
    assert ours(page) == []
    keep(page, "chat-broken")

    model.length = 100_000  # more than comes: the connection is cut
    model.body = [event("A gr")]
    ask(page, "how large is it?")
    expect(answer(page, 2)).to_contain_text("A gr")
    expect(answer(page, 2)).to_contain_text("broke off before its end")
    model.length, model.body = None, list(WHOLE)
    page.get_by_role("button", name="Answer again").click()
    expect(answer(page, 2)).to_contain_text("a red barn")
    expect(answer(page, 2)).to_contain_text("1,200 tokens read, 5 written")
    expect(answer(page, 2)).not_to_contain_text("broke off")
    settle(page)
    assert page.evaluate("document.activeElement !== document.body")  # the focus is not lost

    ask(page, "and its roof?")
    expect(answer(page, 3)).to_contain_text("a red barn")
    page.reload()
    settle(page)
    expect(answer(page, 1)).to_contain_text("broke off before its end")
    expect(answer(page, 3)).to_contain_text("a red barn")
    page.close()


def test_a_library_that_is_deleted_while_the_chat_is_open_is_told_in_plain_words(
    browser: Browser, photos: Path, red: Path, tmp_path: Path
) -> None:
    settings = library_of(photos, tmp_path)
    crash = '[data-testid="stException"]'
    with app_server(settings, tmp_path) as url:
        page = open_page(browser, f"{url}/chat")
        more = tmp_path / "more"
        more.mkdir()
        for number in range(150):
            (more / f"{number}.png").write_bytes(drawn("blue", size=(300 + number, 200)))
        indexing = threading.Thread(target=build_index, args=(settings, [more]))
        indexing.start()
        try:
            ask(page, "find photos of something red")
            expect(answer(page, 1)).to_contain_text("[1] a red picture")
        finally:
            indexing.join()
        ask(page, "how many photos of something blue do I have?")
        expect(answer(page, 2)).to_contain_text("151")

        page.get_by_role("button", name="[1] Open photo red.png").click()
        dialog = page.get_by_role("dialog", name="Photo 1: red.png")
        expect(dialog.get_by_alt_text("red.png")).to_be_visible()
        shutil.rmtree(settings.library)
        dialog.get_by_role("button", name="Ask about this photo").click()
        expect(dialog).to_have_count(0)
        ask(page, "which colour?")
        assert page.locator(crash).count() == 0
        expect(answer(page, 3)).to_contain_text("library")
        ask(page, "find photos of something green")
        expect(answer(page, 4)).to_contain_text("There is no photo library")
        ask(page, "which colour is mine?", red)
        expect(answer(page, 5)).to_contain_text("a red picture of 320 by 240")
        page.get_by_role("button", name="[1] Open photo red.png").first.click()
        expect(dialog).to_contain_text("no photo library here")
        expect(dialog.get_by_alt_text("red.png")).to_be_visible()  # the photo is still there
        settle(page)
        keep(page, "chat-library-gone")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        assert page.locator(crash).count() == 0
        page.close()


def test_the_starters_answers_survive_a_reload_in_two_windows_of_one_conversation(
    browser: Browser, red: Path, tmp_path: Path
) -> None:
    with app_server(Settings(tmp_path / "none", "fake", "starter"), tmp_path) as url:
        page = open_page(browser, f"{url}/chat")
        ask(page, "what colour is it?", red)
        whole = answer(page, 1).locator('[data-testid="stText"]').first.inner_text()
        other = open_page(browser, page.url)
        expect(answer(other, 1)).to_contain_text(whole)
        page.get_by_role("button", name="Answer again").click()
        page.reload()  # before, while or after it is answered
        settle(page)
        broken_off = page.get_by_text("stopped before its end")
        expect(broken_off.or_(page.get_by_text("whole answer"))).to_be_visible()
        if broken_off.count():
            page.get_by_role("button", name="Answer again").click()
        expect(answer(page, 1)).to_contain_text(whole)
        settle(page)
        ask(page, "is it a cat?")
        begin(other, "is it a dog?")
        expect(answer(other, 3)).to_contain_text("whole answer")  # and what the other was told
        for window in (page, other):
            window.reload()
            settle(window)
            questions = window.get_by_role("group", name="Question ")
            expect(questions).to_contain_text(["what colour", "is it a cat?", "is it a dog?"])
            expect(window.get_by_text("whole answer")).to_have_count(3)
            window.close()
