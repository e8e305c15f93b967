"""What SQLite itself finds wrong with a catalogue."""

from __future__ import annotations

import sqlite3

_AT_MOST = 10


def damage(connection: sqlite3.Connection) -> list[str]:
    """Findings about the file, at most a few; none for a whole one. Reads all of it."""
    try:
        rows = connection.execute(f"PRAGMA integrity_check({_AT_MOST})").fetchall()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        fault = isinstance(error, sqlite3.OperationalError)
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if fault and code != sqlite3.SQLITE_ERROR:
            raise  # of the disk, or because another process is at work
        return [str(error)]
    found = [text.replace("\n", " ") for (text,) in rows if text != "ok"]
    return found + ([f"{len(broken)} rows refer to rows that are not there"] if broken else [])
