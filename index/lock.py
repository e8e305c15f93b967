"""The lock of a library for its one writer; it ends with the process that holds it."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.faults import plainly
from vlm.errors import LibraryBusy

_TRIES = 10
_PAUSE = 0.05
"""Seconds between tries: what a killed process had started may hold the lock a moment longer."""


BATCH = "alt.lock"


@contextmanager
def only_writer(folder: Path, name: str = "lock") -> Iterator[None]:
    """Be the only process that indexes, restores or converts; `BATCH` is the lock of batches.

    Raises `LibraryBusy`.
    """
    with plainly(folder), (folder / name).open("ab") as file:
        for _ in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_PAUSE)
        else:
            raise LibraryBusy(folder)
        yield
