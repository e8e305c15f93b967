"""The journal of a database that another process is about to write."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from index.catalogue import transactions
from index.catalogue.transactions import write_ahead


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, check_same_thread=False)


def test_a_new_database_waits_for_the_one_who_writes_in_it_first(tmp_path: Path) -> None:
    with (
        closing(_opened(tmp_path / "new.db")) as other,
        closing(_opened(tmp_path / "new.db")) as db,
    ):
        other.execute("BEGIN IMMEDIATE")
        soon = threading.Timer(0.2, other.execute, ["COMMIT"])
        soon.start()
        write_ahead(db)
        soon.join()
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_one_who_writes_without_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "_WAIT_S", 0.05)
    with (
        closing(_opened(tmp_path / "new.db")) as other,
        closing(_opened(tmp_path / "new.db")) as db,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write_ahead(db)


def test_a_journal_written_ahead_already_stays(tmp_path: Path) -> None:
    with closing(_opened(tmp_path / "new.db")) as db:
        write_ahead(db)
        write_ahead(db)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
