"""The app on an address that others can reach: nothing without the token, everything with it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from app_server import app_server
from cli_runs import run

from ui.access import link, token_to_ask_for
from ui.errors import TokenTooShort
from ui.settings import Settings

TOKEN = "a token for tests, long enough"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("access")
    with app_server(Settings(folder / "library", "fake", "fake"), folder, token=TOKEN) as url:
        yield url


def ask(
    url: str, path: str, method: str = "GET", body: str = "", **headers: str
) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of a reply."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body or None, {"Host": place.netloc, **given})
        reply = connection.getresponse()
        upgraded = reply.status == 101
        text = "" if upgraded else reply.read().decode("utf-8", "replace")
        return reply.status, text, {name.lower(): value for name, value in reply.getheaders()}
    finally:
        connection.close()


def open_door(url: str, token: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    kind = "application/x-www-form-urlencoded"
    body = urlencode({"token": token})
    return ask(url, "/_access", "POST", body, **{"Content_Type": kind, "Origin": url, **headers})


def cookie_of(headers: dict[str, str]) -> str:
    return headers["set-cookie"].partition(";")[0]


SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/chat"),
        ("GET", "/_stcore/health"),
        ("GET", "/_stcore/host-config"),
        ("GET", "/media/0123456789abcdef.jpg"),
        ("GET", "/static/js/index.js"),
        ("PUT", "/_stcore/upload_file/session/file"),
        ("POST", "/_stcore/upload_file/session/file"),
        ("GET", "/?token=" + "a" * 30),
        ("OPTIONS", "/"),
    ],
)
def test_without_the_token_nothing_but_the_way_in_is_answered(
    url: str, method: str, path: str
) -> None:
    status, text, headers = ask(url, path, method)
    assert status == 401
    assert "This server asks for its token" in text
    assert "streamlit" not in text.lower()
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers


def test_without_the_token_the_websocket_stays_shut(url: str) -> None:
    assert ask(url, "/_stcore/stream", Origin=url, **SOCKET)[0] == 403
    wrong = f"vlm_access_{urlsplit(url).port}={'0' * 64}"
    assert ask(url, "/_stcore/stream", Origin=url, Cookie=wrong, **SOCKET)[0] == 403


def test_a_wrong_token_opens_nothing(url: str) -> None:
    for token in ("", TOKEN[:-1], TOKEN + "x", "x" * 10_000):
        status, text, headers = open_door(url, token)
        assert status == 401
        assert "not the token" in text
        assert "set-cookie" not in headers


def test_the_token_opens_everything_to_this_browser_alone(url: str) -> None:
    status, _, headers = open_door(url, TOKEN)
    assert (status, headers["location"]) == (303, "/")
    kept = headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=strict" in kept
    assert TOKEN not in kept
    cookie = cookie_of(headers)
    assert "<title>" in ask(url, "/", Cookie=cookie)[1]
    assert ask(url, "/_stcore/health", Cookie=cookie)[:2] == (200, "ok")
    assert ask(url, "/_stcore/stream", Origin=url, Cookie=cookie, **SOCKET)[0] == 101


def test_pages_of_other_sites_are_refused_even_with_the_cookie(url: str) -> None:
    cookie = cookie_of(open_door(url, TOKEN)[2])
    other = "http://evil.example"
    assert ask(url, "/_stcore/stream", Origin=other, Cookie=cookie, **SOCKET)[0] == 403
    assert ask(url, "/", Origin=other, Cookie=cookie)[0] == 403
    assert ask(url, "/", Origin="null", Cookie=cookie)[0] == 403
    assert ask(url, "/", Host="evil.example", Cookie=cookie)[0] == 421
    assert open_door(url, TOKEN, Origin=other)[0] == 403


def test_a_link_holds_the_token_where_no_server_is_sent_it() -> None:
    assert link("10.0.0.2", 8501, "a b/c") == "http://10.0.0.2:8501/#token=a%20b%2Fc"


def test_a_token_is_made_or_taken_and_never_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VLM_TOKEN", raising=False)
    first, second = token_to_ask_for(), token_to_ask_for()
    assert first[1]
    assert len(first[0]) >= 32
    assert first != second
    monkeypatch.setenv("VLM_TOKEN", TOKEN)
    assert token_to_ask_for() == (TOKEN, False)
    monkeypatch.setenv("VLM_TOKEN", "short")
    with pytest.raises(TokenTooShort):
        token_to_ask_for()


def test_another_address_is_served_guarded_and_the_link_is_printed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    became: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _, command, env: became.append((command, env)))
    monkeypatch.delenv("VLM_TOKEN", raising=False)
    ran = run("chat", "--host", "0.0.0.0", "--port", 18_501, "--model", "fake")
    ((command, environment),) = became
    assert command[4].endswith("guarded.py")
    token = environment["VLM_TOKEN"]
    assert ran.stderr.count(token) == 1
    assert f"/#token={token}" in ran.stderr
    assert not any(token in part for part in command)  # other users may see the command line
