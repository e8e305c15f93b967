"""Give a file another name, at any distance, so that a process killed at any point loses nothing.

On one file system that is a hard link under the new name, then the end of the old name: the link
cannot overwrite anything. Across file systems, and on those without hard links, it is a copy that
is flushed, read back and compared before the old name ends.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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


def carry(move: Move) -> None:
    """Give a file its new name, then end the old one. Raises `OSError`; never overwrites."""
    try:
        os.link(move.source, move.target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _copy(move)
    flush_folder(move.target.parent)
    try:
        end_name(move.source)
    except OSError:  # a folder that may not be written: the file stays where it was, once
        end_name(move.target)
        raise


def _copy(move: Move) -> None:
    before = move.source.stat()
    part = part_of(move.target, move.sha256)
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


def part_of(target: Path, sha256: bytes) -> Path:
    """Where the copy is written before it gets its name."""
    return target.with_name(_PART + sha256.hex()[:32])


def end_name(path: Path) -> None:
    """Remove a name of a file for good."""
    path.unlink()
    flush_folder(path.parent)


def holds(path: Path, sha256: bytes) -> bool:
    """Whether a file is there and has this content. Raises `OSError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == sha256
    except (FileNotFoundError, NotADirectoryError):
        return False


def flush_folder(folder: Path) -> None:
    """Let the names in a folder outlast a power cut, as far as the system can."""
    with suppress(OSError):  # not every system flushes folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
