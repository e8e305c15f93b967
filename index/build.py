"""Build or refresh a library: scan -> decode -> embed -> store, a batch at a time.

Files that did not change are not read. Files of a size that is known are hashed first, since a
moved or copied photo needs neither decoding nor embedding. Everything that a batch brings is one
transaction, so a process killed at any point loses the batch in flight and nothing else.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from index.catalogue import is_gone
from index.decode import Decoded, Decoder, FileUnread
from index.exclusions import Rules, is_chosen
from index.faults import plainly
from index.library import Library
from index.records import FileState, Progress, Report, Skipped
from index.scan import Found, LeftOut, absolute, scan
from vlm.errors import ImageUnreadable, NoPhotos
from vlm.protocols import Embedder

BATCH = 32

_AHEAD = 2 * BATCH
"""Files that are decoded ahead of the embedder: 200 kB each at 256 pixels."""

_TICK = 0.1
"""Seconds between two calls of ``on_progress``."""


def build(
    library: Library,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
    batch: int = BATCH,
    rules: Rules | None = None,
    gone: Sequence[Path] = (),
) -> Report:
    """Bring the library up to date with the photos in and under ``paths``.

    ``rules`` say what is left out; ``gone`` are paths below which files may be missing although
    they are not scanned, absolute.
    Ctrl-C stores the batch that is decoded and returns a report that says ``interrupted``. Raises
    `PathMissing`, `FolderUnreadable`, `NoPhotos`, `LibraryBusy`, `LibraryFull`, `LibraryDamaged`.
    """
    with library.writing(), plainly(library.folder):
        run = _Run(library, embedder, on_progress, batch)
        try:
            run.find(paths, rules, gone)
            run.index(workers or max(2, os.cpu_count() or 1))
            run.mark_missing([*paths, *gone])
        except KeyboardInterrupt:
            run.report.interrupted = True
            run.flush()
        run.finish()
    return run.report


class _Run:
    """State of one run of `build`; its methods are the stages."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        on_progress: Callable[[Progress], None] | None,
        batch: int,
    ) -> None:
        self.report = Report()
        self._library = library
        self._catalogue = library.catalogue
        self._embedder = embedder
        self._model = self._catalogue.register(embedder)
        self._on_progress = on_progress
        self._batch = batch
        self._began = time.perf_counter()
        self._ticked = 0.0
        self._decided = 0
        self._stages: defaultdict[str, float] = defaultdict(float)
        self._seen: set[bytes] = set()
        self._unwanted: set[bytes] = set()
        self._todo: list[Found] = []
        self._pending: list[Decoded] = []
        self._embedded: set[bytes] = set()

    def find(self, paths: Sequence[Path], rules: Rules | None, gone: Sequence[Path]) -> None:
        """Scan, and set aside what did not change since it was indexed with this model."""
        with self._timed("scan"):
            for entry in scan(paths, rules):
                if isinstance(entry, Skipped):
                    self.report.skipped.append(entry)
                    continue
                if isinstance(entry, LeftOut):
                    self.report.left_out[entry.rule] = self.report.left_out.get(entry.rule, 0) + 1
                    if is_chosen(entry.rule):
                        self._unwanted.add(os.fsencode(entry.path))
                    continue
                self._seen.add(os.fsencode(entry.path))
                if self._catalogue.is_current(entry.path, entry.size, entry.mtime_ns, self._model):
                    self.report.unchanged += 1
                else:
                    self._todo.append(entry)
            found = self._seen or self.report.skipped or gone
            if not found and not any(self._lost(paths)):
                raise NoPhotos(Path(paths[0]))
        self._tick(force=True)

    def index(self, workers: int) -> None:
        """Decode, embed and store what is new."""
        with Decoder(self._embedder.image_input, workers) as decoder:
            for decoded in self._decoded(decoder):
                self._pending.append(decoded)
                if len(self._pending) >= self._batch:
                    self.flush()
            self.flush()

    def _decoded(self, decoder: Decoder) -> Iterator[Decoded]:
        todo = iter(self._todo)
        window: deque[tuple[Found, Future[Decoded] | Future[FileState]]] = deque()
        while True:
            while len(window) < _AHEAD and (found := next(todo, None)) is not None:
                read = decoder.hash if self._catalogue.knows_size(found.size) else decoder.submit
                window.append((found, read(found.path)))
            if not window:
                return
            found, job = window.popleft()
            try:
                result = job.result()
            except ImageUnreadable as error:
                self._refuse(found, error)
                continue
            if isinstance(result, Decoded):
                yield result
                continue
            facts = self._catalogue.facts(result.hash, self._model)
            if facts is None:  # another file of the same size
                window.append((found, decoder.submit(found.path)))
            else:
                yield Decoded(result, facts, None, 0.0)

    def _refuse(self, found: Found, error: ImageUnreadable) -> None:
        self.report.skipped.append(Skipped(found.path, error.reason))
        if not isinstance(error, FileUnread):
            # What was indexed at this path, if anything, has been overwritten by this.
            self._catalogue.mark_replaced(found.path, found.size, found.mtime_ns)
        self._decided += 1
        self._tick()

    def flush(self) -> None:
        """Embed and store what is decoded, in one transaction."""
        fresh = {
            item.state.hash: item.image
            for item in self._pending
            if item.image is not None
            and not self._catalogue.has_vector(item.state.hash, self._model)
        }
        if fresh:
            with self._timed("embed"):
                vectors = self._embedder.embed_images(list(fresh.values()))
        self._embedded |= fresh.keys()
        with self._timed("store"), self._catalogue.transaction():
            if fresh:
                self._catalogue.put_vectors(self._model, list(fresh), vectors)
            outcomes = [
                self._catalogue.put_photo(
                    item.state, item.facts, new_vector=item.state.hash in self._embedded
                )
                for item in self._pending
            ]
        self._stages["decode"] += sum(item.seconds for item in self._pending)
        self._decided += len(self._pending)
        self._pending.clear()
        self.report.added += outcomes.count("added")
        self.report.updated += outcomes.count("updated")
        self.report.moved += outcomes.count("moved")
        self.report.unchanged += outcomes.count("unchanged")
        self._tick()

    def mark_missing(self, paths: Sequence[Path]) -> None:
        """Take photos whose files are gone out of the search."""
        with self._timed("store"):
            lost = list(self._lost(paths))
            self._catalogue.mark_missing(lost)
        self.report.missing = len(lost)

    def _lost(self, paths: Sequence[Path]) -> Iterator[bytes]:
        roots = {os.fsencode(absolute(path)) for path in paths}
        inside = tuple(root.rstrip(b"/") + b"/" for root in roots)
        for path in self._catalogue.paths():
            if path in self._seen or not (path.startswith(inside) or path in roots):
                continue
            if is_gone(path) or self._is_unwanted(path):
                yield path

    def _is_unwanted(self, path: bytes) -> bool:
        while self._unwanted and path:
            if path in self._unwanted:
                return True
            path = path.rpartition(b"/")[0]
        return False

    def finish(self) -> None:
        """Bring the FAISS file up to date and complete the report."""
        with self._timed("store"):
            if self._catalogue.has_vectors(self._model):
                self._library.vectors(self._embedder)
        report = self.report
        report.seconds = time.perf_counter() - self._began
        report.photos_per_second = (report.added + report.updated) / report.seconds
        report.stages = dict(self._stages)
        self._tick(force=True)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self._stages[stage] += time.perf_counter() - began

    def _tick(self, *, force: bool = False) -> None:
        now = time.perf_counter()
        if self._on_progress is None or (now - self._ticked < _TICK and not force):
            return
        self._ticked = now
        left = len(self._todo) - self._decided
        rate = self._decided / (now - self._began)
        self._on_progress(
            Progress(
                done=len(self._seen) - left,
                total=len(self._seen),
                skipped=len(self.report.skipped),
                photos_per_second=rate,
                seconds_left=left / rate if rate else None,
            )
        )
