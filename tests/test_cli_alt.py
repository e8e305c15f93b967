"""Alternative texts as files: whole or not at all, nothing overwritten, no formulas."""

from __future__ import annotations

import csv
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_runs import run, run_process
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ui.alt.out_file import alt_file, harmless_path, harmless_text
from ui.describing import AltText
from ui.errors import FileInTheWay, OutputFailed
from vlm.errors import RemoteModelFailed


@pytest.fixture(autouse=True)
def _fake_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLM_DESCRIBER", "fake")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_csv_file_has_a_row_for_each_photo(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "alt.csv"
    ran = run("alt", photos, "--out", out)
    assert (ran.code, ran.stdout) == (0, "")
    assert f"{out}: 3 alternative texts." in ran.stderr
    rows = rows_of(out)
    assert list(rows[0]) == ["path", "alt_text", "model", "seconds", "status"]
    assert [row["path"] for row in rows] == [
        str(photos / name) for name in ("green.jpg", "red.png", "sub/blue.webp")
    ]
    assert rows[1]["alt_text"] == "A red picture of 64 by 48 pixels."


def test_a_jsonl_file_holds_the_very_items_of_json(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "alt.jsonl"
    document = run("alt", photos, "--out", out, "--json").document
    assert [json.loads(line) for line in out.read_text().splitlines()] == document


def test_paths_stay_as_they_were_typed(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = run("alt", "photos/../photos", "photos/red.png", "--json").document
    assert [item["path"] for item in document] == [
        "photos/../photos/green.jpg",
        "photos/../photos/red.png",
        "photos/../photos/sub/blue.webp",
    ]


def test_a_texts_length_is_bounded(photos: Path) -> None:
    document = run("alt", photos, "--max-length", "20", "--json").document
    assert all(0 < len(item["alt_text"]) <= 20 for item in document)


def test_an_existing_file_is_kept_unless_forced(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "alt.csv"
    out.write_text("mine")
    ran = run("alt", photos, "--out", out)
    assert (ran.code, ran.stdout) == (2, "")
    assert f"error: {out}: this file exists and is kept" in ran.stderr
    assert out.read_text() == "mine"
    assert run("alt", photos, "--out", out, "--force").code == 0
    assert len(rows_of(out)) == 3


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "alt.csv"
    with pytest.raises(FileInTheWay), alt_file(out) as write:
        write(AltText(Path("a.png"), "A cat.", "fake", 0.1))
        out.write_text("mine")
    assert out.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [out]


def test_a_name_that_does_not_say_what_to_write_is_an_error(photos: Path, tmp_path: Path) -> None:
    ran = run("alt", photos, "--out", tmp_path / "alt.xlsx")
    assert ran.code == 2
    assert "must end in .csv or .jsonl" in ran.stderr


def test_a_folder_that_is_not_there_is_an_error(photos: Path, tmp_path: Path) -> None:
    ran = run("alt", photos, "--out", tmp_path / "nowhere" / "alt.csv")
    assert ran.code == 2
    assert "cannot write the results (No such file or directory)" in ran.stderr


def test_without_a_single_text_there_is_no_file(photos: Path, tmp_path: Path) -> None:
    (photos / "bad.jpg").touch()
    out = tmp_path / "alt.csv"
    assert run("alt", photos / "bad.jpg", "--out", out).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_when_the_model_fails_half_way_the_texts_so_far_are_kept(tmp_path: Path) -> None:
    out = tmp_path / "alt.csv"
    with pytest.raises(RemoteModelFailed), alt_file(out) as write:
        write(AltText(Path("a.png"), "A cat.", "fake", 0.1))
        raise RemoteModelFailed("m", "http://127.0.0.1:1", "refused")
    assert [row["alt_text"] for row in rows_of(out)] == ["A cat."]


@contextmanager
def disk_with_room(size: int) -> Iterator[None]:
    """Files of more than this many bytes cannot be written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("room", "texts"), [(60, 0), (300, 2)])
def test_a_full_disk_is_an_error_and_keeps_whole_rows_only(
    tmp_path: Path, room: int, texts: int
) -> None:
    out = tmp_path / "alt.csv"
    told = AltText(Path("photos/red.png"), "A red picture of 8 by 8 pixels.", "fake", 0.1)
    with (
        pytest.raises(OutputFailed, match="File too large"),
        disk_with_room(room),
        alt_file(out) as write,
    ):
        for _ in range(9):
            write(told)
    assert list(tmp_path.iterdir()) == ([out] if texts else [])
    if texts:
        rows = rows_of(out)
        assert len(rows) >= texts
        assert all(row["alt_text"].endswith("pixels.") and row["seconds"] for row in rows)


def test_where_the_library_cannot_be_written_nothing_is_described(
    photos: Path, tmp_path: Path
) -> None:
    def full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60, 60))

    ran = run_process("alt", "photos", "--out", "a.csv", cwd=tmp_path, preexec_fn=full_disk)
    assert ran.returncode == 2
    assert "cannot write the library" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


@given(st.text())
def test_no_cell_is_a_formula_and_no_text_is_lost(text: str) -> None:
    assert harmless_text(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    assert harmless_text(text).removeprefix("'") == text.removeprefix("'")


@given(st.text(st.characters(exclude_characters="\0/"), min_size=1))
def test_a_harmless_path_is_the_same_file(name: str) -> None:
    assert harmless_path(name)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    assert os.path.normpath(harmless_path(name)) == os.path.normpath(name)


def test_a_file_name_that_is_a_formula_is_no_formula_in_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (8, 8), "red").save("=cmd.png")
    run("alt", "=cmd.png", "--out", "alt.csv")
    assert rows_of(tmp_path / "alt.csv")[0]["path"] == "./=cmd.png"


def test_a_name_that_is_not_utf8_is_exact_in_jsonl_and_readable_in_csv(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    Image.new("RGB", (8, 8), "red").save(tmp_path / name)
    assert run_process("alt", name, "--out", "a.jsonl", cwd=tmp_path).returncode == 0
    assert run_process("alt", name, "--out", "a.csv", cwd=tmp_path).returncode == 0
    line = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))
    assert os.fsencode(line["path"]) == b"caf\xe9.png"
    assert rows_of(tmp_path / "a.csv")[0]["path"] == r"caf\udce9.png"
