"""What the ledger says of the next photos of a batch, in a few queries instead of four each."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.catalogue.ledger_records import Draft, Known
from index.catalogue.notes import PEOPLE_FIRST
from index.catalogue.records import Note

_AT_ONCE = 500
"""Values in one statement, of which older SQLite takes 999."""


def version_of(connection: sqlite3.Connection) -> int:
    """Another number after each write of another connection."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


@dataclass(frozen=True, slots=True)
class Foreseen:
    """True as long as nobody has written since; what is not in here is to be asked for.

    ``changes`` tell the writes of the same connection, and ``version`` those of others.
    ``files``: size, time of change and content by path. ``notes`` are the alternative texts of each
    content, in the order of `CatalogueWords.notes`, and ``drafts`` those of one model and prompt.
    """

    changes: int
    version: int
    asked: tuple[str, str]
    files: Mapping[bytes, tuple[int, int, Known]]
    notes: Mapping[bytes, Sequence[Note]]
    drafts: Mapping[bytes, Draft]


def foreseen(
    connection: sqlite3.Connection, paths: Sequence[Path], model: str, prompt: str
) -> Foreseen:
    """Read it, with the writes that are counted before."""
    changes, version = connection.total_changes, version_of(connection)
    names = [os.fsencode(os.path.abspath(path)) for path in paths]  # noqa: PTH100 - no Path a photo
    files: dict[bytes, tuple[int, int, Known]] = {}
    for table, column in (("photo", "alt_text"), ("alt_seen", "alt")):  # the second counts more
        sql = f"SELECT path, size, mtime_ns, hash, {column} FROM {table} WHERE path IN"
        for path, size, mtime_ns, digest, alt in _among(connection, sql, names):
            files[path] = size, mtime_ns, Known(digest, alt)
    digests = list({known.digest for _size, _mtime_ns, known in files.values()})
    notes: dict[bytes, list[Note]] = {digest: [] for digest in digests}
    sql = (
        "SELECT hash, kind, value, author, made_at, model, prompt FROM note "
        "WHERE kind = 'alt' AND hash IN"
    )
    for digest, *note in _among(connection, sql, digests, PEOPLE_FIRST):
        notes[digest].append(Note(*note))
    sql = (
        "SELECT hash, alt, extended, verdict, evidence FROM alt_draft "
        "WHERE model = ? AND prompt = ? AND hash IN"
    )
    drafts = {
        digest: Draft(*draft)
        for digest, *draft in _among(connection, sql, digests, "", (model, prompt))
    }
    return Foreseen(changes, version, (model, prompt), files, notes, drafts)


def _among(
    connection: sqlite3.Connection,
    sql: str,
    values: Sequence[bytes],
    order: str = "",
    first: Sequence[str] = (),
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        yield from connection.execute(f"{sql} ({marks}) {order}", (*first, *some))
