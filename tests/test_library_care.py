"""`vlm library check` and `prune`: what is wrong is told and mended, what is gone is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL.Image import Image

from index.build import build
from index.care import check, forget_missing, forget_other_models
from index.catalogue.care import Forgettable
from index.catalogue.ledger_records import Draft, Known
from index.catalogue.records import Note
from index.errors import ModelIncomplete
from index.library import Library
from index.search.search import search_text
from vlm.errors import LibraryBusy, ModelNotIndexed
from vlm.fakes import ColourEmbedder
from vlm.protocols import Vectors

FAKE = ColourEmbedder()


class Other(ColourEmbedder):
    """Another model that sees the same."""

    name = "other"
    fingerprint = "other-1"

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        return super().embed_images(images)


@pytest.fixture
def library(tmp_path: Path, photos: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], FAKE, workers=1)
        yield library


def digest_of(library: Library, name: str) -> bytes:
    (content,) = (c for c in library.catalogue.contents() if c.path.name == name)
    return content.hash


def test_a_library_that_is_well_has_no_problems(library: Library, photos: Path) -> None:
    (photos / "red.png").unlink()
    build(library, [photos], FAKE)
    health = check(library)
    assert (health.photos, health.missing, health.searched) == (2, 1, {"fake": 2})
    assert (health.problems, health.repaired) == ((), False)


def test_words_that_are_not_those_of_the_photo_are_written_again(library: Library) -> None:
    db = library.catalogue._db
    db.execute("UPDATE words SET name = 'elephant' WHERE rowid = 1")
    db.execute("DELETE FROM words WHERE rowid = 2")
    db.execute("INSERT INTO words (rowid, name) VALUES (99, 'nobody')")
    problem = "photos whose searched words are not theirs: 3"
    assert check(library).problems == (problem,)
    health = check(library, repair=True)
    assert (health.problems, health.repaired) == ((problem,), True)
    assert check(library).problems == ()
    assert library.catalogue.search_words("elephant") == []
    assert [i for i, _ in library.catalogue.search_words("png OR red")] == []
    assert len(library.catalogue.search_words("red")) == 1


@pytest.mark.parametrize("value", [b"", b"\0" * 6, b"\0" * 7, np.full(3, np.nan, "f2").tobytes()])
def test_a_damaged_vector_is_forgotten_and_embedded_again(
    library: Library, photos: Path, value: bytes
) -> None:
    expected = search_text(library, FAKE, "red").hits
    digest = digest_of(library, "red.png")
    with library.catalogue.transaction():
        library.catalogue._db.execute("UPDATE vector SET value = ? WHERE hash = ?", (value, digest))
    assert check(library).problems == ("damaged vectors of fake: 1",)
    check(library, repair=True)
    health = check(library)
    assert (health.problems, health.photos, health.searched) == ((), 3, {"fake": 2})
    assert build(library, [photos], FAKE, workers=1).added == 1
    assert search_text(library, FAKE, "red").hits == expected


def test_a_repair_waits_for_a_run_of_indexing(library: Library, tmp_path: Path) -> None:
    library.catalogue._db.execute("DELETE FROM words WHERE rowid = 2")
    with Library.open(tmp_path / "library") as other, other.writing():
        assert len(check(library).problems) == 1
        with pytest.raises(LibraryBusy):
            check(library, repair=True)


def test_what_is_missing_is_forgotten_with_all_that_is_known_of_it(
    library: Library, photos: Path
) -> None:
    catalogue = library.catalogue
    red, green = digest_of(library, "red.png"), digest_of(library, "green.jpg")
    for author in ("human", "model"):
        catalogue.put_note(red, Note("caption", "red", author, "2026"))  # type: ignore[arg-type]
    catalogue.put_note(green, Note("caption", "green", "human", "2026"))
    pairs = [(red, green), (green, digest_of(library, "blue.webp"))]
    catalogue.keep_apart(pairs)
    catalogue.put_compared(dict.fromkeys(pairs, False), 1)
    (photos / "red.png").unlink()
    build(library, [photos], FAKE)
    assert catalogue.forgettable() == Forgettable(photos=1, vectors=1, notes=2, own_notes=1)
    assert forget_missing(library) == Forgettable(1, 1, 2, 1)
    assert catalogue.forgettable() == Forgettable(0, 0, 0, 0)
    assert (catalogue.notes(red), len(catalogue.notes(green))) == ([], 1)
    assert len(catalogue.kept_apart()) == 1
    assert catalogue.compared(pairs, 1) == {pairs[1]: False}
    assert search_text(library, FAKE, "green").hits[0].path.name == "green.jpg"
    assert check(library).problems == ()
    assert build(library, [photos], FAKE).unchanged == 2


def test_a_copy_keeps_what_is_known_of_its_content(library: Library, photos: Path) -> None:
    (photos / "copy.png").write_bytes((photos / "red.png").read_bytes())
    library.catalogue.put_note(digest_of(library, "red.png"), Note("alt", "red", "human", "2026"))
    build(library, [photos], FAKE, workers=1)
    (photos / "red.png").unlink()
    build(library, [photos], FAKE, workers=1)
    assert forget_missing(library) == Forgettable(1, 0, 0, 0)
    assert len(library.catalogue.notes(digest_of(library, "copy.png"))) == 1
    assert search_text(library, FAKE, "red", 1).hits[0].path.name == "copy.png"


def test_other_models_are_forgotten_only_for_one_that_has_everything(
    library: Library, photos: Path
) -> None:
    with pytest.raises(ModelNotIndexed, match="no photo is indexed with 'other'"):
        forget_other_models(library, "other-1", "other")
    build(library, [photos / "sub"], Other(), workers=1)
    with pytest.raises(ModelIncomplete, match="vectors of only 1 of 3 photos"):
        forget_other_models(library, "other-1", "other")
    assert dict(library.models()) == {"fake": 3, "other": 1}
    build(library, [photos], Other(), workers=1)
    assert forget_other_models(library, "other-1", "other") == ("fake",)
    assert dict(library.models()) == {"other": 3}
    assert not list(library.folder.glob("*fake*"))
    assert list(library.folder.glob("vectors-other-1.faiss"))
    assert search_text(library, Other(), "red").hits[0].path.name == "red.png"
    assert forget_other_models(library, "other-1", "other") == ()


def test_drafts_are_forgotten_with_the_last_file_that_has_their_content(
    library: Library, tmp_path: Path
) -> None:
    catalogue = library.catalogue
    photos = [tmp_path / name for name in ("gone.jpg", "here.jpg")]
    digests = [bytes([n]) * 32 for n in (1, 2, 3)]
    for path, digest in zip(photos, digests, strict=False):
        path.touch()
        catalogue.put_content(path, 0, 0, Known(digest))
    catalogue.put_content(tmp_path / "copy.jpg", 0, 0, Known(digests[1]))
    for digest, verdict in zip(digests, (None, None, "rejected"), strict=True):
        catalogue.put_draft(digest, "fake", "v1", Draft("A dog.", verdict=verdict))
        catalogue.put_note(digest, Note("alt", "Our dog.", "human", "2026"))
    assert catalogue.forgettable() == Forgettable(0, 0, 1, 1, drafts=1, rejected=1, seen=1)
    photos[0].unlink()
    assert forget_missing(library) == Forgettable(0, 0, 2, 2, drafts=2, rejected=1, seen=2)
    kept = [catalogue.draft(digest, "fake", "v1") is not None for digest in digests]
    assert kept == [False, True, False]
    assert [note.value for note in catalogue.notes(digests[1])] == ["Our dog."]
    assert not catalogue.forgettable()
