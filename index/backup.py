"""A whole library in one file, and back: SQLite's own backup of the catalogue.

The catalogue is all that a library is; FAISS files are made again from it. A restored library gets
an identity of its own, since files of vectors are told apart by identity and generation, and the
generations of two histories can be the same.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.catalogue.health import damage
from index.catalogue.migrations import migrate
from index.catalogue.opening import FILE, connect, read_only, version_of
from index.catalogue.schema import VERSION
from index.catalogue.transactions import transaction, write_ahead
from index.errors import BackupFailed, BackupInvalid, LibraryInTheWay
from index.faults import plainly
from index.lock import only_writer
from vlm.errors import LibraryDamaged, LibraryMissing, PathMissing


def back_up(folder: Path, file: Path, *, force: bool = False) -> int:
    """Write the library in a folder into one file, and give back its size in bytes.

    Others may search and index meanwhile. The file is checked, flushed to the disk and put in place
    in one step. Raises `LibraryInTheWay` for a file that exists (unless ``force``), `BackupFailed`,
    `LibraryDamaged` and what opening a library raises.
    """
    if file.exists() and not force:
        raise LibraryInTheWay(file)
    with closing(connect(folder, create=False)) as library:
        try:
            with _in_one_step(file) as temporary, closing(_copy(library, temporary)) as copy:
                wrong = damage(copy)
                if wrong:
                    raise LibraryDamaged(folder / FILE, wrong[0])
        except (OSError, sqlite3.OperationalError) as error:
            raise BackupFailed(file, getattr(error, "strerror", None) or str(error)) from error
    return file.stat().st_size


def restore(file: Path, folder: Path, *, force: bool = False) -> int:
    """Make the library of a backup in a folder, and give back how many photos it searches.

    With ``force`` it takes the place of the library there, all at once and also under those that
    search it; a damaged one is set aside as ``catalogue.db.damaged``. Raises `PathMissing`,
    `BackupInvalid`, `LibraryInTheWay`, `LibraryBusy`, `LibraryNewer` or `LibraryFull`.
    """
    if not file.is_file():
        raise PathMissing(file)
    target = folder / FILE
    if target.exists() and not force:
        raise LibraryInTheWay(folder)
    with closing(_open_backup(file)) as backup, plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with only_writer(folder), _temporary(target) as temporary:
            for left in folder.glob(f".{FILE}-*.tmp*"):  # of processes that were killed
                if left != temporary:
                    left.unlink(missing_ok=True)
            with closing(_copy(backup, temporary)) as copy:
                _make_current(copy)
                (photos,) = copy.execute("SELECT count(*) FROM photo WHERE NOT missing").fetchone()
                in_place = target.exists() and _overwrite(folder, copy)
            if not in_place:
                _set_aside(target)
                _flush(temporary)
                temporary.replace(target)
    return int(photos)


def _open_backup(file: Path) -> sqlite3.Connection:
    backup = read_only(file)
    try:
        version = version_of(backup, file)
        wrong = damage(backup) if version else ["it is empty"]
    except (sqlite3.DatabaseError, LibraryDamaged):
        wrong = ["it is no catalogue of a library"]
    except BaseException:
        backup.close()
        raise
    if wrong:
        backup.close()
        raise BackupInvalid(file, wrong[0])
    return backup


def _copy(source: sqlite3.Connection, file: Path) -> sqlite3.Connection:
    """A copy of a whole database, as a file that stands alone."""
    copy = sqlite3.connect(file, isolation_level=None)
    try:
        copy.execute("PRAGMA synchronous=OFF")  # the file is flushed once, before it is named
        copy.execute("PRAGMA journal_mode=OFF")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    except BaseException:
        copy.close()
        raise
    return copy


def _make_current(copy: sqlite3.Connection) -> None:
    (version,) = copy.execute("PRAGMA user_version").fetchone()
    with transaction(copy, "BEGIN IMMEDIATE"):
        migrate(copy, version, VERSION)
        copy.execute("UPDATE library SET id = ?", (uuid.uuid4().bytes,))
    write_ahead(copy)


def _overwrite(folder: Path, copy: sqlite3.Connection) -> bool:
    """Write over the library in a folder in one transaction, unless it is damaged."""
    try:
        with closing(connect(folder, create=False)) as library:
            if damage(library):
                return False
            copy.backup(library)
            return True
    except (LibraryDamaged, LibraryMissing):
        return False


def _set_aside(target: Path) -> None:
    """Keep what a damaged library left, under names that are free."""
    number = 0
    while (aside := target.with_name(f"{FILE}.damaged{number or ''}")).exists():
        number += 1
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            target.with_name(FILE + ending).rename(aside.with_name(aside.name + ending))


@contextmanager
def _in_one_step(file: Path) -> Iterator[Path]:
    with _temporary(file) as temporary:
        yield temporary
        _flush(temporary)
        temporary.replace(file)


@contextmanager
def _temporary(file: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-", suffix=".tmp")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(name + ending).unlink(missing_ok=True)


def _flush(file: Path) -> None:
    with file.open("rb") as flushed:
        os.fsync(flushed.fileno())
