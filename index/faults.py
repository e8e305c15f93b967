"""What SQLite and the system say when a disk or a file fails, told to the user plainly."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vlm.errors import LibraryBusy, LibraryDamaged, LibraryFull

_CANNOT_WRITE = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EFBIG,
    errno.EIO,
    errno.ENOTDIR,
    errno.EEXIST,
}
_FULL = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_UNREADABLE = (
    "Could not decode to UTF-8",
    "no such ",
    "invalid fts5 ",
    "vtable constructor failed",
)
"""How messages begin that SQLite has no code of its own for: texts that are none, tables that are
not as we made them."""
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def plainly(folder: Path) -> Iterator[None]:
    """Raise `LibraryFull`, `LibraryBusy` or `LibraryDamaged` for what the system reports.

    Mistakes of ours (a wrong statement, a broken constraint) are left as they are, unless they are
    what a damaged catalogue looks like.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _FULL:
            raise LibraryFull(folder, str(error)) from error
        if code in _BUSY:
            raise LibraryBusy(folder) from error
        if code in _DAMAGED or str(error).startswith(_UNREADABLE):
            raise LibraryDamaged(folder / "catalogue.db", str(error)) from error
        raise
    except UnicodeDecodeError as error:  # in a message of SQLite's that names what is damaged
        reason = "it holds texts that are none"
        raise LibraryDamaged(folder / "catalogue.db", reason) from error
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            raise
        raise LibraryFull(folder, error.strerror or str(error)) from error
