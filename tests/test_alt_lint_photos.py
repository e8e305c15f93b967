"""`vlm alt --lint` reads the texts that photos carry, in the file or in the sidecar beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import run
from PIL import Image

from index.metadata.writing.write import embed, write_sidecar
from ui.alt.lint import lint_targets, say_lint


def photo(path: Path, *, embedded: str = "", beside: str = "") -> Path:
    Image.new("RGB", (40, 30), "red").save(path)
    if embedded:
        embed(path, embedded)
    if beside:
        write_sidecar(path, beside)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif"])
def test_a_text_inside_a_photo_is_judged(tmp_path: Path, name: str) -> None:
    linted = lint_targets([(photo(tmp_path / name, embedded="Image of a barn."), "photo")])
    assert (linted.photos, linted.texts) == (1, 1)
    (found,) = linted.found
    assert (found.line, found.alt, found.finding.rule) == (
        None,
        "Image of a barn.",
        "opens-as-picture",
    )


def test_a_sidecar_counts_more_than_the_photo(tmp_path: Path) -> None:
    said = photo(tmp_path / "a.png", embedded="Image of a barn.", beside="IMG_1234.jpg")
    bare = photo(tmp_path / "b.gif", beside="A barn in the snow.")
    linted = lint_targets([(said, "photo"), (bare, "photo")])
    assert (linted.photos, linted.texts) == (2, 2)
    assert [(each.path, each.finding.rule) for each in linted.found] == [(said, "file-name-as-alt")]


def test_a_photo_without_a_text_is_fine_and_one_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.gif").write_bytes(b"GIF89a")
    targets = [photo(tmp_path / "a.jpg"), photo(tmp_path / "b.gif"), tmp_path / "gone.jpg"]
    linted = lint_targets([(path, "photo") for path in [*targets, tmp_path / "broken.gif"]])
    assert (linted.photos, linted.texts, linted.found) == (2, 0, [])
    assert [each.path.name for each in linted.skipped] == ["gone.jpg", "broken.gif"]
    assert say_lint(linted) == 1
    assert capsys.readouterr().err.endswith("0 texts in 2 photos: 0 errors, 0 warnings.\n")


def test_a_folder_is_read_with_its_pages_and_photos(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg", embedded="DSC_0001.JPG")
    photo(tmp_path / "b.jpg", embedded="A barn in the snow.")
    (tmp_path / "page.html").write_text('<img src="a.jpg" alt="A barn.">', encoding="utf-8")
    ran = run("alt", "--lint", tmp_path)
    assert (ran.code, ran.stderr) == (
        1,
        "1 image in 1 page, 2 texts in 2 photos: 1 error, 0 warnings.\n",
    )
    assert ran.stdout.startswith(f"{tmp_path / 'a.jpg'}: error: its alt is a file name.")
    document = run("alt", "--lint", "--json", tmp_path).document
    assert (document["photos"], document["texts_in_photos"]) == (2, 2)
    assert document["findings"][0]["line"] is None
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = run("alt", "--lint", empty)
    assert (ran.code, "no pages and no photos here" in ran.stderr) == (2, True)
