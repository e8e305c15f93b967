"""Every write of a batch, in the ledger before it is done: a killed run leaves none unknown.

Files are replaced by `index.metadata.writing.replacing`: whole or not at all, links followed, mode
kept, and only where nobody changed them since they were read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from index.catalogue.catalogue import Catalogue
from index.catalogue.drafts import now
from index.catalogue.ledger_records import AltRun, AltWrite, Known, Splice, TargetKind
from index.catalogue.records import Note, NoteKind
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.planning import Plan, read
from index.metadata.writing.replacing import put, real
from index.metadata.writing.write import carry_out
from index.paths import absolute
from index.records import FileState
from ui.alt.splices import NEW_FILE
from vlm.errors import ImageUnreadable, PathMissing


class Recorder:
    """Writes files and notes on behalf of one run."""

    def __init__(self, catalogue: Catalogue, run: AltRun) -> None:
        self._catalogue = catalogue
        self._run = run
        settle_plans(catalogue, run)

    def put_page(self, page: FileState, after: bytes, writes: Sequence[AltWrite]) -> FileState:
        """Put new bytes in the place of a page as it was read. Raises `TextNotWritten`."""
        left = sha256(after).digest()
        planned = [replace(w, path=page.path, left_hash=left) for w in writes]
        states: list[FileState] = []
        self._do(planned, lambda: states.append(put(page.path, after, page)))
        return states[0]

    def finish_page(self, page: FileState) -> None:
        """Note that nothing is left to do in a page: going on with this run does not read it."""
        known = Known(page.hash)
        self._catalogue.put_content(page.path, page.size, page.mtime_ns, known, self._run.id)

    def finished(self, page: Path) -> bool:
        """Whether this run, before it was stopped, left a page with nothing to do in it."""
        try:
            place = real(page)
            state = place.stat()
        except (OSError, TextNotWritten, PathMissing):
            return False
        by = self._catalogue.finished_by(place, state.st_size, state.st_mtime_ns)
        return by == self._run.id

    def put_table(
        self,
        path: Path,
        kind: TargetKind,
        before: bytes | None,
        after: bytes,
        do: Callable[[], object],
    ) -> None:
        """Note a table of texts, and let ``do`` put it in its place."""
        start = 0 if before is not None else NEW_FILE
        splice = Splice(start, before or b"", after)
        left = sha256(after).digest()
        place = absolute(path)
        self._do([AltWrite(place, kind, "", None, None, left_hash=left, splices=(splice,))], do)

    def put_in_photo(self, plan: Plan, write: AltWrite) -> FileState | None:
        """Carry out a plan for a photo or its sidecar. Raises `TextNotWritten`."""
        undo = plan.undo
        planned = replace(write, path=undo.path, left_hash=undo.after, undo=undo.to_json())
        states: list[FileState | None] = []
        self._do([planned], lambda: states.append(carry_out(plan)))
        return states[0]

    def note(self, photo: Path, content: bytes, kind: NoteKind, text: str, prompt: str) -> None:
        """Keep a text as what the model says of a content, where it does not say so already."""
        catalogue, model = self._catalogue, self._run.model
        held = catalogue.model_note(content, kind, model)
        if held is not None and held.value == text:
            return
        before = held.value if held is not None else None
        write = AltWrite(absolute(photo), "note", kind, before, text, content, status="written")
        with catalogue.transaction():
            catalogue.plan(self._run, [write])
            catalogue.put_note(content, Note(kind, text, "model", now(), model, prompt))

    def _do(self, writes: Sequence[AltWrite], do: Callable[[], object]) -> None:
        ids = self._catalogue.plan(self._run, writes)
        try:
            do()
        except TextNotWritten:
            self._catalogue.forget_writes(ids)
            raise
        self._catalogue.settle(ids, "written")


def settle_plans(catalogue: Catalogue, run: AltRun) -> None:
    """Find out what became of the writes that a killed run had planned: each was done or not."""
    planned = catalogue.writes(run, "planned")
    for (path, left), writes in groupby(planned, key=lambda w: (w.path, w.left_hash)):
        try:
            done = read(real(path))[0].hash == left
        except (TextNotWritten, PathMissing, ImageUnreadable):
            done = False
        ids = [write.id for write in writes]
        if done:
            catalogue.settle(ids, "written")
        else:
            catalogue.forget_writes(ids)
