"""Fill in what is not said yet of the photos of a library, such as the text that stands in them.

Every content gets one note of a kind from one maker; where there is nothing to say the note is
empty, so that no photo is read twice. The lock of the writer is held for moments only, so photos
can be indexed meanwhile, which come first: while another process indexes, notes wait. Notes are
stored every few seconds: a process killed at any point loses those that it has in hand.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from PIL.Image import Image

from index.catalogue.drafts import now
from index.catalogue.records import Note
from index.decoding.decode import Decoded, Decoder
from index.library import Library
from index.note_makers import NoteMaker
from index.records import Skipped
from vlm.errors import ImageUnreadable, LibraryBusy

BATCH = 32
SECONDS = 5.0
"""Notes are stored when there are so many, or when the first is so old."""

_AHEAD = 4
"""Photos that are decoded ahead: 11 MB each at most."""

_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: ``done`` of ``total`` contents; ``skipped`` is the last one, if refused."""

    done: int
    total: int
    skipped: Skipped | None = None


def fill_notes(
    folder: Path,
    maker: NoteMaker,
    *,
    stop: threading.Event | None = None,
    refused: set[bytes] | None = None,
    workers: int = 1,
) -> Generator[Step]:
    """Note every content of a library that this maker has not noted, and yield after each.

    Photos that come meanwhile are noted too. A photo that cannot be read is a `Step` that says
    why, and is tried again by the next call, unless both share ``refused``. What is in hand is
    stored when the generator is closed or ``stop`` is set, and on Ctrl-C. Raises what the maker
    and `Library.open` raise.
    """
    stop = stop or threading.Event()
    refused = set() if refused is None else refused
    done = 0
    with _Pending(folder, maker, stop) as pending, Decoder(maker.shape, workers) as decoder:
        while todo := [one for one in _unnoted(folder, maker) if one[0] not in refused]:
            total = done + len(todo)
            for digest, path, job in _decoded(decoder, todo):
                if stop.is_set():
                    return
                done += 1
                try:
                    image = _image(digest, path, job)
                except ImageUnreadable as error:
                    refused.add(digest)
                    yield Step(done, total, Skipped(path, error.reason))
                    continue
                pending.add(digest, maker.write(image))
                yield Step(done, total)
            pending.store()


def _unnoted(folder: Path, maker: NoteMaker) -> list[tuple[bytes, Path]]:
    with Library.open(folder) as library:
        missing = library.catalogue.unnoted(maker.kind, maker.model, maker.prompt)
        return [(digest, Path(os.fsdecode(path))) for digest, path in missing]


def _decoded(
    decoder: Decoder, todo: Iterable[tuple[bytes, Path]]
) -> Iterator[tuple[bytes, Path, Future[Decoded]]]:
    left = iter(todo)
    window = deque((digest, path, decoder.submit(path)) for digest, path in islice(left, _AHEAD))
    while window:
        yield window.popleft()
        for digest, path in islice(left, 1):
            window.append((digest, path, decoder.submit(path)))


def _image(digest: bytes, path: Path, job: Future[Decoded]) -> Image:
    decoded = job.result()
    if decoded.image is None or decoded.state.hash != digest:
        raise ImageUnreadable(path, "it has changed since it was indexed; index it again")
    return decoded.image


@dataclass
class _Pending:
    """Notes in hand."""

    folder: Path
    maker: NoteMaker
    stop: threading.Event
    since: float = 0.0
    notes: list[tuple[bytes, Note]] = field(default_factory=list)

    def __enter__(self) -> _Pending:
        return self

    def __exit__(self, *raised: object) -> None:
        with suppress(LibraryBusy):  # what is in hand is made again by the next run
            self._try_to_store()

    def add(self, digest: bytes, text: str) -> None:
        """Keep a note until there are enough."""
        if not self.notes:
            self.since = time.monotonic()
        maker = self.maker
        note = Note(maker.kind, text, "model", now(), maker.model, maker.prompt)
        self.notes.append((digest, note))
        if len(self.notes) >= BATCH or time.monotonic() - self.since >= SECONDS:
            self.store()

    def store(self) -> None:
        """Store what is in hand, as soon as no other process writes or it is to stop."""
        while not self.stop.is_set():
            with suppress(LibraryBusy):
                return self._try_to_store()
            self.stop.wait(_PAUSE)

    def _try_to_store(self) -> None:
        if not self.notes:
            return
        # Opened anew: it may have been restored from a backup meanwhile.
        with Library.open(self.folder) as library, library.writing():
            catalogue = library.catalogue
            with catalogue.transaction():
                for digest, note in self.notes:
                    catalogue.put_note(digest, note)
        self.notes.clear()
