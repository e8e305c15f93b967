"""Find photo files under folders: every file once, hidden ones left out, links followed safely."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.records import Skipped
from vlm.errors import FolderUnreadable, PathMissing
from vlm.images import PHOTO_SUFFIXES


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a photo, as an absolute path, with its size in bytes."""

    path: Path
    size: int
    mtime_ns: int


def scan(paths: Sequence[Path]) -> Iterator[Found | Skipped]:
    """Yield photo files in and under ``paths``; what cannot be read is a `Skipped`.

    Files named outright are taken whatever their suffix and whether hidden or not. Linked folders
    come after real ones and only if they were not seen before, so loops end. Raises, before
    anything is yielded, `PathMissing` or `FolderUnreadable` for one of ``paths`` itself.
    """
    roots = [absolute(path) for path in paths]
    for root in roots:
        _check(root)
    return _walk(roots)


def absolute(path: Path) -> Path:
    """A path from the root, without ``.`` and ``..``; links stay as they were typed."""
    return Path(os.path.normpath(path.absolute()))


def _check(root: Path) -> None:
    try:
        if stat.S_ISDIR(root.stat().st_mode):
            with os.scandir(root):
                pass
    except (FileNotFoundError, NotADirectoryError):
        raise PathMissing(root) from None
    except OSError as error:
        raise FolderUnreadable(root, (error.strerror or str(error)).lower()) from None


def _walk(roots: Sequence[Path]) -> Iterator[Found | Skipped]:
    files = [root for root in roots if not _is_folder(root)]
    folders = [root for root in roots if _is_folder(root)]
    visited: set[tuple[int, int]] = set()
    listed: set[Path] = set()
    for path in files:
        if path not in listed:
            listed.add(path)
            yield _look(path)
    linked: deque[Path] = deque()
    waiting = deque(folders)
    while waiting or linked:
        folder = waiting.popleft() if waiting else linked.popleft()
        try:
            state = folder.stat()
            if (state.st_dev, state.st_ino) in visited:
                continue
            visited.add((state.st_dev, state.st_ino))
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Skipped(folder, f"folder cannot be read ({_reason(error)})")
            continue
        inner = []
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_symlink() and _is_folder(path):
                linked.append(path)
            elif entry.is_dir(follow_symlinks=False):
                inner.append(path)
            elif path.suffix.lower() in PHOTO_SUFFIXES and path not in listed:
                yield _look(path)
        waiting.extendleft(reversed(inner))  # depth first, in order of names


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:  # a broken link, a link into a forbidden folder, a loop of links
        return False


def _look(path: Path) -> Found | Skipped:
    try:
        state = path.stat()
    except OSError as error:
        return Skipped(path, _reason(error))
    if not stat.S_ISREG(state.st_mode):
        return Skipped(path, "not a regular file")
    return Found(path, state.st_size, state.st_mtime_ns)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
