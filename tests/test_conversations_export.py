"""Exported conversations: everything is in the file, and nothing that was said is markup."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.conversations import Cited, Conversation, Exchange, PhotoName
from ui.conversations.export import export, export_name, file_name, mime_of
from ui.conversations.markdown import as_markdown, plain

ABOUT = Conversation("secret", "My *dogs*", "2026-11-21T10:00:00+00:00", "2026-11-21T11:00:00")
DOGS = Path("/photos/dogs [1].jpg")
SAID = Exchange(
    "![x](http://x/steal)",
    photos=(PhotoName("ab", "mine.png"), PhotoName("cd", "gone.png")),
    cited=(Cited(1, DOGS, (0.1, 0.2, 0.3, 0.4)),),
    reply="<script>alert(1)</script> [1]",
    errors=("x: broken",),
    state="stopped",
    model="fake",
)
PLAIN = {"paragraph_open", "paragraph_close", "inline"}


def test_a_conversation_with_images_is_an_archive_of_text_and_images() -> None:
    data = export(ABOUT, (SAID,), "md", {"ab": b"added"}, {DOGS: b"cited"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["My dogs.md", "images/added-1.jpg", "images/library-1.jpg"]
        assert archive.read("images/library-1.jpg") == b"cited"
        text = archive.read("My dogs.md").decode()
    assert "![mine\\.png](images/added-1.jpg)" in text and "gone\\.png (not kept)" in text
    assert "stopped before its end" in text and "x\\: broken" in text
    assert (export_name(ABOUT, (SAID,), "md"), mime_of((SAID,), "md")) == (
        "My dogs.zip",
        "application/zip",
    )


def test_a_conversation_without_images_is_one_file() -> None:
    said = (Exchange("hi", reply="hello", state="answered"),)
    assert export_name(ABOUT, said, "json") == "My dogs.json"
    told = json.loads(export(ABOUT, said, "json", {}, {}))
    assert (told["version"], told["title"]) == (1, "My *dogs*")
    assert [told["exchanges"][0][name] for name in ("question", "reply")] == ["hi", "hello"]


def test_the_json_names_the_images_and_not_the_secret_of_the_address() -> None:
    data = export(ABOUT, (SAID,), "json", {"ab": b"added"}, {DOGS: b"cited"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = json.loads(archive.read("My dogs.json"))
    assert told["images"] == {"ab": "images/added-1.jpg", str(DOGS): "images/library-1.jpg"}
    assert told["exchanges"][0]["cited"][0]["region"] == [0.1, 0.2, 0.3, 0.4]
    assert "id" not in told


def test_only_our_own_images_are_images_in_the_markdown() -> None:
    text = as_markdown(ABOUT, (SAID,), {"ab": "images/added-1.jpg"}, {})
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    inside = [child for token in tokens for child in token.children or []]
    images = [child.attrs["src"] for child in inside if child.type == "image"]
    assert images == ["images/added-1.jpg"]
    assert not any(t.type in ("html_block", "html_inline", "link_open") for t in [*tokens, *inside])


@given(st.text())
def test_any_text_is_nothing_but_text(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(plain(text))
    assert {token.type for token in tokens} <= PLAIN
    inside = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inside} <= {"text", "hardbreak", "softbreak", "text_special"}


@given(st.text())
def test_any_title_makes_a_file_name_without_a_folder(title: str) -> None:
    name = file_name(title)
    assert name and name not in (".", "..") and not set(name) & set('/\\:*?"<>|\0\n')
