"""`vlm library` and its commands."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cli_runs import run, run_process
from drawn_photos import draw

from index.build import build
from index.library import Library
from vlm.fakes import ColourEmbedder


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three photos, which lie beside it."""
    place = tmp_path_factory.mktemp("indexed")
    draw(place / "photos", 3)
    with Library.open(place / "library", create=True) as library:
        build(library, [place / "photos"], ColourEmbedder(), workers=1)
    return place / "library"


@pytest.fixture(autouse=True)
def library(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that library, which every command of a test works with."""
    shutil.copytree(indexed, tmp_path / "library")
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    return tmp_path / "library"


def test_the_bare_command_says_what_the_library_holds(library: Path) -> None:
    ran = run("library")
    assert (ran.code, ran.stderr) == (0, "")
    assert re.search(r"^photos +3$", ran.stdout, re.MULTILINE)
    assert run("library", "--json").document["photos"] == 3


def test_a_library_that_is_well_is_said_to_be(library: Path) -> None:
    ran = run("library", "check")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1].split() == ["problems", "none"]
    assert run("library", "check", "--json").document == {
        "photos": 3,
        "missing": 0,
        "models": {"fake": 3},
        "problems": [],
        "repaired": False,
    }


def test_problems_are_told_with_what_to_do_and_repaired(library: Path) -> None:
    with closing(sqlite3.connect(library / "catalogue.db")) as db:
        db.execute("DELETE FROM words WHERE rowid = 1")
        db.commit()
    ran = run("library", "check")
    assert (ran.code, ran.stderr) == (2, "Repair it with: vlm library check --repair\n")
    assert "problem  photos whose searched words are not theirs: 1" in ran.stdout.splitlines()
    ran = run("library", "check", "--repair")
    assert (ran.code, ran.stderr) == (0, "")
    assert "repaired  photos whose searched words are not theirs: 1" in ran.stdout.splitlines()
    assert run("library", "check").code == 0


def test_a_damaged_file_points_to_the_backup(library: Path) -> None:
    path = library / "catalogue.db"
    data = bytearray(path.read_bytes())
    data[-8192:] = b"\xa5" * 8192
    path.write_bytes(data)
    ran = run("library", "check", "--json")
    assert (ran.code, len(ran.document["problems"]) > 0) == (2, True)
    assert "vlm library restore FILE --force" in ran.stderr


def test_a_backup_comes_back_into_another_place(library: Path, tmp_path: Path) -> None:
    ran = run("library", "backup", tmp_path / "file")
    assert (ran.code, ran.stderr) == (0, "")
    assert re.fullmatch(rf"{re.escape(str(tmp_path / 'file'))}: \d+\.\d MB\n", ran.stdout)
    assert run("library", "backup", tmp_path / "file").code == 2
    ran = run("library", "restore", tmp_path / "file", "--library", tmp_path / "new")
    assert (ran.code, ran.stdout) == (0, f"{tmp_path / 'new'}: 3 photos\n")
    ran = run("library", "restore", tmp_path / "file")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"error: {library}: this exists and is kept.")
    assert run("library", "restore", tmp_path / "file", "--force").code == 0


def test_missing_photos_are_forgotten_only_with_agreement(library: Path) -> None:
    ran = run("library", "prune")
    assert (ran.code, "missing photos: 0" in ran.stdout) == (0, True)
    with Library.open(library) as opened:
        opened.catalogue.mark_missing([next(opened.catalogue.paths())])
    ran = run_process("library", "prune")
    gone = "missing photos: 1; of contents that no photo has, vectors: 1, texts: 0"
    assert (ran.returncode, ran.stdout) == (2, "")
    assert (
        ran.stderr == f"error: Forget this ({gone})? Nobody can be asked here. Agree with --yes.\n"
    )
    assert run("library", "check", "--json").document["missing"] == 1
    ran = run("library", "prune", "--yes")
    assert (ran.code, ran.stdout) == (0, f"forgotten: {gone}\n")
    assert run("library", "check", "--json").document["missing"] == 0


def test_other_models_are_kept_until_this_one_is_complete(library: Path, indexed: Path) -> None:
    ran = run("library", "prune", "--other-models", "--yes")
    assert (ran.code, ran.stdout.splitlines()[-1]) == (0, "forgotten models: none")
    with closing(sqlite3.connect(library / "catalogue.db")) as db:
        db.execute("UPDATE model SET fingerprint = 'old', name = 'old'")
        db.commit()
    run("index", indexed.parent / "photos" / "photo-0001.png")
    ran = run("library", "prune", "--other-models", "--yes")
    assert (ran.code, "has vectors of only 1 of 3 photos" in ran.stderr) == (2, True)
    run("index", indexed.parent / "photos")
    ran = run("library", "prune", "--other-models", "--yes")
    assert (ran.code, ran.stdout.splitlines()[-1]) == (0, "forgotten models: old")
    assert json.loads(run("library", "--json").stdout)["models"] == {"fake": 3}


@pytest.mark.parametrize("command", ["check", "prune"])
def test_the_library_may_be_named_before_or_after_the_command(tmp_path: Path, command: str) -> None:
    for words in (("--library", tmp_path, command), (command, "--library", tmp_path)):
        ran = run("library", *words)
        assert (ran.code, ran.stderr.split(":")[1].strip()) == (2, str(tmp_path))
