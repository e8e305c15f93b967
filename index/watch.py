"""Keep a library up to date with what happens in folders, until told to stop.

The system tells of changes (inotify, FSEvents); where it cannot, because there are too many
folders or they are on another machine, they are looked at every few seconds. A file is indexed
once it has been left alone for a moment: a copy in progress would be a broken photo.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from index.build import build
from index.library import Library
from index.metadata.sidecar import SIDECAR_SUFFIXES, takeout_names, xmp_names
from index.paths import absolute
from index.records import Progress, Report
from index.scanning.exclusions import IGNORE_FILE, Rules
from index.scanning.notices import Notice, notices
from index.scanning.scan import Found, is_photo, left_out, scan
from vlm.errors import FolderUnreadable, LibraryBusy, NoPhotos, PathMissing
from vlm.protocols import Embedder

SETTLED = 1.0
"""Seconds for which a file must not change before it is read."""

_LOOK = 0.25


@dataclass
class Watched:
    """What is known to have changed and has not been indexed yet."""

    roots: Sequence[Path]
    rules: Rules
    own: Path
    settled: float = SETTLED
    _files: dict[Path, tuple[float, int, int]] = field(default_factory=dict)
    _folders: set[Path] = field(default_factory=set)
    _gone: set[Path] = field(default_factory=set)

    def note(self, path: Path, *, new: bool = False) -> None:
        """Something happened at this path, which may be new."""
        if path.is_relative_to(self.own):  # the library itself may lie in a watched folder
            return
        try:
            state = path.stat()
        except OSError:
            self._files.pop(path, None)
            self._folders.discard(path)
            self._gone.add(path)
            return
        self._gone.discard(path)
        if path.name == IGNORE_FILE:
            self._folders.add(path.parent)
        elif left_out(path, self.roots, self.rules) is not None:
            return
        elif stat.S_ISDIR(state.st_mode):
            if new:  # what happens inside later is told of each file
                self._touch_all(path)
        elif is_photo(path.name) or path in self.roots:
            self._touch(path, state.st_size, state.st_mtime_ns)
        elif path.name.endswith(SIDECAR_SUFFIXES):
            self._touch_beside(path)

    def _touch_all(self, folder: Path) -> None:
        with suppress(PathMissing, FolderUnreadable):
            for entry in scan([folder], self.rules):
                if isinstance(entry, Found):
                    self._touch(entry.path, entry.size, entry.mtime_ns)

    def _touch_beside(self, sidecar: Path) -> None:
        with suppress(OSError):
            for photo in sidecar.parent.iterdir():
                names = {*xmp_names(photo.name), *takeout_names(photo.name)}
                if is_photo(photo.name) and sidecar.name in names:
                    self.note(photo)

    def look_again(self, *paths: Path) -> None:
        """Take these, which were taken before, once more when they are ready."""
        for path in paths:
            if path.is_dir():
                self._folders.add(path)
            else:
                self.note(path)

    def _touch(self, path: Path, size: int, mtime_ns: int) -> None:
        self._files[path] = (time.monotonic(), size, mtime_ns)

    def take(self) -> tuple[list[Path], list[Path]]:
        """Files and folders that can be read now, and paths that are gone; they are forgotten."""
        now = time.monotonic()
        ready = []
        for path, (since, *before) in list(self._files.items()):
            try:
                state = path.stat()
            except OSError:
                self.note(path)
                continue
            if [state.st_size, state.st_mtime_ns] != before:
                self._touch(path, state.st_size, state.st_mtime_ns)
            elif now - since >= self.settled:
                ready.append(path)
        for path in ready:
            del self._files[path]
        folders = [path for path in self._folders if path.is_dir()]
        gone = sorted(self._gone)
        self._folders.clear()
        self._gone.clear()
        return sorted({*ready, *folders}), gone


def watch(
    library: Library,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    rules: Rules | None = None,
    on_notice: Callable[[str], None] = lambda text: None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    settled: float = SETTLED,
    poll: bool | None = None,
) -> Iterator[Report]:
    """Index what is there, then what changes, and yield the report of each; until ``stop``.

    ``on_notice`` hears what a person should know, ``on_progress`` how far the first run is.
    ``poll`` says whether to look every few seconds; None finds out whether that is needed. A
    library that another process writes to is waited for. Ctrl-C while a batch is indexed gives a
    report that says so, and the end. Raises what `build` raises.
    """
    stop = stop or threading.Event()
    rules = rules or Rules()
    roots = [absolute(path) for path in paths]
    watched = Watched(roots, rules, absolute(library.folder), settled)
    heard: SimpleQueue[Notice | OSError] = SimpleQueue()
    with notices(roots, heard, poll) as how:  # before the first scan, so that nothing is missed
        try:
            report = build(library, roots, embedder, rules=rules, on_progress=on_progress)
        except NoPhotos:  # there may be some later
            report = Report()
        yield report
        on_notice(how)
        waiting = False
        while not stop.is_set() and not report.interrupted:
            _listen(heard, watched)
            ready, gone = watched.take()
            if not ready and not gone:
                continue
            _check(roots)
            try:
                report = build(library, ready, embedder, rules=rules, gone=gone)
            except (LibraryBusy, PathMissing) as error:
                if isinstance(error, LibraryBusy) and not waiting:
                    on_notice(f"Waiting: {error}")
                    waiting = True
                watched.look_again(*ready, *gone)
                stop.wait(settled)
                continue
            waiting = False
            yield report


def _listen(heard: SimpleQueue[Notice | OSError], watched: Watched) -> None:
    """Wait a moment for the first notice and take all that are there."""
    with suppress(Empty):
        notice = heard.get(timeout=_LOOK)
        while True:
            if isinstance(notice, OSError):
                reason = notice.strerror or str(notice)
                raise FolderUnreadable(watched.roots[0], reason.lower()) from notice
            watched.note(notice.path, new=notice.new)
            notice = heard.get_nowait()


def _check(roots: Sequence[Path]) -> None:
    """A folder that is watched and vanishes as a whole is most likely on a disk unplugged."""
    for root in roots:
        if not os.path.lexists(root):
            raise PathMissing(root)
