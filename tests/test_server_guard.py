"""The app's server, as `vlm chat` starts it, talks to this machine's own pages only."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from app_server import app_server

from ui.settings import Settings


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[socket.socket]:
    """Where every request to another machine would go: a proxy that nobody should ask."""
    with socket.socket() as proxy, pytest.MonkeyPatch.context() as patch:
        proxy.bind(("127.0.0.1", 0))
        proxy.listen()
        patch.setenv("no_proxy", "127.0.0.1")
        for name in ("http_proxy", "https_proxy"):
            patch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        yield proxy


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, elsewhere: socket.socket) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("guard")
    with app_server(Settings(folder / "library", "fake", "fake"), folder) as url:
        yield url


def open_stream(url: str, **headers: str) -> int:
    """Ask for the websocket over which everything goes; the status of the reply."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    asked = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Host": place.netloc,
        **headers,
    }
    try:
        connection.request("GET", "/_stcore/stream", headers=asked)
        return connection.getresponse().status
    finally:
        connection.close()


def test_its_own_page_is_let_in(url: str) -> None:
    assert open_stream(url, Origin=url) == 101


def test_a_page_of_another_site_is_refused(url: str) -> None:
    assert open_stream(url, Origin="http://evil.example") == 403


def test_nobody_elsewhere_is_asked_who_knocks(url: str, elsewhere: socket.socket) -> None:
    """Streamlit would ask the internet for the address of this machine, to compare it."""
    assert open_stream(url, Origin="http://evil.example") == 403
    elsewhere.settimeout(0)
    with pytest.raises(BlockingIOError):
        elsewhere.accept()


def test_another_name_for_this_address_is_refused(url: str) -> None:
    """A site that points its own name at 127.0.0.1 (DNS rebinding) must not read the library."""
    port = urlsplit(url).port
    name = f"evil.example:{port}"
    assert open_stream(url, Host=name, Origin=f"http://{name}") == 403
