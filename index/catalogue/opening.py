"""Open the file of a catalogue: make it, bring it up to date, or only read it.

Journal: WAL with ``synchronous=NORMAL``: a killed process loses nothing that was committed, a power
cut at most the last batches, and neither damages the file; every photo is still on disk to be
indexed again. A library that may not be written has no room for SQLite's own files, so it is read
as a file that nobody changes; where changes wait in a ``-wal`` file they are read with it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import quote

from index.catalogue.migrations import migrate
from index.catalogue.schema import VERSION, make_tables
from index.catalogue.transactions import transaction, write_ahead
from index.errors import LibraryReadOnly
from index.faults import plainly
from index.lock import only_writer
from vlm.errors import LibraryDamaged, LibraryMissing, LibraryNewer

FILE = "catalogue.db"

_NO_ROOM = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}


def connect(folder: Path, *, create: bool) -> sqlite3.Connection:
    """Open ``catalogue.db`` in a folder, making folder and tables first where asked to.

    Raises `LibraryMissing`, `LibraryNewer`, `LibraryDamaged`, `LibraryReadOnly`, `LibraryBusy` or
    `LibraryFull`.
    """
    path = folder / FILE
    with plainly(folder):
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            raise LibraryMissing(folder)
        if path.is_file() and not (os.access(folder, os.W_OK) and os.access(path, os.W_OK)):
            return _read_library(folder)
        connection = _connect(path)
        try:
            _prepare(connection, folder, create=create)
        except sqlite3.OperationalError as error:
            connection.close()
            if create or error.sqlite_errorcode & 0xFF not in _NO_ROOM:
                raise
            return _read_library(folder)  # a full disk is no reason not to search
        except BaseException:
            connection.close()
            raise
    return connection


def _connect(name: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(name, timeout=10, isolation_level=None, check_same_thread=False, uri=uri)


def read_only(file: Path) -> sqlite3.Connection:
    """Open a database that is not to be written. Raises what SQLite raises when it is first read.

    It is taken for one that nobody changes, unless changes to it wait in a ``-wal`` file.
    """
    name = f"file:{quote(os.fsencode(file.absolute()))}?mode=ro"
    return _connect(name if _changes_wait(file) else name + "&immutable=1", uri=True)


def _changes_wait(file: Path) -> bool:
    changes = file.with_name(file.name + "-wal")
    return changes.is_file() and changes.stat().st_size > 0


def _read_library(folder: Path) -> sqlite3.Connection:
    path = folder / FILE
    connection = read_only(path)
    try:
        version = version_of(connection, folder)
        if version < 1:
            raise LibraryMissing(folder)
        _check_length(connection, path)
        if version < VERSION:
            raise LibraryReadOnly(folder, "an older version of this program made it")
    except sqlite3.OperationalError as error:
        connection.close()
        if not _changes_wait(path):
            raise
        reason = f"its last changes still wait in {FILE}-wal"
        raise LibraryReadOnly(folder, reason) from error
    except BaseException:
        connection.close()
        raise
    return connection


def version_of(connection: sqlite3.Connection, where: Path) -> int:
    """Format of the tables, 0 for none. Raises `LibraryNewer`, or `LibraryDamaged` if not ours."""
    version: int
    # Both as they were at one moment: another process may be making the tables.
    with nullcontext() if connection.in_transaction else transaction(connection, "BEGIN"):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise LibraryNewer(where, version, VERSION)
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if (version < 1 and names) or (version > 0 and not {"library", "photo"} <= names):
        raise LibraryDamaged(where / FILE, "not a catalogue of vlm-assistant")
    return version


def _check_length(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `LibraryDamaged` where the last page was cut, which SQLite takes for zeros."""
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    if path.stat().st_size % page and not _changes_wait(path):
        raise LibraryDamaged(path, "it was cut")


def _prepare(connection: sqlite3.Connection, folder: Path, *, create: bool) -> None:
    version = version_of(connection, folder)
    _check_length(connection, folder / FILE)
    if version < 1:
        if not create:
            raise LibraryMissing(folder)
        write_ahead(connection)
        with transaction(connection, "BEGIN IMMEDIATE"):
            # Another process may have made them between our look and our lock.
            if version_of(connection, folder) == 0:
                make_tables(connection)
    elif version < VERSION:
        with only_writer(folder), transaction(connection, "BEGIN IMMEDIATE"):
            migrate(connection, version_of(connection, folder), VERSION)
    connection.execute("PRAGMA synchronous=NORMAL")
