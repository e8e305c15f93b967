"""From each past version of the tables to the next, in one transaction, without embedding again.

A migration stays as it was written: its SQL is its own, not that of `index.catalogue.schema`. Each
has a test that starts from a file of its version, made by SQL that is kept in the test.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from index.catalogue.word_forms import name_and_folder

_TO_2 = """
ALTER TABLE photo ADD COLUMN lens TEXT;
ALTER TABLE photo ADD COLUMN rating INTEGER;
ALTER TABLE photo ADD COLUMN title TEXT;
ALTER TABLE photo ADD COLUMN description TEXT;
ALTER TABLE photo ADD COLUMN alt_text TEXT;
ALTER TABLE photo ADD COLUMN extended_description TEXT;
ALTER TABLE photo ADD COLUMN place TEXT;
ALTER TABLE photo ADD COLUMN taken_from TEXT;
ALTER TABLE photo ADD COLUMN dhash INTEGER;
ALTER TABLE photo ADD COLUMN sidecar_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN facts_version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE keyword (photo_id INTEGER NOT NULL REFERENCES photo (id), value TEXT NOT NULL);
CREATE INDEX keyword_by_photo ON keyword (photo_id);
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
"""

_TO_3 = """
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
CREATE TEMP TABLE words_2 AS
    SELECT rowid AS id, name, folder, keywords, caption, ocr, '' FROM words;
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5(
    name, folder, keywords, caption, ocr, drafted, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO words (rowid, name, folder, keywords, caption, ocr, drafted) SELECT * FROM words_2;
DROP TABLE words_2;
"""


def _from_1_to_2(connection: sqlite3.Connection) -> None:
    """Words, notes and more facts; names can be searched at once, facts are read by the next run.

    What a photo says of itself is read again because its ``facts_version`` is 0.
    """
    for statement in _TO_2.split(";\n"):
        connection.execute(statement)
    for row_id, path in connection.execute("SELECT id, path FROM photo WHERE NOT missing"):
        connection.execute(
            "INSERT INTO words (rowid, name, folder, keywords, caption, ocr) "
            "VALUES (?, ?, ?, '', '', '')",
            (row_id, *name_and_folder(path)),
        )


def _from_2_to_3(connection: sqlite3.Connection) -> None:
    """The ledger of alternative texts, what pairs of photos were found to be, words of models.

    Nothing of version 2 wrote words of models, so that there are none to be told apart.
    """
    for statement in _TO_3.split(";\n"):
        connection.execute(statement)


MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1_to_2, 2: _from_2_to_3}
"""What brings the tables of a version to the next one."""


def migrate(connection: sqlite3.Connection, version: int, wanted: int) -> None:
    """Bring the tables from one version to another, inside a transaction."""
    for step in range(version, wanted):
        MIGRATIONS[step](connection)
        connection.execute(f"PRAGMA user_version={step + 1}")
