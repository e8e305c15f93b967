"""The tour on sample photos. What is found is asserted with the real starter models."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from pathlib import Path

import pytest
from cli_runs import ROOT, run
from PIL import Image

from index.library import Library
from ui.demo import SEARCHES, demo_folder
from ui.samples import MARK, NEAR_DUPLICATE, SAMPLES, copy_samples
from ui.settings import default_library
from vlm.images import PHOTO_SUFFIXES

COPY = NEAR_DUPLICATE[1]
NAMES = {sample.name for sample in SAMPLES} | {COPY}
RIGHT = {
    "a cat": {"chelsea.png"},
    "a cup of coffee": {"coffee.png", COPY},
    "a rocket launch": {"rocket.jpg"},
}

pytestmark = pytest.mark.usefixtures("samples")  # skipped where scikit-image is not installed


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What a first run printed, and where it put its files."""
    folder = tmp_path_factory.mktemp("tour")
    ran = run("demo", "--no-serve", "--folder", folder)
    assert ran.code == 0, ran.stderr
    return ran.stdout, folder


def steps(stdout: str) -> dict[str, list[str]]:
    """Lines printed under each command of the tour."""
    parts = stdout.split("\n$ ")[1:]
    return {part.splitlines()[0]: part.strip().splitlines()[1:] for part in parts}


@pytest.mark.parametrize("query", SEARCHES)
def test_the_first_hit_of_each_search_is_right(query: str, toured: tuple[str, Path]) -> None:
    first = steps(toured[0])[f'vlm search "{query}"'][0]
    assert first.split()[-1] in RIGHT[query]


def test_the_tour_shows_a_caption_an_answer_and_an_alt_text(toured: tuple[str, Path]) -> None:
    said = {command.split()[1]: lines for command, lines in steps(toured[0]).items()}
    assert set(said) == {"search", "caption", "ask", "alt"}
    assert "cat" in said["caption"][0].lower()
    assert said["ask"][0].lower().lstrip().startswith("yes")
    assert 10 < len(said["alt"][0].strip()) <= 125


def test_a_second_run_has_nothing_to_do_and_says_the_same(toured: tuple[str, Path]) -> None:
    stdout, folder = toured
    again = run("demo", "--no-serve", "--folder", folder)
    assert "0 added" in again.stdout.splitlines()[0]
    assert f"{len(NAMES)} unchanged" in again.stdout.splitlines()[0]
    assert steps(again.stdout) == steps(stdout)


def test_all_samples_are_in_the_library(toured: tuple[str, Path]) -> None:
    with Library.open(toured[1] / "library") as library:
        assert library.count() == len(NAMES)
    photos = {p.name for p in (toured[1] / "photos").iterdir() if p.suffix in PHOTO_SUFFIXES}
    assert photos == NAMES


def test_the_library_of_the_user_is_not_touched() -> None:
    run("demo", "--no-serve", "--model", "fake", "--describer", "fake")
    assert not default_library().exists()
    assert (demo_folder() / "library").is_dir()


def test_photos_of_the_demo_that_were_changed_stay_changed(tmp_path: Path) -> None:
    copy_samples(tmp_path / "photos")
    Image.new("RGB", (8, 8), "red").save(tmp_path / "photos" / "chelsea.png")
    before = (tmp_path / "photos" / "chelsea.png").read_bytes()
    copy_samples(tmp_path / "photos")
    assert (tmp_path / "photos" / "chelsea.png").read_bytes() == before


def test_a_folder_that_is_not_the_demos_is_left_alone(photos: Path) -> None:
    before = sorted(photos.rglob("*"))
    ran = run("demo", "--no-serve", "--folder", photos.parent)
    assert (ran.code, ran.stdout) == (2, "")
    assert f"error: {photos}: this folder was not made by the demo" in ran.stderr
    assert sorted(photos.rglob("*")) == before


def test_without_scikit_image_it_says_how_to_get_the_photos(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ran = run("demo", "--no-serve", "--folder", tmp_path, "--model", "fake")
    assert (ran.code, ran.stdout) == (2, "")
    assert "pip install --no-deps scikit-image" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_serves_its_own_library_at_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served: list[dict[str, str]] = []
    monkeypatch.setattr(os, "execve", lambda program, arguments, env: served.append(env))
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "mine"))
    flags = ("--model", "fake", "--describer", "fake", "--no-browser", "--port", port)
    run("demo", "--folder", tmp_path / "demo", *flags)
    assert [env["VLM_LIBRARY"] for env in served] == [str(tmp_path / "demo" / "library")]


def test_every_photo_has_its_source_and_terms_in_the_docs_and_beside_it(tmp_path: Path) -> None:
    copy_samples(tmp_path)
    docs = (ROOT / "docs" / "samples.md").read_text(encoding="utf-8")
    beside = (tmp_path / MARK).read_text(encoding="utf-8")
    for sample in SAMPLES:
        assert f"| {sample.name} | {sample.shows} | {sample.source} | {sample.terms} |" in docs
        assert f"{sample.name}: {sample.shows}. {sample.source}, {sample.terms}." in beside
    assert COPY in docs
    assert COPY in beside


def test_the_near_duplicate_is_another_file_of_the_same_picture(tmp_path: Path) -> None:
    copy_samples(tmp_path)
    original, copy = (Image.open(tmp_path / name).convert("L") for name in NEAR_DUPLICATE)
    assert copy.width * 2 == original.width
    small = original.resize(copy.size)
    pairs = zip(small.tobytes(), copy.tobytes(), strict=True)
    assert sum(abs(a - b) for a, b in pairs) / len(copy.tobytes()) < 6


def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    ran = run("demo", "--no-serve", "--folder", tmp_path / "demo", "--model", "fake")
    assert (ran.code, ran.stdout) == (2, "")
    assert "cannot write the results (No space left on device)" in ran.stderr
