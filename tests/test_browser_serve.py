"""The server of other programs in a real browser: its page, and pages that it must not serve."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import keep
from playwright.sync_api import Browser
from serving_library import digest_of, make_library
from test_browser import browser, pytestmark

from ui.settings import Settings

pytest.importorskip("fastapi")

from serving import served

__all__ = ["browser", "pytestmark"]

ASK = "url => fetch(url).then(reply => reply.status, () => 'refused')"
LOOK = """url => new Promise(done => {
    const image = new Image();
    image.onload = () => done('seen');
    image.onerror = () => done('not seen');
    image.src = url;
})"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_library(tmp_path_factory.mktemp("browser_serve"))


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with served(settings) as url:
        yield url


@pytest.fixture
def foreign() -> Iterator[str]:
    """A page of another site."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Another site</title>")

        def log_message(self, *_: Any) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{site.server_address[1]}"
    site.shutdown()
    thread.join()
    site.server_close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_page_about_the_api_can_be_read_by_everybody(
    browser: Browser, url: str, colours: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900}, color_scheme=colours)  # type: ignore[arg-type]
    elsewhere: list[str] = []
    page.on("request", lambda asked: elsewhere.append(asked.url))
    page.goto(f"{url}/docs")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="POST /v1/ask").click()
    assert page.url.endswith("#post-v1-ask")
    assert {asked.partition("#")[0] for asked in elsewhere} <= {f"{url}/docs", f"{url}/favicon.ico"}
    keep(page, f"serve-docs-{colours}")
    page.close()


def test_a_page_of_another_site_reads_and_shows_nothing(
    browser: Browser, url: str, foreign: str, settings: Settings
) -> None:
    search = f"{url}/v1/search?q=red"
    picture = f"{url}/v1/photos/{digest_of(settings, 'red')}/thumbnail"
    page = browser.new_page()
    page.goto(foreign)
    assert page.evaluate(ASK, search) == "refused"
    assert page.evaluate(LOOK, picture) == "not seen"
    page.goto(picture)
    assert page.evaluate("document.images[0].naturalWidth") == 64, "its own address shows it"
    page.close()
