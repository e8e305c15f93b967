"""Damage anywhere in a library: the right answer or a plain word, never a traceback.

SQLite keeps no checksums, so a byte of a text or a number that became another one is not told.
A page that is not what it was (torn, blank, overwritten) is.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path

import pytest
from drawn_photos import draw
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.build import build
from index.care import check
from index.catalogue.records import Note
from index.duplicates.groups import find_duplicates
from index.errors import VectorsDamaged
from index.library import Library
from index.search.search import search_text
from vlm.errors import LibraryDamaged, VlmError
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()
PAGE = 4096
QUERIES = ("red", '"red square"', "red type:png", "red taken:2026", "red in:photos", "-red blue")
FILES = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 10**9)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a page of everything; a few of its photos came after its vectors file."""
    place = tmp_path_factory.mktemp("whole")
    draw(place / "photos", 40)
    with Library.open(place / "library", create=True) as library:
        build(library, [place / "photos"], FAKE, workers=1)
        for content in list(library.catalogue.contents())[:15]:
            note = Note("caption", "a red square " * 9, "model", "2026-01-01")
            library.catalogue.put_note(content.hash, note)
        draw(place / "photos" / "more", 4, seed=1)
        build(library, [place / "photos"], FAKE, workers=1)
    return place / "library"


@pytest.fixture(scope="module")
def expected(whole: Path) -> str:
    return answers(whole)


def answers(folder: Path) -> str:
    """A digest of what is found, since hypothesis shows what fails at length."""
    with Library.open(folder) as library:
        hits = [search_text(library, FAKE, query, 100).hits for query in QUERIES]
    return sha256(repr(hits).encode()).hexdigest()


def copied(whole: Path, place: Path, *, without_vectors: bool = False) -> Path:
    folder = place / "library"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    if without_vectors:
        for file in folder.glob("vectors-*"):
            file.unlink()
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where damaged copies are made, one after the other."""
    return tmp_path_factory.mktemp("damaged")


def right_or_told(folder: Path, expected: str) -> None:
    with suppress(LibraryDamaged):
        assert answers(folder) == expected


@FILES
@given(seed=SEEDS, kind=st.sampled_from(["zeros", "ones", "noise", "shifted"]), bare=st.booleans())
def test_a_damaged_page_of_the_catalogue_gives_no_wrong_answer(
    whole: Path, expected: str, place: Path, seed: int, kind: str, bare: bool
) -> None:
    folder, chance = copied(whole, place, without_vectors=bare), random.Random(seed)
    file = folder / "catalogue.db"
    data = bytearray(file.read_bytes())
    at = PAGE * chance.randrange(len(data) // PAGE)
    data[at : at + PAGE] = {
        "zeros": bytes(PAGE),
        "ones": b"\xff" * PAGE,
        "noise": chance.randbytes(PAGE),
        "shifted": data[at + 512 : at + PAGE] + bytes(512),
    }[kind]
    file.write_bytes(data)
    right_or_told(folder, expected)


@FILES
@given(share=st.floats(0, 1), bare=st.booleans())
@example(share=0.9999, bare=False)
@example(share=0.9921875, bare=False)
@example(share=1.0, bare=True)
def test_a_catalogue_that_was_cut_anywhere_gives_no_wrong_answer(
    whole: Path, expected: str, place: Path, share: float, bare: bool
) -> None:
    folder = copied(whole, place, without_vectors=bare)
    data = (folder / "catalogue.db").read_bytes()
    (folder / "catalogue.db").write_bytes(data[: max(2, int(share * len(data)))])
    right_or_told(folder, expected)


@FILES
@given(seed=SEEDS, number=st.integers(1, 8))
def test_bytes_of_the_catalogue_that_changed_never_end_in_a_traceback(
    whole: Path, place: Path, seed: int, number: int
) -> None:
    folder, chance = copied(whole, place, without_vectors=seed % 2 == 0), random.Random(seed)
    file = folder / "catalogue.db"
    data = bytearray(file.read_bytes())
    for _ in range(number):
        data[chance.randrange(len(data))] = chance.randrange(256)
    file.write_bytes(data)
    with suppress(VlmError):
        answers(folder)
    with suppress(VlmError), Library.open(folder) as library:
        check(library)
        find_duplicates(library, ["exact"])


@FILES
@given(seed=SEEDS, number=st.integers(0, 8), cut=st.booleans(), changes=st.booleans())
def test_damage_anywhere_in_the_files_of_vectors_changes_no_answer(
    whole: Path, expected: str, place: Path, seed: int, number: int, cut: bool, changes: bool
) -> None:
    folder, chance = copied(whole, place), random.Random(seed)
    (file,) = folder.glob("vectors-*.changes" if changes else "vectors-*.faiss")
    data = bytearray(file.read_bytes())
    for _ in range(number):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if cut:
        del data[chance.randrange(len(data)) :]
    file.write_bytes(data)
    assert answers(folder) == expected


DAMAGES = {
    "a text that is none": "UPDATE photo SET taken_at = CAST(x'32c328' AS TEXT)",
    "a model without size": "UPDATE model SET dim = x'00'",
    "no identity": "UPDATE library SET id = 7",
    "two identities": "INSERT INTO library VALUES (x'00')",
    "contents without a hash": (
        "UPDATE photo SET hash = 'H'; UPDATE vector SET hash = 'H' WHERE rowid = 1"
    ),
    "a column of another name": (
        "PRAGMA writable_schema=1; UPDATE sqlite_master SET "
        "sql = replace(sql, 'longitude', 'longitudf') WHERE name = 'photo'"
    ),
    "a table of words without its parts": "PRAGMA writable_schema=1; DROP TABLE words_config",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_sqlite_cannot_tell_is_told(whole: Path, place: Path, damage: str) -> None:
    folder = copied(whole, place, without_vectors=True)
    with closing(sqlite3.connect(folder / "catalogue.db")) as db:
        db.executescript(DAMAGES[damage])
    with pytest.raises(LibraryDamaged, match=r"catalogue\.db: the catalogue is damaged"):
        answers(folder)


@pytest.mark.parametrize("value", [b"", b"\0" * 5, b"\0" * 6, b"\0\x7e" * 3, "text", 7])
def test_a_vector_that_is_none_is_told_with_what_mends_it(
    whole: Path, place: Path, value: object
) -> None:
    folder = copied(whole, place, without_vectors=True)
    with closing(sqlite3.connect(folder / "catalogue.db")) as db, db:
        db.execute("UPDATE vector SET value = ? WHERE rowid = 3", (value,))
    with pytest.raises(VectorsDamaged, match="vlm library check --repair"):
        answers(folder)
    with Library.open(folder) as library:
        assert check(library, repair=True).problems == ("damaged vectors of fake: 1",)
        assert len(search_text(library, FAKE, "red", 100).hits) == 43


def test_a_note_of_no_kind_is_not_searched(whole: Path, place: Path) -> None:
    folder = copied(whole, place)
    with closing(sqlite3.connect(folder / "catalogue.db")) as db, db:
        db.execute("UPDATE note SET kind = 'captyon' WHERE rowid = 1")
    with Library.open(folder) as library:
        assert check(library).problems == ("photos whose searched words are not theirs: 1",)
