"""What `vlm serve` does not let in, and what it does not tell."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from endless_describer import EndlessDescriber
from serving_library import data_url, digest_of, make_library, png, png_that_says

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")

from serving import served  # noqa: E402

from ui.serving.errors import told  # noqa: E402
from ui.serving.guard import Guard  # noqa: E402
from ui.serving.hosts import allowed_hosts, host_of, is_allowed  # noqa: E402
from ui.serving.limits import Limits  # noqa: E402
from ui.settings import Settings  # noqa: E402
from vlm.errors import (  # noqa: E402
    LibraryDamaged,
    ModelFileDamaged,
    ModelUnavailable,
    PathMissing,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SEARCH = "/v1/search?q=red"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_library(tmp_path_factory.mktemp("refusals"))


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with served(settings, limits=Limits(body=200_000, images=3, arrival_seconds=2)) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Any]:
    with httpx.Client(base_url=url, timeout=60) as client:
        yield client


def status(url: str, path: str = SEARCH, **headers: str) -> int:
    """The status of a request whose path is sent as it is."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    try:
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def message(reply: Any) -> str:
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    text: str = error["message"]
    return text


def test_pages_of_other_sites_are_refused(url: str) -> None:
    assert status(url, Origin=url) == 200
    assert status(url, Origin=url.replace("http:", "https:")) == 200, "behind a proxy with TLS"
    assert status(url, Origin="http://evil.example") == 403
    assert status(url, Origin="null") == 403
    assert status(url, Sec_Fetch_Site="same-origin") == 200
    assert status(url, Sec_Fetch_Site="cross-site") == 403, "a picture in a foreign page"
    assert status(url, "/docs", Sec_Fetch_Site="cross-site") == 200, "a link to the page is fine"


def test_another_name_for_this_address_is_refused(url: str) -> None:
    """A site that points its own name at 127.0.0.1 (DNS rebinding) must not read the library."""
    port = urlsplit(url).port
    assert status(url, Host=f"evil.example:{port}", Origin=f"http://evil.example:{port}") == 421
    assert status(url, Host="") == 421
    assert status(url, Host=f"localhost:{port}") == 200


def test_no_page_is_told_that_it_may_read_replies(client: Any) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    reply = client.options("/v1/caption", headers=asked)
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_the_token_is_needed_where_there_is_one(settings: Settings) -> None:
    with served(settings, token="a secret of some length") as url:
        assert status(url, "/v1/health") == status(url, "/docs") == 200
        assert status(url) == 401
        assert status(url, Authorization="Bearer wrong") == 401
        assert status(url, Authorization="Basic a secret of some length") == 401
        assert status(url, Authorization="Bearer a secret of some lengt\u00e9") == 401
        assert status(url, Authorization="Bearer a secret of some length") == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/photos/../../../../etc/passwd",
        "/v1/photos/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/v1/photos/%2Fetc%2Fpasswd/thumbnail",
        f"/v1/photos/{'0' * 64}",
        f"/v1/photos/{'0' * 64}/thumbnail",
        f"/v1/photos/{'g' * 64}",
        f"/v1/photos/{'0' * 63}%20",
        "/v1/photos/red.png",
    ],
)
def test_nothing_but_photos_of_the_library_can_be_asked_for(url: str, path: str) -> None:
    assert status(url, path) == 404


def test_a_query_reaches_no_other_file(client: Any, tmp_path: Path) -> None:
    outside = tmp_path / "red.jpeg"
    outside.write_bytes(png())
    reply = client.get("/v1/search", params={"q": f"like:{outside}"})
    assert (reply.status_code, "no photo of that name" in message(reply)) == (400, True)


@pytest.mark.parametrize(
    ("image", "code", "words"),
    [
        (png_that_says(20_000, 15_000), 413, "300.0 megapixels are more than the limit"),
        (SVG, 400, "SVG"),
        (b"hello", 400, "cannot be used"),
        (b"", 400, "empty"),
        (png()[:60], 400, "cannot be used"),
    ],
)
def test_what_is_no_photo_is_refused(client: Any, image: bytes, code: int, words: str) -> None:
    for sent in (
        {"files": {"image": ("../../etc/x.png", image)}},
        {"json": {"image": data_url(image)}},
    ):
        reply = client.post("/v1/caption", **sent)
        assert (reply.status_code, words in message(reply)) == (code, True), reply.text
        assert "etc" not in reply.text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Name one photo"),
        ({"photo": "0" * 64, "image": data_url(png())}, "Name one photo"),
        ({"image": "http://127.0.0.1/a.png"}, "not fetched from http: addresses"),
        ({"image": "file:///etc/passwd"}, "not fetched from file: addresses"),
        ({"image": "data:image/png;base64,%%%"}, "base64 text of an image is broken"),
        ({"image": "data:image/png,abc"}, "begins data:image/jpeg;base64,"),
        ({"image": data_url(b"x", "text/html")}, "text/html is no image"),
        ({"image": data_url(png()), "path": "/etc/passwd"}, "path: Extra inputs"),
        ({"image": data_url(png()), "language": "xx"}, "the language 'xx'"),
        ([1], "request: Input should be"),
    ],
)
def test_a_request_that_says_no_photo_is_refused(client: Any, asked: Any, words: str) -> None:
    reply = client.post("/v1/caption", json=asked)
    assert (reply.status_code, words in message(reply)) == (400, True), reply.text


