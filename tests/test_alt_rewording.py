"""Words that a person accepted, put where a run has put a model's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cli_runs import run

from index.catalogue.catalogue import Catalogue
from index.metadata.sidecar import read_sidecars
from index.metadata.told import first
from index.metadata.writing.write import packet_in
from index.metadata.xmp import read_xmp
from ui.alt.reviewing import Outcome, accept, accept_as_decorative, proposal


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(tmp_path / "library", create=True)) as catalogue:
        yield catalogue


def reworded(catalogue: Catalogue, words: str) -> Outcome:
    """Accept other words for the only text that waits."""
    [waiting] = catalogue.waiting()
    proposed = proposal(catalogue, *waiting)
    return (
        accept(catalogue, proposed, words) if words else accept_as_decorative(catalogue, proposed)
    )


def said_by(photo: Path) -> str | None:
    inside = read_xmp(packet_in(photo, photo.read_bytes()))
    return first(read_sidecars(photo).xmp.alt_text, inside.alt_text)


PAGE = '<p>One <img src="red.png"></p>\r\n<p><img class=a src="red.png"><img src=b.png alt=Mine>'
MODEL = ' alt="A red picture of 64 by 48 pixels."'


def write_page(photos: Path) -> Path:
    page = photos / "page.html"
    page.write_bytes(PAGE.encode())
    assert run("alt", page, "--write", "html").code == 0
    assert page.read_text().count(MODEL) == 2
    return page


def test_pages_say_the_accepted_words_and_nothing_else_changes(
    photos: Path, catalogue: Catalogue
) -> None:
    page = write_page(photos)
    outcome = reworded(catalogue, 'My "red" wall.')
    assert (outcome.did, outcome.reworded, outcome.left) == ("edited", 2, ())
    after = page.read_bytes().decode()
    assert after.count(' alt="My &quot;red&quot; wall."') == 2
    assert after.replace(' alt="My &quot;red&quot; wall."', "") == PAGE


def test_the_accepted_words_can_be_taken_out_of_pages_again(
    photos: Path, catalogue: Catalogue
) -> None:
    page = write_page(photos)
    written = page.read_bytes()
    reworded(catalogue, "My wall.")
    assert run("alt", "--undo").code == 0
    assert page.read_bytes() == written
    assert run("alt", "--undo").code == 0
    assert page.read_bytes().decode() == PAGE


def test_what_somebody_else_wrote_since_stays_and_is_told(
    photos: Path, catalogue: Catalogue
) -> None:
    page = write_page(photos)
    page.write_text(page.read_text().replace(MODEL, ' alt="By hand"'))
    outcome = reworded(catalogue, "My wall.")
    assert page.read_text().count("By hand") == 2
    assert (outcome.reworded, [left.path.name for left in outcome.left]) == (0, ["page.html"])


def test_a_decorative_photo_has_an_empty_text_in_pages(photos: Path, catalogue: Catalogue) -> None:
    page = write_page(photos)
    assert reworded(catalogue, "").reworded == 2
    assert page.read_text().count(' alt=""') == 2


def test_a_link_is_not_left_without_words(photos: Path, catalogue: Catalogue) -> None:
    page = write_page(photos)
    page.write_text(f'<a href="barn.html"><img src="red.png"{MODEL}></a>')
    outcome = reworded(catalogue, "")
    assert page.read_text().count(MODEL) == 1
    assert ["link" in left.reason for left in outcome.left] == [True]


def test_a_page_that_cannot_be_written_is_told_and_the_text_is_accepted(
    photos: Path, catalogue: Catalogue
) -> None:
    page = write_page(photos)
    os.link(page, photos / "other-name.html")  # replacing one would part them
    outcome = reworded(catalogue, "My wall.")
    assert (outcome.did, len(outcome.left)) == ("edited", 1)
    assert page.read_text().count(MODEL) == 2


@pytest.mark.parametrize("kind", ["xmp", "iptc"])
def test_photo_files_say_the_accepted_words_and_nothing_waits(
    photos: Path, catalogue: Catalogue, kind: str
) -> None:
    photo = photos / "red.png"
    before = photo.read_bytes()
    run("index", photos)
    assert run("alt", photo, "--write", kind).code == 0
    assert reworded(catalogue, "My wall.").reworded == 1
    assert said_by(photo) == "My wall."
    assert catalogue.waiting() == []
    assert [note.value for _, note in catalogue.accepted()][-1] == "My wall."
    assert '"unchanged": 3' in run("index", photos, "--json").stdout
    run("alt", "--undo")
    assert said_by(photo) == "A red picture of 64 by 48 pixels."
    run("alt", "--undo")
    assert photo.read_bytes() == before
    assert catalogue.waiting() == []


@pytest.mark.parametrize("kind", ["xmp", "iptc"])
def test_a_decorative_photo_file_says_nothing(
    photos: Path, catalogue: Catalogue, kind: str
) -> None:
    photo = photos / "red.png"
    before = photo.read_bytes()
    run("alt", photo, "--write", kind)
    assert reworded(catalogue, "").reworded == 1
    assert (photo.read_bytes(), list(photos.glob("*.xmp"))) == (before, [])
    assert catalogue.waiting() == []
