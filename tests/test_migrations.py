"""Libraries of every past version open, keep their vectors, and are not embedded again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL.Image import Image

from index.build import build
from index.catalogue.catalogue import Catalogue
from index.catalogue.migrations import MIGRATIONS
from index.catalogue.schema import VERSION
from index.library import Library
from index.lock import only_writer
from index.search.search import search_text
from vlm.errors import LibraryBusy
from vlm.fakes import ColourEmbedder
from vlm.protocols import Vectors

VERSION_1 = """
CREATE TABLE library (id BLOB NOT NULL);
CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    dim INTEGER NOT NULL,
    generation INTEGER NOT NULL
);
CREATE TABLE photo (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    orientation INTEGER NOT NULL,
    taken_at TEXT,
    camera TEXT,
    latitude REAL,
    longitude REAL,
    missing INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX photo_by_hash ON photo (hash);
CREATE INDEX photo_by_size ON photo (size);
CREATE TABLE vector (
    model_id INTEGER NOT NULL REFERENCES model (id),
    hash BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (model_id, hash)
);
PRAGMA user_version = 1;
"""

FAKE = ColourEmbedder()


class Unwilling(ColourEmbedder):
    """Embeds texts, and no photo."""

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        raise AssertionError("embedded again")


@pytest.fixture
def old(tmp_path: Path, photos: Path) -> Path:
    """A library of version 1 that holds the photos, and one more that is missing."""
    folder = tmp_path / "old"
    folder.mkdir()
    colours = {"red.png": (1, 0, 0), "green.jpg": (0, 1, 0), "sub/blue.webp": (0, 0, 1)}
    with closing(sqlite3.connect(folder / "catalogue.db")) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.executescript(VERSION_1)
        db.execute("INSERT INTO library VALUES (?)", (b"L" * 16,))
        db.execute("INSERT INTO model VALUES (1, ?, 'fake', 3, 7)", (FAKE.fingerprint,))
        insert = (
            "INSERT INTO photo (path, hash, size, mtime_ns, format, width, height, orientation, "
            "missing) VALUES (?, ?, ?, ?, 'PNG', 64, 48, 1, ?)"
        )
        for name, colour in colours.items():
            path = photos / name
            state, digest = path.stat(), sha256(path.read_bytes()).digest()
            values = (os.fsencode(path), digest, state.st_size, state.st_mtime_ns, 0)
            db.execute(insert, values)
            vector = np.array(colour, np.float16).tobytes()
            db.execute("INSERT INTO vector VALUES (1, ?, ?)", (digest, vector))
        db.execute(insert, (os.fsencode(photos / "gone.png"), b"G" * 32, 5, 5, 1))
    return folder


def tables(folder: Path) -> dict[str, object]:
    """Columns of every table, and how all but the table that was altered were made."""
    with closing(sqlite3.connect(folder / "catalogue.db")) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master")]
        shape: dict[str, object] = {
            name: db.execute(f"PRAGMA table_xinfo({name})").fetchall() for name in names
        }
        made = db.execute("SELECT name, sql FROM sqlite_master WHERE name != 'photo' ORDER BY name")
        shape["made"] = made.fetchall()
        shape["version"] = db.execute("PRAGMA user_version").fetchone()
        return shape


def test_every_past_version_has_a_migration() -> None:
    assert sorted(MIGRATIONS) == list(range(1, VERSION))


def test_a_library_of_version_1_becomes_the_same_as_a_new_one(old: Path, tmp_path: Path) -> None:
    Catalogue(old).close()
    Catalogue(tmp_path / "new", create=True).close()
    assert tables(old) == tables(tmp_path / "new")


def test_a_library_of_version_1_keeps_its_photos_and_vectors(old: Path, photos: Path) -> None:
    with Library.open(old) as library:
        hits = search_text(library, FAKE, "red", 3).hits
        assert (hits[0].path, round(hits[0].score, 5)) == (photos / "red.png", 1.0)
        assert library.catalogue.library_id() == b"L" * 16
        assert dict(library.models()) == {"fake": 3}
        (model,) = library.catalogue.models()
        assert model.generation == 7
        found = library.catalogue.search_words("red", ["name"])
        assert [library.catalogue.photos([i])[i].path for i, _ in found] == [photos / "red.png"]
        assert library.catalogue.search_words("gone") == []
        assert len(library.catalogue.search_words("sub", ["folder"])) == 1


def test_a_library_of_version_1_gets_its_facts_read_again_and_is_not_embedded_again(
    old: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(old) as library:
        assert [content.dhash for content in library.catalogue.contents()] == [None] * 3
        report = build(library, [photos], Unwilling(), workers=1)
        assert (report.unchanged, report.added, report.updated, report.skipped) == (3, 0, 0, [])
        assert all(content.dhash is not None for content in library.catalogue.contents())
        assert [p.format for p in library.catalogue.filterable()] == ["PNG", "JPEG", "WEBP"]
        monkeypatch.setattr("index.decoding.decode._Worker", None)  # the second run reads nothing
        assert build(library, [photos], Unwilling(), workers=1).unchanged == 3


def test_a_migration_that_fails_leaves_the_old_version(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(old)

    def break_off(connection: sqlite3.Connection) -> None:
        MIGRATION(connection)
        raise KeyboardInterrupt

    MIGRATION = MIGRATIONS[1]
    monkeypatch.setitem(MIGRATIONS, 1, break_off)
    with pytest.raises(KeyboardInterrupt):
        Catalogue(old)
    assert tables(old) == before
    monkeypatch.undo()
    with closing(Catalogue(old)) as catalogue:
        assert catalogue.count() == 3


def test_a_library_that_an_older_program_is_indexing_is_not_converted_under_it(old: Path) -> None:
    with only_writer(old), pytest.raises(LibraryBusy, match="another process is indexing"):
        Catalogue(old)
    Catalogue(old).close()
