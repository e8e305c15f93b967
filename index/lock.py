"""The lock of a library for its one writer; it ends with the process that holds it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.faults import plainly
from vlm.errors import LibraryBusy


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the only process that indexes, restores or converts. Raises `LibraryBusy`."""
    with plainly(folder), (folder / "lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LibraryBusy(folder) from None
        yield
