"""Build or refresh a library: scan -> decode -> embed -> store, a batch at a time.

Files that did not change are not read. Everything that a batch brings is one transaction, so a
process killed at any point loses the batch in flight and nothing else.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.decoding.decode import Decoded, Decoder
from index.decoding.decoders import decoders
from index.decoding.steady import FileUnread
from index.faults import plainly
from index.library import Library
from index.paths import absolute
from index.reading import Refused, read_changes
from index.records import Progress, Report, Skipped
from index.scanning.changes import Changes, find_changes
from index.scanning.exclusions import Rules
from index.scanning.missing import Lost, is_gone, lost, mounts_of
from index.search.background import kept_words
from index.search.caption_vectors import keep_captions
from vlm.errors import NoPhotos
from vlm.protocols import Embedder

BATCH = 32

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
        self._decoders = decoders()
        self._changes = Changes()
        self._pending: list[Decoded] = []
        self._embedded: set[bytes] = set()

    def find(self, paths: Sequence[Path], rules: Rules | None, gone: Sequence[Path]) -> None:
        """Scan, and set aside what did not change since it was indexed with this model."""
        with self._timed("scan"):
            found = find_changes(self._catalogue, self._model, paths, rules, self._decoders)
            self._changes = found
            self.report.skipped += found.skipped
            self.report.left_out.update(found.left_out)
            self.report.unchanged = found.unchanged
            if not found.seen and not found.skipped and not gone:
                absent = self._lost(paths)
                if not absent.gone and not absent.away:
                    raise NoPhotos(Path(paths[0]))
            self._remember_mounts()
        self._tick(force=True)

    def _remember_mounts(self) -> None:
        """Note which disk each folder is on, so that photos on one that is unplugged are kept."""
        known = self._catalogue.mounts()
        folders = {path.rpartition(b"/")[0] for path in self._changes.seen}
        mounts = mounts_of(folder for folder in folders if folder)
        new = {f: mount for f, mount in mounts.items() if known.get(f, b"/") != mount}
        if new:
            self._catalogue.put_mounts(new)

    def index(self, workers: int) -> None:
        """Decode, embed and store what is new."""
        with Decoder(self._embedder.image_input, workers) as decoder:
            for result in read_changes(self._catalogue, self._model, self._changes, decoder):
                if isinstance(result, Refused):
                    self._refuse(result)
                    continue
                self._pending.append(result)
                if len(self._pending) >= self._batch:
                    self.flush()
            self.flush()

    def _refuse(self, refused: Refused) -> None:
        found, error = refused.found, refused.error
        self.report.skipped.append(Skipped(found.path, error.reason))
        if not isinstance(error, FileUnread):
            size, mtime_ns = found.size, found.mtime_ns
            with self._catalogue.transaction():
                # What was indexed at this path, if anything, has been overwritten by this.
                self._catalogue.mark_replaced(found.path, size, mtime_ns)
                self._catalogue.refuse(found.path, size, mtime_ns, error.reason, self._decoders)
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
            absent = self._lost(paths)
            self._catalogue.mark_missing(absent.gone)
            refused = set(self._catalogue.refused(self._decoders)) - self._changes.seen
            self._catalogue.forget_refused([path for path in refused if is_gone(path)])
        self.report.missing = len(absent.gone)
        for mount, number in absent.away.items():
            reason = f"not connected; what is known of {number} photos on it is kept"
            self.report.skipped.append(Skipped(Path(os.fsdecode(mount)), reason))

    def _lost(self, paths: Sequence[Path]) -> Lost:
        roots = [os.fsencode(absolute(path)) for path in paths]
        seen, unwanted = self._changes.seen, self._changes.unwanted
        return lost(self._catalogue.paths(), roots, seen, unwanted, self._catalogue.mounts())

    def finish(self) -> None:
        """Bring the derived files up to date and complete the report."""
        with self._timed("store"):
            if self._catalogue.has_vectors(self._model):
                self._library.vectors(self._embedder)
                kept_words(self._library.folder, self._embedder)
                if not self.report.interrupted:
                    read = self._decided > 0 or self.report.missing > 0
                    keep_captions(self._library, self._embedder, anew=read)
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
        left = len(self._changes.todo) - self._decided
        rate = self._decided / (now - self._began)
        self._on_progress(
            Progress(
                done=len(self._changes.seen) - left,
                total=len(self._changes.seen),
                skipped=len(self.report.skipped),
                photos_per_second=rate,
                seconds_left=left / rate if rate else None,
            )
        )
