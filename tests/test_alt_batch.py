"""Batches of photos: each content is described once, and what is there is kept."""

from __future__ import annotations

import csv
import io
import json
import shutil
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from cli_runs import run
from counting_describer import CountingDescriber, use
from drawn_photos import draw

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Note
from index.library import Library
from index.lock import BATCH, only_writer
from index.metadata.writing.write import embed, write_sidecar


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    return tmp_path / "library"


@pytest.fixture
def describer(monkeypatch: pytest.MonkeyPatch) -> CountingDescriber:
    return use(CountingDescriber(), monkeypatch)


def texts(document: list[dict[str, object]]) -> dict[str, object]:
    return {Path(str(item["path"])).name: item["alt_text"] for item in document}


def notes_of(library: Path, photo: Path) -> list[tuple[str, str]]:
    with closing(Catalogue(library)) as catalogue:
        notes = catalogue.notes(sha256(photo.read_bytes()).digest(), "alt")
        return [(note.author, note.value) for note in notes]


def test_a_second_run_describes_nothing_and_says_the_same(
    photos: Path, describer: CountingDescriber
) -> None:
    first = run("alt", photos, "--json").document
    assert describer.asked == 3
    second = run("alt", photos, "--json").document
    assert describer.asked == 3
    assert texts(second) == texts(first)
    assert {item["seconds"] for item in second} == {0.0}


def test_copies_and_moved_photos_are_described_once(
    photos: Path, describer: CountingDescriber
) -> None:
    shutil.copy(photos / "red.png", photos / "copy.png")
    told = texts(run("alt", photos, "--json").document)
    assert told["copy.png"] == told["red.png"] == "A red picture of 64 by 48 pixels."
    (photos / "red.png").rename(photos / "moved.png")
    run("alt", photos)
    assert describer.asked == 3


