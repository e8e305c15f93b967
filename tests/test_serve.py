"""`vlm serve`: what its REST API answers."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from serving_library import data_url, digest_of, make_library, photo_of, png

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")

from PIL import Image  # noqa: E402
from serving import served  # noqa: E402

from ui.serving.docs_page import docs_page  # noqa: E402
from ui.settings import Settings  # noqa: E402


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_library(tmp_path_factory.mktemp("serve"))


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Any]:
    with served(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def test_photos_are_found_by_words_and_named_by_their_content(
    client: Any, settings: Settings
) -> None:
    found = client.get("/v1/search", params={"q": "red", "k": 2}).json()
    assert {"query", "model", "seconds", "answer", "hits"} == set(found)
    assert (found["query"], found["model"], found["answer"]) == ("red", "fake", "matches")
    best, second = found["hits"]
    assert best["digest"] == digest_of(settings, "red")
    assert best["path"] == str(photo_of(settings, "red"))
    assert (best["band"], second["band"]) == ("strong", "weak")


@pytest.mark.parametrize("kind", ["digest", "data", "form"])
def test_photos_are_found_that_look_like_one(client: Any, settings: Settings, kind: str) -> None:
    if kind == "form":
        form = {"files": {"image": ("dark.png", png("darkred"))}, "data": {"k": "1"}}
        reply = client.post("/v1/search", **form)
    else:
        asked = {"photo": digest_of(settings, "red")} if kind == "digest" else {}
        asked |= {"image": data_url(png("darkred"))} if kind == "data" else {}
        reply = client.post("/v1/search", json={**asked, "k": 1})
    [hit] = reply.json()["hits"]
    best = "red.png"
    assert (Path(hit["path"]).name == best) == (kind != "digest"), "a photo is not like itself"


def test_facts_and_a_small_picture_of_a_photo_are_told(client: Any, settings: Settings) -> None:
    digest = digest_of(settings, "blue")
    facts = client.get(f"/v1/photos/{digest}").json()
    assert (facts["digest"], facts["width"], facts["height"]) == (digest, 64, 48)
    assert facts["path"] == str(photo_of(settings, "blue"))
    picture = client.get(f"/v1/photos/{digest}/thumbnail")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["x-content-type-options"] == "nosniff"
    with Image.open(io.BytesIO(picture.content)) as image:
        assert (image.size, image.getpixel((5, 5))) == ((64, 48), (0, 0, 254))


def test_a_photo_is_described_however_it_is_named(client: Any, settings: Settings) -> None:
    digest = digest_of(settings, "green")
    said = "a green picture of 64 by 48 pixels"
    data = photo_of(settings, "green").read_bytes()
    ways = [
        ({"json": {"photo": digest}}, str(photo_of(settings, "green"))),
        ({"json": {"image": data_url(data)}}, "image"),
        ({"files": {"image": ("../x/leaf.png", data)}}, "leaf.png"),
    ]
    for sent, path in ways:
        captioned = client.post("/v1/caption", **sent).json()
        assert captioned.pop("seconds") >= 0
        expected = {"path": path, "digest": digest, "model": "fake", "caption": said}
        assert captioned == expected
        alt = client.post("/v1/alt-text", **sent).json()
        assert alt["alt_text"] == "A green picture of 64 by 48 pixels."
        assert client.post("/v1/tags", **sent).json()["tags"] == []


def test_a_question_is_answered(client: Any, settings: Settings) -> None:
    asked = {"photo": digest_of(settings, "red"), "question": "Which colour?"}
    answered = client.post("/v1/ask", json=asked).json()
    assert answered["question"] == "Which colour?"
    assert answered["answer"] == "Which colour? a red picture of 64 by 48 pixels"


def test_an_alternative_text_keeps_to_its_length(client: Any, settings: Settings) -> None:
    asked = {"photo": digest_of(settings, "red"), "max_length": 20}
    assert 0 < len(client.post("/v1/alt-text", json=asked).json()["alt_text"]) <= 20


def test_the_server_says_that_it_is_well(client: Any) -> None:
    assert client.get("/v1/health").json() == {"status": "ok", "library": "ok"}


def test_the_page_about_the_api_names_everything_and_loads_nothing(client: Any) -> None:
    document = client.get("/openapi.json").json()
    page = client.get("/", follow_redirects=True)
    assert page.url.path == "/docs"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in document["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert {"/v1/search", "/v1/ask", "/v1/chat/completions"} <= set(document["paths"])
    assert "HTTPValidationError" not in document["components"]["schemas"], "it is never sent"
    assert "integer, at least 1 or null" in page.text
    assert "1 to 200" in page.text
    assert "None" not in page.text
    for loading in ("<script", "src=", "http://", "https://", "<link", "@import"):
        assert loading not in page.text


def test_nothing_in_the_page_is_taken_for_markup() -> None:
    words = "<script>alert(1)</script>"
    operation = {
        "summary": words,
        "description": words,
        "parameters": [{"name": words, "in": "query", "schema": {"type": words}}],
        "responses": {"200": {"description": words}},
    }
    document = {
        "info": {"title": words, "description": words},
        "paths": {words: {"get": operation}},
    }
    assert "<script" not in docs_page(document)


def test_twenty_callers_at_once_are_all_answered(client: Any, settings: Settings) -> None:
    asked = {"photo": digest_of(settings, "red"), "question": "Which colour?"}

    def call(number: int) -> list[int]:
        return [
            client.get("/v1/search", params={"q": "red"}).status_code,
            client.post("/v1/ask", json=asked).status_code,
            client.post("/v1/caption", files={"image": ("x.png", png())}).status_code,
        ]

    with ThreadPoolExecutor(20) as callers:
        assert list(callers.map(call, range(20))) == [[200] * 3] * 20


def test_a_library_may_be_deleted_and_made_again_meanwhile(tmp_path: Path) -> None:
    settings = make_library(tmp_path)
    with served(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        ask = {"url": "/v1/search", "params": {"q": "red"}}
        assert client.get(**ask).status_code == 200
        shutil.rmtree(settings.library)
        gone = client.get(**ask)
        assert (gone.status_code, "retry-after" in gone.headers) == (503, False)
        assert gone.json()["error"]["message"].startswith("There is no photo library here yet")
        assert str(tmp_path) not in gone.text
        assert client.get("/v1/health").json()["library"] == "missing"
        described = client.post("/v1/caption", files={"image": ("x.png", png())})
        assert described.status_code == 200, "a photo of one's own needs no library"
        make_library(tmp_path)
        assert client.get(**ask).json()["hits"][0]["path"].endswith("red.png")


def test_a_name_that_is_not_utf8_is_told_as_well_as_can_be(tmp_path: Path) -> None:
    settings = make_library(tmp_path)
    odd = Path(os.fsdecode(os.fsencode(tmp_path / "photos") + b"/caf\xe9 red.png"))
    try:
        odd.write_bytes(png("red", (50, 50)))
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    make_library(tmp_path)
    digest = hashlib.sha256(odd.read_bytes()).hexdigest()
    say = {"model": "vlm-library", "messages": [{"role": "user", "content": "find red photos"}]}
    with served(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        for reply in (
            client.get("/v1/search", params={"q": "red", "k": 2}),
            client.post("/v1/search", json={"photo": digest}),
            client.get(f"/v1/photos/{digest}"),
            client.post("/v1/caption", json={"photo": digest}),
            client.post("/v1/chat/completions", json=say),
        ):
            assert (reply.status_code, "caf\ufffd red.png" in reply.text) == (200, True)
        streamed = client.post("/v1/chat/completions", json={**say, "stream": True})
        assert "caf\\ufffd red.png" in streamed.text


def test_a_photo_that_was_changed_or_removed_is_not_shown(tmp_path: Path) -> None:
    settings = make_library(tmp_path)
    digests = {colour: digest_of(settings, colour) for colour in ("red", "green")}
    photo_of(settings, "red").unlink()
    photo_of(settings, "green").write_bytes(png("green", (100, 100)))
    with served(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        for digest in digests.values():
            for reply in (
                client.get(f"/v1/photos/{digest}/thumbnail"),
                client.post("/v1/caption", json={"photo": digest}),
            ):
                assert reply.status_code == 410
                assert "vlm index" in reply.json()["error"]["message"]
            assert client.get(f"/v1/photos/{digest}").status_code == 200, "it is known still"
