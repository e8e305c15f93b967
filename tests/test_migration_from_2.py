"""Libraries of version 2 get the ledger of alternative texts, and lose nothing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from test_migrations import tables

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Note

VERSION_2 = """
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
    missing INTEGER NOT NULL DEFAULT 0,
    lens TEXT,
    rating INTEGER,
    title TEXT,
    description TEXT,
    alt_text TEXT,
    extended_description TEXT,
    place TEXT,
    taken_from TEXT,
    dhash INTEGER,                           -- signed, as all integers of SQLite are
    sidecar_ns INTEGER NOT NULL DEFAULT 0,   -- 0 where no sidecar lies beside the photo
    facts_version INTEGER NOT NULL DEFAULT 0 -- see index.records.FACTS_VERSION
);
CREATE INDEX photo_by_hash ON photo (hash);
CREATE INDEX photo_by_size ON photo (size);
CREATE TABLE keyword (photo_id INTEGER NOT NULL REFERENCES photo (id), value TEXT NOT NULL);
CREATE INDEX keyword_by_photo ON keyword (photo_id);
CREATE TABLE vector (
    model_id INTEGER NOT NULL REFERENCES model (id),
    hash BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (model_id, hash)
);
CREATE TABLE note (
    hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    author TEXT NOT NULL,
    model TEXT,
    prompt TEXT,
    made_at TEXT NOT NULL
);
CREATE INDEX note_by_hash ON note (hash);
CREATE VIRTUAL TABLE words USING fts5(
    name, folder, keywords, caption, ocr, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE distinct_pair (a BLOB NOT NULL, b BLOB NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE refused (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    reason TEXT NOT NULL,
    decoder TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE mounted (folder BLOB PRIMARY KEY, mount BLOB NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 2;
"""


def old(folder: Path) -> Path:
    """A library of version 2 with one photo that somebody wrote about."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "catalogue.db")) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.executescript(VERSION_2)
        db.execute("INSERT INTO library VALUES (?)", (b"L" * 16,))
        db.execute(
            "INSERT INTO photo (path, hash, size, mtime_ns, format, width, height, orientation) "
            "VALUES (?, ?, 7, 8, 'PNG', 64, 48, 1)",
            (os.fsencode("/a/cat.png"), b"H" * 32),
        )
        db.execute(
            "INSERT INTO note VALUES (?, 'alt', 'My cat.', 'human', NULL, NULL, '2026-01-01')",
            (b"H" * 32,),
        )
    return folder


def test_a_library_of_version_2_becomes_the_same_as_a_new_one(tmp_path: Path) -> None:
    Catalogue(old(tmp_path / "old")).close()
    Catalogue(tmp_path / "new", create=True).close()
    assert tables(tmp_path / "old") == tables(tmp_path / "new")


def test_a_library_of_version_2_keeps_what_was_written_and_takes_a_ledger(tmp_path: Path) -> None:
    with closing(Catalogue(old(tmp_path / "old"))) as catalogue:
        assert catalogue.notes(b"H" * 32) == [Note("alt", "My cat.", "human", "2026-01-01")]
        assert catalogue.content_of(Path("/a/cat.png"), 7, 8) == (b"H" * 32, None)
        assert catalogue.runs() == []
