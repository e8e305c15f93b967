"""Files that are no good, odd or many, added in a real Chromium on the Describe and Chat pages."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from app_pages import drawn
from app_server import app_process
from chromium import keep, open_page, settle
from odd_files import odd_files
from playwright.sync_api import Browser, Page, expect
from test_accessibility import ours
from test_browser import browser, pytestmark

from ui.settings import Settings
from ui.uploads import MAX_PHOTOS

__all__ = ["browser", "pytestmark"]

REFUSED = {
    "corrupt.jpg": r"damaged or incomplete .*Copy it again",
    "huge.png": r"300\.0 megapixels are more than the limit of 200.*add a smaller copy",
    "drawing.svg": r"not an image: it holds a drawing \(SVG\).*save this as PNG first",
    "tricky.png": r"not an image: it holds a drawing \(SVG\).*save this as PNG first",
    "empty.jpg": r"the file is empty.*Copy it again",
    "diary.jpg": r"not an image: it holds text.*Add a photo",
}
"""What is said of each file that is refused."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's, with its folder for temporary files."""
    home = tmp_path_factory.mktemp("uploads")
    (home / "tmp").mkdir()
    return home


@dataclass(frozen=True)
class Server:
    """Where the app is found, and its process."""

    url: str
    process: int

    def peak(self) -> int:
        """The most memory that it ever had, in MB; 0 where Linux does not tell."""
        status = Path(f"/proc/{self.process}/status")
        told = status.read_text(encoding="utf-8") if status.exists() else ""
        return sum(int(kilobytes) >> 10 for kilobytes in re.findall(r"VmHWM:\s*(\d+)", told))


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(home / "tmp"))
        with app_process(Settings(home / "none", "fake", "fake"), home) as (url, process):
            yield Server(url, process.pid)


@pytest.fixture
def url(server: Server) -> str:
    return server.url


def add(page: Page, *files: Path) -> None:
    page.locator('input[type="file"]').first.set_input_files(files)


def assert_kept(page: Page, url: str, kept: bool) -> None:
    """Whether the server holds files as they came; Streamlit counts them every five seconds."""
    for _ in range(80):
        with urllib.request.urlopen(f"{url}/_stcore/metrics", timeout=30) as answer:
            told = answer.read().decode()
        held = re.findall(r"cache_memory_bytes\{.*UploadedFileManager.*\} (\d+)", told)
        if (sum(map(int, held)) > 0) is kept:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"uploaded files: {held}")


def assert_each_is_told(page: Page, home: Path) -> None:
    for name, told in REFUSED.items():
        line = page.get_by_role("alert").filter(has_text=name)
        expect(line).to_have_count(1)
        expect(line).to_have_text(re.compile(rf"{re.escape(name)}: {told}"))
    assert page.evaluate("window.ran") is None
    assert page.locator("svg script, svg[onload]").count() == 0
    assert "Traceback" not in (home / "server.log").read_text(encoding="utf-8")


def test_odd_files_are_told_one_by_one_and_the_good_ones_are_described(
    browser: Browser, server: Server, home: Path, tmp_path: Path
) -> None:
    page = open_page(browser, f"{server.url}/describe")
    files = odd_files(tmp_path)
    add(page, files["good.png"])
    expect(page.get_by_role("heading", level=2)).to_have_text(["good.png"])
    settle(page)
    before = server.peak()
    page.get_by_role("button", name="Remove all").press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_count(0)
    settle(page)
    add(page, *files.values())
    headings = page.get_by_role("heading", level=2)
    expect(headings).to_have_text(["phone.heic", "moving.gif", "large.png", "good.png"])
    settle(page)
    assert_each_is_told(page, home)
    expect(page.get_by_text("Only the first one is used.")).to_have_count(1)
    expect(page.get_by_text("added twice as twice.png. It is here once.")).to_have_count(1)
    expect(page.get_by_test_id("live-region")).to_have_text("4 photos described.")
    assert server.peak() - before < 200  # 300 megapixels would need more
    assert_kept(page, server.url, False)
    content = files["large.png"].read_bytes()
    written = [file for file in home.rglob("*") if file.is_file()]
    assert [file for file in written if content in file.read_bytes()] == []
    assert ours(page) == []
    keep(page, "describe-odd-files")
    page.close()


def test_odd_files_in_the_chat_are_told_and_the_good_ones_are_asked_about(
    browser: Browser, url: str, home: Path, tmp_path: Path
) -> None:
    page = open_page(browser, f"{url}/chat")
    files = odd_files(tmp_path)
    add(page, *files.values())
    box = page.get_by_placeholder("Ask about a photo")
    box.fill("which colour?")
    expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()
    assert_kept(page, url, True)  # until the question is sent
    box.press("Enter")
    reply = page.get_by_test_id("stChatMessage").last
    expect(reply).to_contain_text("a green picture")
    expect(reply).to_contain_text("a blue picture")
    settle(page)
    assert_each_is_told(page, home)
    expect(page.get_by_text("moving.gif: The file holds several pictures")).to_have_count(1)
    assert_kept(page, url, False)
    keep(page, "chat-odd-files")
    page.close()


def test_of_fifty_files_at_once_as_many_as_fit_are_described_and_the_others_named(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.png" for number in range(50)]
    for number, file in enumerate(files):
        file.write_bytes(drawn("red", size=(40 + number, 40)))
    page = open_page(browser, f"{url}/describe")
    add(page, *files)
    left_out = page.get_by_role("alert").filter(has_text="Left out: 20.png, 21.png, 22.png and 27")
    expect(left_out).to_have_count(1)
    expect(page.get_by_role("heading", level=2)).to_have_count(MAX_PHOTOS)
    settle(page)
    page.get_by_role("button", name="Remove all").press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_count(0)
    expect(page.get_by_test_id("live-region")).to_have_text("All photos are removed.")
    expect(page.get_by_test_id("stFileUploader").get_by_role("button").last).to_be_focused()
    page.close()
