"""Open the file of conversations: readable by its owner only, and made anew where there is none.

Journal: WAL. What is deleted is overwritten (``secure_delete``). The one module of `ui` that knows
sqlite3; what it reports is told plainly.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.catalogue.transactions import transaction, write_ahead
from ui.conversations.errors import (
    ConversationsBusy,
    ConversationsDamaged,
    ConversationsNewer,
    ConversationsUnwritable,
)
from ui.conversations.schema import TABLES, VERSION
from vlm.errors import system_reason

Connection = sqlite3.Connection

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNWRITABLE = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
}


@contextmanager
def opened(file: Path) -> Iterator[Connection]:
    """A connection for one piece of work; everything inside may raise a `ConversationsError`."""
    with _plainly(file):
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        elif file.stat().st_mode & 0o077:
            file.chmod(0o600)
        with closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as db:
            _prepare(db, file)
            yield db


def empty_journal(file: Path) -> None:
    """Move what waits in the journal into the file, so that nothing deleted is left in it."""
    with opened(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare(db: Connection, file: Path) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA synchronous = NORMAL")
    version = _version(db)
    if version > VERSION:
        raise ConversationsNewer(file, version, VERSION)
    if version < 1:
        write_ahead(db)
        with transaction(db, "BEGIN IMMEDIATE"):
            if _version(db) < 1:  # else another process made them between our look and our lock
                _make_tables(db, file)


def _version(db: Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _make_tables(db: Connection, file: Path) -> None:
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise ConversationsDamaged(file, "another program made it")
    for statement in TABLES.split(";\n"):
        db.execute(statement)


@contextmanager
def _plainly(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _BUSY:
            raise ConversationsBusy(file) from error
        if code in _UNWRITABLE:
            raise ConversationsUnwritable(file, str(error)) from error
        raise ConversationsDamaged(file, str(error)) from error
    except OSError as error:
        raise ConversationsUnwritable(file, system_reason(error)) from error
