"""Find photo files under folders: every file once, links followed safely, exclusions told."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.metadata.sidecar import SIDECAR_SUFFIXES, changed_ns
from index.paths import absolute
from index.records import Skipped
from index.scanning.exclusions import IGNORE_FILE, Globs, Rules, globs_above, read_globs
from vlm.errors import FolderUnreadable, PathMissing, system_reason
from vlm.images import PHOTO_SUFFIXES
from vlm.suffixes import VIDEO_SUFFIXES
from vlm.video import can_read_videos


class Found(NamedTuple):
    """A file that may be a photo, as an absolute path, with its size in bytes.

    A path becomes a `Path` only where it is asked for: most files of most scans are unchanged.

    ``sidecar_ns``: when the files beside it that tell of it were last changed; 0 for none.
    """

    file: str
    size: int
    mtime_ns: int
    sidecar_ns: int = 0

    @property
    def path(self) -> Path:
        """The same as a `Path`."""
        return Path(self.file)


NEEDS_EXTRA = "video, read with vlm-assistant[video] only"
"""The rule for videos where the package that reads them is not installed."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A folder or a photo file that was passed over on purpose, and the rule that says so."""

    path: Path
    rule: str


def scan(paths: Sequence[Path], rules: Rules | None = None) -> Iterator[Found | Skipped | LeftOut]:
    """Yield photo files in and under ``paths``; what cannot be read is a `Skipped`.

    Files and folders named outright are taken whatever the rules, files whatever their suffix.
    Linked folders come after real ones and only if they were not seen before, so loops end.
    Raises, before anything is yielded, `PathMissing` or `FolderUnreadable` for one of ``paths``
    itself.
    """
    roots = [absolute(path) for path in paths]
    for root in roots:
        _check(root)
    return _walk(roots, rules or Rules())


def left_out(path: Path, roots: Sequence[Path], rules: Rules) -> str | None:
    """The rule for which a scan of the roots passes over an absolute path below them, or None.

    A path that is a root, or below none of them, is not passed over.
    """
    root = max((r for r in roots if path.is_relative_to(r)), default=path, key=lambda r: r.parts)
    globs = globs_above(root)
    for part in path.relative_to(root).parts:
        with suppress(OSError, ValueError):
            globs.append(read_globs(root))
        root /= part
        rule = rules.reason(part, str(root), globs, folder=root != path or _is_folder(root))
        if rule is not None:
            return rule
    return None


def _check(root: Path) -> None:
    try:
        if stat.S_ISDIR(root.stat().st_mode):
            with os.scandir(root):
                pass
    except (FileNotFoundError, NotADirectoryError):
        raise PathMissing(root) from None
    except OSError as error:
        raise FolderUnreadable(root, system_reason(error)) from None


def _walk(roots: Sequence[Path], rules: Rules) -> Iterator[Found | Skipped | LeftOut]:
    listed: set[str] = set()
    visited: set[tuple[int, int]] = set()
    for root in roots:
        if str(root) not in listed and not _is_folder(root):
            listed.add(str(root))
            yield _look(str(root), None)
    waiting = deque((root, globs_above(root)) for root in roots if str(root) not in listed)
    linked: deque[tuple[Path, list[Globs]]] = deque()
    while waiting or linked:
        folder, globs = waiting.popleft() if waiting else linked.popleft()
        try:
            state = folder.stat()
            if (state.st_dev, state.st_ino) in visited:
                continue
            visited.add((state.st_dev, state.st_ino))
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Skipped(folder, f"folder cannot be read ({system_reason(error)})")
            continue
        if any(entry.name == IGNORE_FILE for entry in entries):
            try:
                globs = [*globs, read_globs(folder)]
            except OSError as error:
                yield Skipped(folder / IGNORE_FILE, system_reason(error))
            except ValueError as error:
                yield Skipped(folder / IGNORE_FILE, str(error))
        inner = []
        beside = {entry.name for entry in entries if entry.name.endswith(SIDECAR_SUFFIXES)}
        for entry in entries:
            name, path = entry.name, entry.path
            is_folder = entry.is_dir(follow_symlinks=False)
            is_link = not is_folder and entry.is_symlink() and _is_folder(Path(path))
            suffix = _suffix(name)
            is_film = not (is_folder or is_link) and suffix in VIDEO_SUFFIXES
            if not (is_folder or is_link or is_film or suffix in PHOTO_SUFFIXES):
                continue
            rule = rules.reason(name, path, globs, folder=is_folder or is_link)
            if is_film and rule is None and not can_read_videos():
                rule = NEEDS_EXTRA
            if rule is not None:
                yield LeftOut(Path(path), rule)
            elif is_link:
                linked.append((Path(path), globs))
            elif is_folder:
                inner.append((Path(path), globs))
            elif path not in listed:
                yield _look(path, beside)
        waiting.extendleft(reversed(inner))  # depth first, in order of names


def is_photo(name: str) -> bool:
    """Whether a scan takes a file of this name for a photo."""
    suffix = _suffix(name)
    return suffix in PHOTO_SUFFIXES or (suffix in VIDEO_SUFFIXES and can_read_videos())


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower()


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:  # a broken link, a link into a forbidden folder, a loop of links
        return False


def _look(file: str, beside: set[str] | None) -> Found | Skipped:
    try:
        state = os.stat(file)  # noqa: PTH116 - there may be hundreds of thousands
    except OSError as error:
        return Skipped(Path(file), system_reason(error))
    if not stat.S_ISREG(state.st_mode):
        return Skipped(Path(file), "not a regular file")
    sidecar_ns = 0 if beside == set() else changed_ns(*os.path.split(file), beside)
    return Found(file, state.st_size, state.st_mtime_ns, sidecar_ns)
