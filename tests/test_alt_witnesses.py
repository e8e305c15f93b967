"""Batches that read the text in photos, check what a model says, or doubt it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from cli_runs import run
from counting_describer import CountingDescriber, use
from PIL.Image import Image

from index.catalogue.catalogue import Catalogue
from vlm.ocr import TextLine
from vlm.protocols import Message


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    return tmp_path / "library"


class Saying(CountingDescriber):
    """Fake: says the same about every photo, and the same again when asked for more."""

    def __init__(self, text: str, *others: str) -> None:
        super().__init__()
        self.text, self.others = text, others

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        self.asked += 1
        yield self.text

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        return list(self.others)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read: three words at the top of each photo, and how often."""
    read: list[str] = []

    def read_text(image: Image) -> list[TextLine]:
        read.append("read")
        return [TextLine("Fresh bread daily", 0.99, (0.1, 0.1, 0.5, 0.2))]

    monkeypatch.setattr("vlm.ocr.read_text", read_text)
    monkeypatch.setattr("vlm.ocr.reader", lambda: "fake reader")
    return read


def test_text_in_photos_is_quoted_and_read_once(
    photos: Path, library: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]
) -> None:
    use(Saying("a shop front"), monkeypatch)
    (item,) = run("alt", photos / "red.png", "--text", "--json").document
    assert item["alt_text"] == "A shop front: \u201cFresh bread daily\u201d."
    (again,) = run("alt", photos / "red.png", "--text", "--json").document
    assert (again["alt_text"], reads) == (item["alt_text"], ["read"])
    with closing(Catalogue(library)) as catalogue:
        digest = sha256((photos / "red.png").read_bytes()).digest()
        assert [note.value for note in catalogue.notes(digest, "ocr")] == ["Fresh bread daily"]


def test_what_a_model_calls_a_guess_is_shown_and_not_written(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Saying("Hard to say. Possibly: grass."), monkeypatch)
    page = tmp_path / "page.html"
    page.write_text('<img src="photos/red.png">')
    ran = run("alt", page, photos / "red.png", "--write", "html", "--write", "xmp", "--json")
    assert (ran.code, {item["status"] for item in ran.document}) == (0, {"review"})
    assert "2 for review." in ran.stderr
    assert page.read_text() == '<img src="photos/red.png">'
    assert list(photos.rglob("*.xmp")) == []
    assert "(look at it first)" in run("alt", photos / "red.png").stdout


def test_checked_texts_keep_their_evidence(
    photos: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = ("a man on a horse", "a man rides a horse", "a horse with a man")
    use(Saying("a man with a dog on a horse", *others), monkeypatch)
    (item,) = run("alt", photos / "red.png", "--checked", "--json").document
    assert "dog" not in item["alt_text"] or item["status"] == "review"
    with closing(Catalogue(library)) as catalogue:
        digest = sha256((photos / "red.png").read_bytes()).digest()
        rows = catalogue._rows("SELECT prompt, evidence FROM alt_draft WHERE hash = ?", (digest,))
    ((prompt, evidence),) = rows
    assert prompt.endswith(" checked")
    assert json.loads(evidence)["samples"] == list(others)


def test_the_starter_writes_sidecars_end_to_end(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_DESCRIBER", "starter")
    photo = tmp_path / "chelsea.png"
    photo.write_bytes((samples / "chelsea.png").read_bytes())
    (item,) = run("alt", photo, "--write", "xmp", "--json").document
    assert "cat" in item["alt_text"].lower()
    assert item["alt_text"] in (tmp_path / "chelsea.png.xmp").read_text()
