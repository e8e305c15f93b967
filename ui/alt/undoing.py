"""Take a run back: give every place what was there, as long as it is still what the run wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from index.catalogue.catalogue import Catalogue
from index.catalogue.drafts import now
from index.catalogue.ledger_records import AltRun, AltWrite
from index.catalogue.records import Note, NoteKind
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.planning import read
from index.metadata.writing.replacing import put, real, remove
from index.metadata.writing.telling import tell_restored
from index.metadata.writing.undo import Undo
from index.metadata.writing.write import restore
from index.records import Skipped
from ui.alt.recording import settle_plans
from ui.alt.splices import NEW_FILE, taken_back, taken_back_where_found
from ui.errors import RunUnknown
from vlm.errors import ImageUnreadable, PathMissing

CHANGED = "its text was changed since and stays as it is"


@dataclass(frozen=True, slots=True)
class Undone:
    """What a file or a note got back: so many texts."""

    path: Path
    texts: int


def find_run(catalogue: Catalogue, asked: str | None) -> AltRun:
    """The run of this number, or the last one that was not taken back. Raises `RunUnknown`."""
    runs = catalogue.runs()
    if asked is None:
        found = [run for run in runs if run.undone is None]
    else:
        found = [run for run in runs if str(run.id) == asked]
    if not found:
        raise RunUnknown(asked)
    return found[0]


def undo(catalogue: Catalogue, run: AltRun) -> Iterator[Undone | Skipped]:
    """Take back what a run wrote, newest first; what was changed since is a `Skipped`."""
    settle_plans(catalogue, run)
    writes = [write for write in reversed(catalogue.writes(run)) if write.status == "written"]
    yield from take_back(catalogue, run, writes)
    catalogue.mark_undone(run)


def take_back(
    catalogue: Catalogue, run: AltRun, writes: Sequence[AltWrite]
) -> Iterator[Undone | Skipped]:
    """Take back some of what a run wrote, given newest first; as `undo`."""
    for (path, kind, _), group in groupby(writes, key=lambda w: (w.path, w.kind, w.left_hash)):
        some = list(group)
        give_back = _BY_KIND.get(kind, _take_back_bytes)
        try:
            given = give_back(catalogue, run, some)
        except (TextNotWritten, PathMissing, ImageUnreadable) as error:
            yield Skipped(path, getattr(error, "reason", "there is no such file"))
            continue
        catalogue.settle([w.id for w in some if w.id in given], "undone")
        catalogue.settle([w.id for w in some if w.id not in given], "changed")
        if given:
            yield Undone(path, len(given))
        for write in some:
            if write.id not in given:
                where = path if write.line is None else Path(f"{path}:{write.line}")
                yield Skipped(where, f"{write.src}: {CHANGED}" if write.src else CHANGED)


def _take_back_bytes(catalogue: Catalogue, run: AltRun, writes: Sequence[AltWrite]) -> set[int]:
    """Of a page or a table: exactly, or place by place where the file was changed elsewhere."""
    state, data = read(real(writes[0].path))
    splices = [splice for write in writes for splice in write.splices]
    if state.hash == writes[0].left_hash:
        if splices[0].start == NEW_FILE:
            remove(state.path, state)
        else:
            put(state.path, taken_back(data, splices), state)
        return {write.id for write in writes}
    back, found = taken_back_where_found(data, splices)
    if back != data:
        put(state.path, back, state)
    return {write.id for write, there in zip(writes, found, strict=True) if there}


def _take_back_in_photo(catalogue: Catalogue, run: AltRun, writes: Sequence[AltWrite]) -> set[int]:
    for write in writes:
        assert write.undo is not None
        undo = Undo.from_json(write.undo)
        tell_restored(catalogue, undo.path, undo, restore(undo))
    return {write.id for write in writes}


def _take_back_note(catalogue: Catalogue, run: AltRun, writes: Sequence[AltWrite]) -> set[int]:
    given = set()
    for write in writes:
        assert write.digest is not None
        kind: NoteKind = "extended" if write.src == "extended" else "alt"
        held = catalogue.model_note(write.digest, kind, run.model)
        if held is None or held.value != write.alt:
            continue
        given.add(write.id)
        if write.before is None:
            catalogue.drop_note(write.digest, kind, run.model)
        else:
            note = Note(kind, write.before, "model", now(), run.model, held.prompt)
            catalogue.put_note(write.digest, note)
    return given


_BY_KIND: dict[str, Callable[[Catalogue, AltRun, Sequence[AltWrite]], set[int]]] = {
    "xmp": _take_back_in_photo,
    "iptc": _take_back_in_photo,
    "note": _take_back_note,
}
