"""The catalogue's tables as they are now; `index.catalogue.migrations` brings older ones here.

The format version is SQLite's ``user_version``. Paths are the bytes that the file system uses,
so that a name in no known encoding is stored as it is.
"""

from __future__ import annotations

import sqlite3
import uuid

VERSION = 3

_TABLES = """
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
    name, folder, keywords, caption, ocr, drafted, tokenize = 'unicode61 remove_diacritics 2'
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
CREATE TABLE alt_run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    model TEXT NOT NULL,
    prompt TEXT NOT NULL,
    options TEXT NOT NULL,
    undone TEXT
);
CREATE TABLE alt_write (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES alt_run (id),
    hash BLOB,
    path BLOB NOT NULL,
    kind TEXT NOT NULL,
    line INTEGER,
    src TEXT NOT NULL,
    before TEXT,
    alt TEXT,
    status TEXT NOT NULL,
    made_at TEXT NOT NULL,
    left_hash BLOB,
    undo TEXT
);
CREATE INDEX alt_write_by_run ON alt_write (run_id, path);
CREATE INDEX alt_write_by_hash ON alt_write (hash);
CREATE INDEX alt_write_by_left_hash ON alt_write (left_hash);
CREATE TABLE alt_splice (
    write_id INTEGER NOT NULL REFERENCES alt_write (id),
    start INTEGER NOT NULL,
    before BLOB NOT NULL,
    after BLOB NOT NULL,
    lead BLOB NOT NULL,
    trail BLOB NOT NULL
);
CREATE INDEX alt_splice_by_write ON alt_splice (write_id);
CREATE TABLE alt_draft (
    hash BLOB NOT NULL,
    model TEXT NOT NULL,
    prompt TEXT NOT NULL,
    alt TEXT NOT NULL,
    extended TEXT,
    verdict TEXT,
    evidence TEXT,
    made_at TEXT NOT NULL,
    PRIMARY KEY (hash, model, prompt)
) WITHOUT ROWID;
CREATE TABLE alt_seen (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    hash BLOB NOT NULL,
    alt TEXT,
    run_id INTEGER
) WITHOUT ROWID;
CREATE INDEX alt_seen_by_hash ON alt_seen (hash);
CREATE TABLE compared_pair (
    a BLOB NOT NULL,
    b BLOB NOT NULL,
    method INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
"""


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty catalogue, inside a transaction."""
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO library VALUES (?)", (uuid.uuid4().bytes,))
    connection.execute(f"PRAGMA user_version={VERSION}")
