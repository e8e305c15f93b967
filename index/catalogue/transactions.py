"""All or nothing: what is written inside a transaction is committed, or taken back.

The journal is written ahead, so that those who read and the one who writes do not wait for each
other (https://www.sqlite.org/wal.html).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

_WAIT_S = 5.0
_PAUSE_S = 0.01


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


def write_ahead(connection: sqlite3.Connection) -> None:
    """Give a database its write-ahead journal, once for all who will ever open it.

    SQLite does not wait with this for somebody who is about to write, whatever its timeout: it
    would be two waiting for each other. We hold no lock here, so we wait.

    Raises:
        sqlite3.OperationalError: another process writes for longer than five seconds.
    """
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_S)
        else:
            return