def test_a_run_that_was_stopped_is_gone_on_with(
    photos: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(photos, 20)
    stopping = use(CountingDescriber(stop_at=9), monkeypatch)
    assert run("alt", photos, "--write", "xmp").code == 130
    assert len(list(photos.rglob("*.xmp"))) == 8
    going_on = use(CountingDescriber(), monkeypatch)
    assert run("alt", photos, "--write", "xmp").code == 0
    assert stopping.asked - 1 + going_on.asked == 23
    with closing(Catalogue(library)) as catalogue:
        (only,) = catalogue.runs()
        assert only.ended is not None
        kinds = [write.kind for write in catalogue.writes(only)]
        assert (kinds.count("xmp"), kinds.count("note")) == (23, 23)


def test_the_words_of_a_person_are_shown_and_stay_even_when_replaced(
    photos: Path, library: Path, describer: CountingDescriber
) -> None:
    red = photos / "red.png"
    with Library.open(library, create=True) as opened:
        note = Note("alt", "Our barn, painted red", "human", "2026-01-01T00:00:00+00:00")
        opened.catalogue.put_note(sha256(red.read_bytes()).digest(), note)
    (item,) = run("alt", red, "--json", "--write", "xmp").document
    assert (item["alt_text"], item["author"], item["status"]) == (
        *("Our barn, painted red", "human"),
        "kept",
    )
    assert (describer.asked, list(photos.rglob("*.xmp"))) == (0, [])
    (item,) = run("alt", red, "--json", "--replace").document
    assert item["alt_text"] == "A red picture of 64 by 48 pixels."
    assert notes_of(library, red) == [
        ("human", "Our barn, painted red"),
        ("model", "A red picture of 64 by 48 pixels."),
    ]


@pytest.mark.parametrize("into", [embed, write_sidecar])
def test_a_text_that_the_photo_carries_is_kept(
    photos: Path, describer: CountingDescriber, into: object
) -> None:
    red = photos / "red.png"
    into(red, "Our barn.")  # type: ignore[operator]
    held = {path: path.read_bytes() for path in photos.rglob("*.*")}
    (item,) = run("alt", red, "--json", "--write", "xmp", "--write", "iptc").document
    assert (item["alt_text"], item["author"], item["status"]) == ("Our barn.", "file", "kept")
    assert describer.asked == 0
    assert {path: path.read_bytes() for path in photos.rglob("*.*")} == held


@pytest.mark.parametrize("kind", ["xmp", "iptc"])
def test_texts_in_photos_are_written_once_and_taken_back_to_the_byte(
    photos: Path, library: Path, describer: CountingDescriber, kind: str
) -> None:
    before = {path: path.read_bytes() for path in photos.rglob("*.*")}
    ran = run("alt", photos, "--write", kind)
    assert (ran.code, ran.stdout) == (0, "")
    assert "3 written. Take it back with: vlm alt --undo 1" in ran.stderr
    held = {path: path.read_bytes() for path in photos.rglob("*.*")}
    assert held != before
    again = run("alt", photos, "--write", kind)
    assert "3 kept." in again.stderr
    assert {path: path.read_bytes() for path in photos.rglob("*.*")} == held
    assert describer.asked == 3
    assert run("alt", "--undo").code == 0
    assert {path: path.read_bytes() for path in photos.rglob("*.*")} == before
    assert notes_of(library, photos / "red.png") == []
    ran = run("alt", "--undo")
    assert (ran.code, "No run is there to take back" in ran.stderr) == (2, True)


def test_what_somebody_changed_since_is_not_taken_back(photos: Path) -> None:
    run("alt", photos, "--write", "xmp")
    write_sidecar(photos / "red.png", "Our barn.")
    ran = run("alt", "--undo", "1")
    assert ran.code == 1
    assert "red.png.xmp: its text was changed by another program since" in ran.stderr
    assert [path.name for path in photos.rglob("*.xmp")] == ["red.png.xmp"]
    assert json.loads(run("alt", "--runs", "--json").stdout)[0]["undone"] is not None


def test_a_table_is_taken_back_too(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "alt.csv"
    out.write_text("mine")
    run("alt", photos, "--out", out, "--force")
    assert run("alt", "--undo").code == 0
    assert out.read_text() == "mine"
    out.unlink()
    run("alt", photos, "--out", out)
    assert out.exists()
    run("alt", "--undo")
    assert not out.exists()


def test_a_dry_run_writes_nothing_and_keeps_what_the_model_said(
    photos: Path, library: Path, describer: CountingDescriber
) -> None:
    ran = run("alt", photos, "--write", "xmp", "--dry-run")
    assert len(ran.stdout.splitlines()) == 3
    assert list(photos.rglob("*.xmp")) == []
    assert notes_of(library, photos / "red.png") == []
    assert run("alt", "--runs").stdout == ""
    run("alt", photos, "--write", "xmp")
    assert (describer.asked, len(list(photos.rglob("*.xmp")))) == (3, 3)


def test_a_read_only_photo_is_a_line_in_the_report(photos: Path) -> None:
    (photos / "red.png").chmod(0o444)
    ran = run("alt", photos, "--write", "iptc", "--json")
    assert ran.code == 1
    assert "red.png: not written (the file may not be written)" in ran.stderr
    assert sorted(item["status"] for item in ran.document) == ["new", "written", "written"]


def test_patterns_and_queries_name_photos(photos: Path, describer: CountingDescriber) -> None:
    run("index", photos)
    found = texts(run("alt", f"{photos}/**/*.webp", f"{photos}/*.png", "--json").document)
    assert sorted(found) == ["blue.webp", "red.png"]
    assert sorted(texts(run("alt", "--query", "type:png", "--json").document)) == ["red.png"]
    assert sorted(texts(run("alt", "--query", "blue", "--json").document)) == ["blue.webp"]
    assert describer.asked == 2
    assert "Name photos" in run("alt").stderr
    assert "Nothing fits 'type:gif'" in run("alt", "--query", "type:gif").stderr
    assert "no such file or folder" in run("alt", f"{photos}/*.tiff").stderr


def test_tables_can_be_printed(photos: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("alt", photos, "--write", "csv").stdout)))
    assert [Path(row["path"]).name for row in rows] == ["green.jpg", "red.png", "blue.webp"]
    lines = run("alt", photos, "--write", "jsonl").stdout.splitlines()
    assert json.loads(lines[1])["alt_text"] == "A red picture of 64 by 48 pixels."


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--write", "html"], "no pages here. Name a folder that holds HTML or Markdown"),
        (["--write", "pdf"], "Nothing is written as 'pdf'. Known kinds: html, iptc, markdown"),
        (["--write", "csv", "--write", "jsonl"], "only one of csv and jsonl"),
        (["--write", "csv", "--json"], "name a file: --out"),
        (["--write", "csv", "--out", "a.jsonl"], "--write csv and --out a.jsonl"),
        (["--language", "de"], "'fake' cannot do this: writing German"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_work(
    photos: Path, library: Path, options: list[str], said: str
) -> None:
    ran = run("alt", photos, *options)
    assert (ran.code, said in ran.stderr) == (2, True)
    assert not library.exists()


def test_texts_are_printed_where_nothing_can_be_remembered(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = ["--library", tmp_path / "file" / "library"]
    told = run("alt", photos, *nowhere)
    assert (told.code, len(told.stdout.splitlines())) == (0, 3)
    assert "will not be remembered" in told.stderr
    assert run("alt", photos, "--write", "xmp", *nowhere).code == 2
    assert not list(photos.glob("*.xmp"))


def test_two_batches_at_once_are_one_too_many(photos: Path, library: Path) -> None:
    with Library.open(library, create=True), only_writer(library, BATCH):
        ran = run("alt", photos)
    assert (ran.code, "another 'vlm alt' is at work here" in ran.stderr) == (2, True)
