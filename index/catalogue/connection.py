"""One connection to a catalogue: statements, transactions, and its errors told plainly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.catalogue.opening import connect
from index.catalogue.transactions import transaction
from index.faults import plainly


class CatalogueConnection:
    """One connection to ``catalogue.db``; to be used by one thread at a time."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self._db = connect(folder, create=create)

    def close(self) -> None:
        """Close the connection; what was committed stays."""
        with plainly(self.folder):
            self._db.close()

    def __del__(self) -> None:
        if hasattr(self, "_db"):
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the writes inside, or none; others can read meanwhile."""
        with plainly(self.folder), transaction(self._db, "BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one state, whatever another process writes meanwhile."""
        with plainly(self.folder), transaction(self._db, "BEGIN"):
            yield

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Part of the transaction that is open, else one of its own."""
        if self._db.in_transaction:
            yield
        else:
            with self.transaction():
                yield

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with plainly(self.folder):
            return self._db.execute(sql, values).fetchall()

    def _each(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """As `_rows`, but one after the other."""
        with plainly(self.folder):
            yield from self._db.execute(sql, values)
