"""What a batch reads ahead from its ledger is what it would be told one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Draft, Known
from index.catalogue.records import Note, NoteKind

MODEL, PROMPT = "starter", "alt v1"
DIGESTS = [bytes([n]) * 32 for n in range(3)]
PHOTOS = [Path(f"/photos/{n}.jpg") for n in range(3)]


def said(words: str, author: str = "model", kind: NoteKind = "alt") -> Note:
    return Note(kind, words, author, "2026-01-02T03:04:05+00:00", MODEL)  # type: ignore[arg-type]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(tmp_path, create=True)
    for photo, digest in zip(PHOTOS[:2], DIGESTS[:2], strict=True):
        made.put_content(photo, 10, 20, Known(digest, "From the file."))
    made.put_draft(DIGESTS[0], MODEL, PROMPT, Draft("A dog.", verdict="keep"))
    made.put_draft(DIGESTS[1], MODEL, "another prompt", Draft("A cat."))
    for note in (said("A model's."), said("A person's.", "human"), said("Seen.", kind="caption")):
        made.put_note(DIGESTS[0], note)
    yield made
    made.close()


def answers(catalogue: Catalogue) -> list[object]:
    return [
        *(catalogue.content_of(photo, 10, 20) for photo in PHOTOS),
        catalogue.content_of(PHOTOS[0], 11, 20),
        *(catalogue.draft(digest, MODEL, PROMPT) for digest in DIGESTS),
        *(catalogue.draft(digest, MODEL, "another prompt") for digest in DIGESTS),
        *(catalogue.notes(digest, "alt") for digest in DIGESTS),
        *(catalogue.notes(digest) for digest in DIGESTS),
        *(catalogue.model_note(digest, "alt", MODEL) for digest in DIGESTS),
        *(catalogue.model_note(digest, "caption", MODEL) for digest in DIGESTS),
    ]


def test_what_was_read_ahead_is_what_each_question_gets(catalogue: Catalogue) -> None:
    one_by_one = answers(catalogue)
    catalogue.foresee(PHOTOS, MODEL, PROMPT)
    assert answers(catalogue) == one_by_one
    assert one_by_one[0] == Known(DIGESTS[0], "From the file.")
    assert catalogue.notes(DIGESTS[0], "alt")[0].value == "A person's."


def test_known_photos_take_no_query_each(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.foresee(PHOTOS[:2], MODEL, PROMPT)
    monkeypatch.setattr(Catalogue, "_rows", lambda *_: pytest.fail("the catalogue was asked"))
    for photo, digest in zip(PHOTOS[:2], DIGESTS[:2], strict=True):
        assert catalogue.content_of(photo, 10, 20) is not None
        catalogue.draft(digest, MODEL, PROMPT)
        catalogue.notes(digest, "alt")
        catalogue.model_note(digest, "alt", MODEL)


def test_words_of_a_person_written_meanwhile_by_another_process_are_seen(
    catalogue: Catalogue,
) -> None:
    catalogue.foresee(PHOTOS, MODEL, PROMPT)
    other = Catalogue(catalogue.folder)
    other.put_note(DIGESTS[1], said("A person's, just now.", "human"))
    other.close()
    assert catalogue.content_of(PHOTOS[1], 10, 20) == Known(DIGESTS[1], "From the file.")
    assert catalogue.notes(DIGESTS[1], "alt")[0].value == "A person's, just now."


def test_what_the_batch_itself_writes_is_seen(catalogue: Catalogue) -> None:
    catalogue.foresee(PHOTOS, MODEL, PROMPT)
    catalogue.put_draft(DIGESTS[1], MODEL, PROMPT, Draft("A cat on a sofa."))
    assert catalogue.draft(DIGESTS[1], MODEL, PROMPT) == Draft("A cat on a sofa.")
