"""The catalogue's tables, and opening the file that holds them.

The format version is SQLite's ``user_version``. Paths are the bytes that the file system uses,
so that a name in no known encoding is stored as it is. Journal: WAL with ``synchronous=NORMAL``:
a killed process loses nothing that was committed, a power cut at most the last batches, and
neither damages the file; every photo is still on disk to be indexed again.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.faults import plainly
from vlm.errors import LibraryDamaged, LibraryMissing, LibraryNewer

VERSION = 1

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
"""


def connect(folder: Path, *, create: bool) -> sqlite3.Connection:
    """Open ``catalogue.db`` in a folder, making folder and tables first where asked to.

    Raises `LibraryMissing`, `LibraryNewer`, `LibraryDamaged` or `LibraryFull`.
    """
    path = folder / "catalogue.db"
    with plainly(folder):
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            raise LibraryMissing(folder)
        connection = sqlite3.connect(
            path, timeout=10, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, folder, create=create)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, folder: Path, *, create: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise LibraryNewer(folder, version, VERSION)
    if version < 1:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables:
            raise LibraryDamaged(folder / "catalogue.db", "not a catalogue of vlm-assistant")
        if not create:
            raise LibraryMissing(folder)
        _make_tables(connection)
    connection.execute("PRAGMA synchronous=NORMAL")


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    with transaction(connection, "BEGIN IMMEDIATE"):
        # Another process may have made them between our look and our lock.
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            connection.execute("INSERT INTO library VALUES (?)", (uuid.uuid4().bytes,))
            connection.execute(f"PRAGMA user_version={VERSION}")


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """Commit what is done inside, or take all of it back."""
    try:
        connection.execute(begin)
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back already when the disk is full
            connection.execute("ROLLBACK")
        raise
