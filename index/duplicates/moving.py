"""Move files away and back, so that a process killed at any point loses none of them.

Each move is first written, with the SHA-256 of the file, as a line of JSON into an undo file and
flushed to the disk. On one file system a move is a hard link under the new name, then the end of
the old name: the link cannot overwrite anything. Across file systems, and on those without hard
links, it is a copy that is flushed, read back and compared before the old name ends.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from index.records import Skipped
from vlm.errors import MoveRefused, UndoFileUnreadable, system_reason

_PIECE = 1 << 20

_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
"""What systems say where a hard link cannot be made; another name for the file may still be."""

_PART = ".vlm-part-"


@dataclass(frozen=True, slots=True)
class Move:
    """A file that goes from one path to another, and the SHA-256 of what is in it."""

    source: Path
    target: Path
    sha256: bytes


class Mover:
    """Moves files into a folder and notes each in an undo file there."""

    def __init__(self, folder: Path, undo_file: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.undo_file = _unused(folder / undo_file)
            self._log = self.undo_file.open("xb")
            _flush_folder(folder)
        except OSError as error:
            raise MoveRefused(folder, system_reason(error)) from error
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._log.close()

    def move(self, source: Path, sha256: bytes) -> Path:
        """Move one file and give back where to. Raises `MoveRefused`, and the file stays."""
        try:
            _check(source, sha256)
            target = _unused(self._folder / source.name)
            self._note(Move(source, target, sha256))
            carry(Move(source, target, sha256))
        except OSError as error:
            raise MoveRefused(source, system_reason(error)) from error
        return target

    def _note(self, move: Move) -> None:
        line = {
            "from": str(move.source),
            "to": str(move.target),
            "sha256": move.sha256.hex(),
        }
        self._log.write(json.dumps(line).encode() + b"\n")
        self._log.flush()
        os.fsync(self._log.fileno())


def undo(file: Path) -> Iterator[Move | Skipped]:
    """Bring back what an undo file lists, last one first; yields what was done and what was not.

    Doing it again changes nothing. Raises `UndoFileUnreadable` before anything is moved.
    """
    moves = read_moves(file)
    for move in reversed(moves):
        try:
            for place in (move.source, move.target):  # of processes that were killed
                _part(place, move.sha256).unlink(missing_ok=True)
            back = _bring_back(move)
        except OSError as error:
            yield Skipped(move.target, system_reason(error))
        else:
            if back is not None:
                yield back


def _bring_back(move: Move) -> Move | Skipped | None:
    """None where the file never left or is back already."""
    home, away = holds(move.source, move.sha256), holds(move.target, move.sha256)
    if home:
        if away or _is_claim(move.target):  # killed between the two names
            _end_name(move.target)
        return None
    if not away:
        return Skipped(move.target, "is not there, or is not the file that was moved")
    if _is_claim(move.source):  # of an undo that was killed
        _end_name(move.source)
    if os.path.lexists(move.source):
        return Skipped(move.target, f"{move.source} is taken by another file")
    move.source.parent.mkdir(parents=True, exist_ok=True)
    carry(Move(move.target, move.source, move.sha256))
    return Move(move.target, move.source, move.sha256)


def read_moves(file: Path) -> list[Move]:
    """The moves that an undo file lists; a last line without end is no move. Raises as `undo`."""
    try:
        lines = file.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise UndoFileUnreadable(file, system_reason(error)) from error
    moves = []
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            moves.append(Move(Path(told["from"]), Path(told["to"]), bytes.fromhex(told["sha256"])))
        except (ValueError, KeyError, TypeError):
            raise UndoFileUnreadable(file, f"line {number} is not a move") from None
    return moves


def carry(move: Move) -> None:
    """Give a file its new name, then end the old one. Raises `OSError`; never overwrites."""
    try:
        os.link(move.source, move.target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _copy(move)
    _flush_folder(move.target.parent)
    try:
        _end_name(move.source)
    except OSError:  # a folder that may not be written: the file stays where it was, once
        _end_name(move.target)
        raise


def _copy(move: Move) -> None:
    before = move.source.stat()
    part = _part(move.target, move.sha256)
    part.unlink(missing_ok=True)
    try:
        with move.source.open("rb") as source, part.open("xb") as target:
            while piece := source.read(_PIECE):
                target.write(piece)
            target.flush()
            shutil.copystat(move.source, part)
            os.fsync(target.fileno())
        after = move.source.stat()
        if not holds(part, move.sha256) or after.st_mtime_ns != before.st_mtime_ns:
            raise OSError(errno.EIO, "the copy differs from the file")
        # An empty file claims the name, since a rename would overwrite what came meanwhile.
        os.close(os.open(move.target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        part.replace(move.target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _is_claim(path: Path) -> bool:
    """Whether this may be the empty file that claims a name; no photo is empty."""
    try:
        state = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(state.st_mode) and state.st_size == 0


def _part(target: Path, sha256: bytes) -> Path:
    """Where the copy is written before it gets its name."""
    return target.with_name(_PART + sha256.hex()[:32])


def _end_name(path: Path) -> None:
    path.unlink()
    _flush_folder(path.parent)


def _check(source: Path, sha256: bytes) -> None:
    if not stat.S_ISREG(source.lstat().st_mode):
        raise MoveRefused(source, "it is a link, not a file")
    if not holds(source, sha256):
        raise MoveRefused(source, "it changed since it was indexed")


def holds(path: Path, sha256: bytes) -> bool:
    """Whether a file is there and has this content. Raises `OSError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == sha256
    except (FileNotFoundError, NotADirectoryError):
        return False


def _unused(path: Path) -> Path:
    """This path, or the first with a number that nothing has."""
    number = 1
    found = path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system flushes folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
