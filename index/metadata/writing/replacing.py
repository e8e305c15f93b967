"""Put other content into a file so that it holds the old or the new at any moment, and no mixture.

The new content is written beside the file under a name that follows from the file's, flushed to
the disk, and renamed; what a killed process left there is used again by the next one. Links are
followed to the file itself. Mode, owner and extended attributes are the old file's. The time of
change is now, since programs that make backups go by it, unless another is given.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from index.metadata.writing.errors import TextNotWritten
from index.records import FileState
from vlm.errors import PathMissing, system_reason

_PART = ".vlm-writing-"

_NO_LOCKS = {errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.ENOSYS}
"""What file systems say that cannot lock, such as those of some network drives."""


def put(
    path: Path, data: bytes, before: FileState | None, *, mtime_ns: int | None = None
) -> FileState:
    """Replace the file that was ``before``, or make one where there was none.

    ``path`` is no link (see `real`). Raises `TextNotWritten`, and the file is as it was.
    """
    try:
        state = _checked(path) if before is not None else None
        with _part_of(path, 0o666 if state is None else state.st_mode & 0o600) as (part, file):
            _write(file, data)
            if state is not None:
                _dress(path, part, state)
            if mtime_ns is not None:
                os.utime(part, ns=(mtime_ns, mtime_ns))
            os.fsync(file)
            _publish(part, path, before)
        flush_folder(path.parent)
        now = path.stat()
    except OSError as error:
        raise TextNotWritten(path, system_reason(error)) from error
    return FileState(path, sha256(data).digest(), now.st_size, now.st_mtime_ns)


def remove(path: Path, before: FileState) -> None:
    """End a file that is still as it was. Raises `TextNotWritten`."""
    try:
        _checked(path)
        _hold(path, before)
        path.unlink()
        flush_folder(path.parent)
    except OSError as error:
        raise TextNotWritten(path, system_reason(error)) from error


def real(path: Path) -> Path:
    """The file that a path names, links followed. Raises `PathMissing` or `TextNotWritten`."""
    try:
        return path.resolve(strict=True)
    except FileNotFoundError:
        if path.is_symlink():
            raise TextNotWritten(path, "it is a link to nothing") from None
        raise PathMissing(path) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        reason = system_reason(error) if isinstance(error, OSError) else "a loop of links"
        raise TextNotWritten(path, reason) from None


def _checked(path: Path) -> os.stat_result:
    """Refuse what a new file in the place of the old one would not be the same as."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise TextNotWritten(path, "not a regular file")
    if not state.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise TextNotWritten(path, "the file may not be written", "Allow writing it first.")
    if state.st_nlink > 1:
        raise TextNotWritten(
            path,
            f"the file has {state.st_nlink} names (hard links), and the others would keep the old",
            "Write an XMP sidecar beside it instead: --write xmp.",
        )
    return state


@contextmanager
def _part_of(path: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """A file beside another that this process alone writes; gone at the end if not renamed."""
    part = path.with_name(_PART + sha256(os.fsencode(path.name)).hexdigest()[:32])
    file = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        try:
            _lock(file)
            state = os.fstat(file)
            alone = state.st_nlink == 1 and os.path.samestat(state, os.lstat(part))
        except (BlockingIOError, FileNotFoundError):  # FileNotFoundError: renamed meanwhile
            alone = False
        if not alone:
            raise TextNotWritten(path, "another process is writing it", "Run again later.")
        try:
            yield part, file
        finally:
            part.unlink(missing_ok=True)
    finally:
        os.close(file)


def _lock(file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def _write(file: int, data: bytes) -> None:
    os.ftruncate(file, 0)
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _dress(path: Path, part: Path, state: os.stat_result) -> None:
    """Let the new file be like the old in all but content and time."""
    shutil.copystat(path, part)
    os.utime(part)
    own = part.stat()
    if (own.st_uid, own.st_gid) != (state.st_uid, state.st_gid):
        try:
            os.chown(part, state.st_uid, state.st_gid)
            part.chmod(stat.S_IMODE(state.st_mode))  # changing the owner takes special bits away
        except PermissionError:
            raise TextNotWritten(path, "the file is somebody else's") from None


def _publish(part: Path, path: Path, before: FileState | None) -> None:
    if before is not None:
        _hold(path, before)
        part.replace(path)
        return
    with suppress(OSError):  # not every file system has hard links
        os.link(part, path)
        return
    if os.path.lexists(path):
        raise TextNotWritten(path, "it has appeared meanwhile")
    part.replace(path)


def _hold(path: Path, before: FileState) -> None:
    now = path.stat()
    if (now.st_size, now.st_mtime_ns) != (before.size, before.mtime_ns):
        raise TextNotWritten(path, "it changed meanwhile", "Run again.")


def flush_folder(folder: Path) -> None:
    """Let the disk know the new name; not every system flushes folders."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
