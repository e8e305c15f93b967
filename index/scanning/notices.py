"""What the system tells of changes below some folders, put into a queue."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from watchfiles import Change, watch

_STEP_MS = 100
_TIMEOUT_MS = 200
_POLL_MS = 3000

_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "vboxsf"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.s3fs", "davfs", "fuse.davfs2", "drvfs", "virtiofs"}
)
"""File systems where others change files and this machine is not told."""


class Notice(NamedTuple):
    """Something happened at ``path``; whether it is new there."""

    path: Path
    new: bool


@contextmanager
def notices(
    roots: Sequence[Path], heard: SimpleQueue[Notice | OSError], poll: bool | None = None
) -> Iterator[str]:
    """Listen while the context lasts, and say how: a line for the person who waits.

    Nothing that happens inside the context is missed. An `OSError` in the queue ends it.
    """
    why = "" if poll is None else "asked for" if poll else None
    if poll is None:
        why = next((f"{root} is on another machine" for root in roots if is_remote(root)), None)
    stop = threading.Event()
    try:
        thread = _start(roots, heard, stop, poll=why is not None)
    except (OSError, RuntimeError) as error:  # too many folders for inotify, or none of it here
        why = f"the system gives no notice of changes: {_brief(error)}"
        thread = _start(roots, heard, stop, poll=True)
    names = ", ".join(map(str, roots))
    try:
        if why is None:
            yield f"Watching {names}. Ctrl-C ends it."
        else:
            yield f"Looking at {names} every {_POLL_MS // 1000} seconds ({why}). Ctrl-C ends it."
    finally:
        stop.set()
        thread.join()


def _start(
    roots: Sequence[Path],
    heard: SimpleQueue[Notice | OSError],
    stop: threading.Event,
    *,
    poll: bool,
    lenient: bool = False,
) -> threading.Thread:
    """Start listening and wait until all is heard; raises `OSError` or `RuntimeError`.

    ``lenient`` passes over folders that may not be read, but also over those that are too many
    for the system, so that it comes second.
    """
    begun: SimpleQueue[OSError | RuntimeError | None] = SimpleQueue()

    def listen() -> None:
        listening = False
        try:
            for batch in watch(
                *roots,
                watch_filter=None,
                step=_STEP_MS,
                stop_event=stop,
                rust_timeout=_TIMEOUT_MS,
                yield_on_timeout=True,
                raise_interrupt=False,
                force_polling=poll,
                poll_delay_ms=_POLL_MS,
                ignore_permission_denied=lenient or poll,
            ):
                if not listening:
                    listening = True
                    begun.put(None)
                for kind, path in sorted(batch, key=lambda change: change[1]):
                    heard.put(Notice(Path(path), kind is Change.added))
        except (OSError, RuntimeError) as error:
            if listening:
                heard.put(OSError(str(error)))
            begun.put(error)
        finally:
            begun.put(None)

    thread = threading.Thread(target=listen, name="watch", daemon=True)
    thread.start()
    error = begun.get()
    if error is None:
        return thread
    thread.join()
    if isinstance(error, PermissionError) and not lenient:
        return _start(roots, heard, stop, poll=poll, lenient=True)
    raise error


def _brief(error: Exception) -> str:
    """What the system says, without the file that it happened to say it about."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return said.split(". about [")[0].split(" about [")[0].lower()


def is_remote(path: Path) -> bool:
    """Whether a path is on a file system that others change, as far as Linux tells."""
    try:
        lines = Path("/proc/self/mounts").read_bytes().splitlines()
    except OSError:
        return False
    best = (b"", b"")
    real = os.fsencode(os.path.realpath(path))
    for line in lines:
        _, point, kind, *_ = line.split()
        point = point.replace(b"\\040", b" ")
        inside = real == point or real.startswith(point.rstrip(b"/") + b"/")
        if inside and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1].decode() in _REMOTE