def test_a_request_in_another_form_is_refused(client: Any) -> None:
    broken = client.post("/v1/caption", content=b"{", headers={"content-type": "application/json"})
    assert message(broken) == "The request is not JSON."
    plain = client.post("/v1/caption", content=b"{}", headers={"content-type": "text/plain"})
    assert "application/json" in message(plain)
    form = client.post("/v1/caption", files={"photo": ("x.png", png())})
    assert "must be named 'image'" in message(form)
    two = client.post("/v1/caption", files=[("image", ("x.png", png()))] * 2)
    assert "The form cannot be read" in message(two)
    torn = {"content-type": "multipart/form-data; boundary=x"}
    assert client.post("/v1/caption", content=b"--y", headers=torn).status_code == 400


def test_too_much_is_refused_whether_it_says_its_length_or_not(client: Any) -> None:
    large = b"x" * 300_000
    kind = {"content-type": "application/json"}
    told_length = client.post("/v1/caption", content=large, headers=kind)
    assert (told_length.status_code, "0 MiB" in message(told_length)) == (413, True)
    in_parts = client.post("/v1/caption", content=iter([large[:150_000]] * 2), headers=kind)
    assert in_parts.status_code == 413
    form = client.post("/v1/caption", files={"image": ("x.png", large)})
    assert form.status_code == 413


def test_too_many_images_are_refused(client: Any) -> None:
    image = {"type": "image_url", "image_url": {"url": data_url(png())}}
    asked = {"model": "fake", "messages": [{"role": "user", "content": [image] * 4}]}
    reply = client.post("/v1/chat/completions", json=asked)
    assert (reply.status_code, "limit of 3" in message(reply)) == (413, True)


def test_a_request_that_does_not_arrive_is_given_up(url: str) -> None:
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=30) as slow:
        head = f"POST /v1/caption HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 9\r\n"
        slow.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        assert b" 408 " in slow.recv(1000)


def test_a_full_queue_and_a_reply_without_end_are_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = EndlessDescriber()
    monkeypatch.setattr("ui.serving.desk.load_describer", lambda name: endless)
    asked = {"photo": digest_of(settings, "red")}
    limits = Limits(waiting=1, reply_seconds=3)
    with served(settings, limits=limits) as url, httpx.Client(base_url=url, timeout=60) as client:
        with ThreadPoolExecutor(4) as callers:
            jobs = [callers.submit(client.post, "/v1/caption", json=asked) for _ in range(4)]
        replies = [job.result() for job in jobs]
        codes = sorted(reply.status_code for reply in replies)
        assert codes == [503, 503, 504, 504]
        busy = next(reply for reply in replies if reply.status_code == 503)
        assert busy.headers["retry-after"] == "5"
        assert endless.stopped.wait(30), "the model works on for nobody"


def test_who_waits_for_a_server_that_is_stopped_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = EndlessDescriber()
    monkeypatch.setattr("ui.serving.desk.load_describer", lambda name: endless)
    asked = {"photo": digest_of(settings, "red")}
    with ThreadPoolExecutor(1) as caller:
        with served(settings) as url:
            job = caller.submit(httpx.post, f"{url}/v1/caption", json=asked, timeout=60)
            assert endless.began.wait(30)
        reply = job.result()
    assert (reply.status_code, "is being stopped" in message(reply)) == (503, True)
    assert endless.stopped.wait(30)


def test_what_is_wrong_is_told_without_paths_of_this_machine() -> None:
    here = Path("/home/me/private")
    for error in (
        LibraryDamaged(here, "cut"),
        ModelUnavailable("blip-base", "hub/blip", here, "no network"),
        ModelFileDamaged(here, "cut", "Get it again"),
        PathMissing(here),
    ):
        assert "/home" not in told(error)


def test_a_machine_in_a_network_is_known_by_addresses_and_its_own_names() -> None:
    hosts = allowed_hosts("0.0.0.0", ["Photos.Lan"])
    for name in ("photos.lan", "192.168.1.5", "::1", socket.gethostname().lower()):
        assert is_allowed(name, hosts)
    assert not is_allowed("evil.example", hosts)
    assert not is_allowed("192.168.1.5", allowed_hosts("127.0.0.1", []))
    assert host_of("evil.example@127.0.0.1") == ""


def test_the_log_says_nothing_of_what_was_asked(
    client: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    client.get("/v1/search", params={"q": "a secret wish"})
    client.get("/v1/search", params={"q": "rating:secret"})
    logged = ""
    while logged.count("GET /v1/search") < 2:  # a line is written after its reply
        logged += capfd.readouterr().err
    assert "secret" not in logged


def test_a_websocket_is_closed_at_once() -> None:
    import asyncio

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def never(*_: Any) -> Any:
        raise AssertionError(json.dumps("nobody answers websockets"))

    guard = Guard(never, hosts=frozenset(), token=None, limits=Limits())
    asyncio.run(guard({"type": "websocket"}, never, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
