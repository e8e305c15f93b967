"""What a person decides about proposed texts, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from cli_runs import run
from counting_describer import CountingDescriber, use

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Draft
from index.catalogue.records import Note
from ui.alt.reviewed import as_file, reviewed
from ui.alt.reviewing import (
    Proposal,
    accept,
    accept_as_decorative,
    advice,
    proposal,
    reject,
)
from ui.errors import TextMissing
from vlm.checked.claims import CheckedDescription, Claim, Evidence

RED = "A red picture of 64 by 48 pixels."


@pytest.fixture(autouse=True)
def describer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CountingDescriber:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    return use(CountingDescriber(), monkeypatch)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(tmp_path / "library", create=True)) as catalogue:
        yield catalogue


def digest_of(photo: Path) -> bytes:
    return sha256(photo.read_bytes()).digest()


def waiting(catalogue: Catalogue) -> list[Proposal]:
    return [proposal(catalogue, *each) for each in catalogue.waiting()]


def about(catalogue: Catalogue, name: str) -> Proposal:
    [found] = [each for each in waiting(catalogue) if name in [path.name for path in each.files]]
    return found


def test_what_a_run_drafted_waits_with_its_text_model_and_file(
    photos: Path, catalogue: Catalogue
) -> None:
    run("alt", photos)
    assert len(catalogue.waiting()) == 3
    red = about(catalogue, "red.png")
    assert (red.alt, red.model, red.files) == (RED, "fake", (photos / "red.png",))
    assert red.concern == "new"


def test_an_accepted_text_is_a_persons_and_no_run_replaces_it(
    photos: Path, catalogue: Catalogue
) -> None:
    run("alt", photos)
    red = about(catalogue, "red.png")
    assert accept(catalogue, red, red.alt).did == "accepted"
    assert accept(catalogue, about(catalogue, "green.jpg"), " A lawn. ").did == "edited"
    told = {Path(row["path"]).name: row for row in run("alt", photos, "--json").document}
    assert (told["red.png"]["alt_text"], told["red.png"]["author"]) == (RED, "human")
    assert (told["green.jpg"]["alt_text"], told["green.jpg"]["author"]) == ("A lawn.", "human")
    assert [each.files[0].name for each in waiting(catalogue)] == ["blue.webp"]


def test_a_decorative_photo_has_an_empty_text_from_then_on(
    photos: Path, catalogue: Catalogue, describer: CountingDescriber
) -> None:
    run("alt", photos)
    accept_as_decorative(catalogue, about(catalogue, "red.png"))
    (photos / "page.html").write_text('<p>Words <img src="red.png"> and more.</p>')
    run("alt", photos / "page.html", "--write", "html")
    assert '<img src="red.png" alt="">' in (photos / "page.html").read_text()
    assert describer.asked == 3


def test_nothing_at_all_cannot_be_accepted(photos: Path, catalogue: Catalogue) -> None:
    run("alt", photos)
    red = about(catalogue, "red.png")
    with pytest.raises(TextMissing, match="Decorative"):
        accept(catalogue, red, "  ")
    assert len(catalogue.waiting()) == 3


def test_a_rejected_text_is_gone_and_the_model_is_not_asked_again(
    photos: Path, catalogue: Catalogue, describer: CountingDescriber
) -> None:
    run("alt", photos)
    assert reject(catalogue, about(catalogue, "red.png")).did == "rejected"
    assert catalogue.notes(digest_of(photos / "red.png")) == []
    again = run("alt", photos, "--json")
    assert again.code == 1
    assert "red.png" in again.stderr and "rejected" in again.stderr
    assert len(again.document) == 2
    assert describer.asked == 3
    assert len(catalogue.waiting()) == 2


def test_a_rejected_text_leaves_the_page_that_said_it_and_no_other_byte(
    photos: Path, catalogue: Catalogue
) -> None:
    page = photos / "page.html"
    page.write_text('<p><img src="red.png"></p>\r\n<p><img src="green.jpg"></p>')
    run("alt", page, "--write", "html")
    red = about(catalogue, "red.png")
    assert [(place.path.name, place.line) for place in red.places] == [("page.html", 1)]
    assert reject(catalogue, red).given_back == 1
    rest = '<img src="green.jpg" alt="A green picture of 64 by 48 pixels.">'
    assert page.read_bytes().decode() == f'<p><img src="red.png"></p>\r\n<p>{rest}</p>'
    reject(catalogue, about(catalogue, "green.jpg"))
    assert page.read_bytes().decode().count("alt") == 0


def test_a_text_that_was_changed_in_its_page_since_stays_and_is_told(
    photos: Path, catalogue: Catalogue
) -> None:
    page = photos / "page.html"
    page.write_text('<p><img src="red.png"></p>')
    run("alt", page, "--write", "html")
    page.write_text('<p><img src="red.png" alt="My own words"></p>')
    outcome = reject(catalogue, about(catalogue, "red.png"))
    assert "My own words" in page.read_text()
    assert [left.path.name for left in outcome.left] == ["page.html:1"]
    assert catalogue.waiting() == []


@pytest.mark.parametrize("kind", ["xmp", "iptc"])
def test_a_text_inside_a_photo_is_taken_out_and_its_photo_does_not_wait_again(
    photos: Path, catalogue: Catalogue, kind: str
) -> None:
    before = {path: path.read_bytes() for path in photos.rglob("*.*")}
    run("index", photos)
    run("alt", photos / "red.png", "--write", kind)
    [red] = waiting(catalogue)
    assert len(red.places) == 1
    assert reject(catalogue, red).given_back == 1
    assert {path: path.read_bytes() for path in photos.rglob("*.*")} == before
    assert catalogue.waiting() == []


def test_an_accepted_text_stays_when_the_run_that_wrote_it_is_taken_back(
    photos: Path, catalogue: Catalogue
) -> None:
    run("index", photos)
    run("alt", photos / "red.png", "--write", "iptc")
    [red] = waiting(catalogue)
    accept(catalogue, red, red.alt)
    run("alt", "--undo")
    assert red.digest != digest_of(photos / "red.png")
    [note] = [n for n in catalogue.notes(digest_of(photos / "red.png"), "alt") if n.value == RED]
    assert note.author == "human"
    assert catalogue.waiting() == []


def test_a_second_decision_about_a_photo_comes_too_late(photos: Path, catalogue: Catalogue) -> None:
    run("alt", photos)
    red = about(catalogue, "red.png")
    accept(catalogue, red, "A red wall.")
    assert accept(catalogue, red, "Another wall.").did == "late"
    assert reject(catalogue, red).did == "late"
    assert catalogue.notes(red.digest, "alt")[0].value == "A red wall."


def put(catalogue: Catalogue, photo: Path, draft: Draft) -> None:
    catalogue.put_draft(digest_of(photo), "fake", "alt 1", draft)


def test_doubtful_texts_come_first_and_texts_of_files_do_not_wait(
    photos: Path, catalogue: Catalogue
) -> None:
    run("index", photos)
    red, green, blue = photos / "red.png", photos / "green.jpg", photos / "sub" / "blue.webp"
    put(catalogue, red, Draft("A wall."))
    put(catalogue, green, Draft("A lawn.", verdict="hedge"))
    catalogue.put_note(digest_of(green), Note("alt", "A lawn.", "model", "2026", "fake"))
    put(catalogue, blue, Draft("The sea.", verdict="review"))
    found = [(each.files[0].name, each.concern) for each in waiting(catalogue)]
    assert found == [("blue.webp", "review"), ("red.png", "unsaid"), ("green.jpg", "hedge")]
    catalogue.put_note(digest_of(red), Note("alt", "My wall", "file", "2026"))
    assert len(catalogue.waiting()) == 2


def test_evidence_and_variations_come_back_as_they_were_stored(
    photos: Path, catalogue: Catalogue
) -> None:
    run("index", photos)
    claim = Claim("a dog", "hedge", (Evidence("samples", 0.6, "in 3 of 5"),))
    checked = CheckedDescription("Perhaps a dog.", (claim,), ("a dog", "a cat"), "review", "a dog")
    put(catalogue, photos / "red.png", Draft("A dog.", evidence=json.dumps(checked.as_json())))
    put(catalogue, photos / "green.jpg", Draft("A lawn.", evidence='{"no": "claims"}'))
    assert about(catalogue, "red.png").evidence == checked
    assert about(catalogue, "green.jpg").evidence is None


def test_reviewed_texts_are_exported_as_the_batch_writes_them(
    photos: Path, catalogue: Catalogue
) -> None:
    run("alt", photos)
    accept(catalogue, about(catalogue, "red.png"), "=1+1")
    accept_as_decorative(catalogue, about(catalogue, "green.jpg"))
    rows = list(reviewed(catalogue))
    table = as_file(rows, ".csv").decode("utf-8-sig").splitlines()
    assert table[0] == "path,alt_text,model,seconds,status"
    assert table[1:] == [
        f"{photos / 'red.png'},'=1+1,,0.0,kept",
        f"{photos / 'green.jpg'},,,0.0,kept",
    ]
    lines = [json.loads(line) for line in as_file(rows, ".jsonl").splitlines()]
    assert [(line["alt_text"], line["author"]) for line in lines] == [
        ("=1+1", "human"),
        ("", "human"),
    ]


def test_the_rules_speak_up_while_a_text_is_worded() -> None:
    assert advice("A red barn.", Path("barn.jpg")) == []
    assert any("file name" in said for said in advice("barn.jpg", Path("barn.jpg")))
    assert advice("", Path("barn.jpg")) == []
