"""Tell the catalogue what was written, so that the next run of indexing finds nothing to do."""

from __future__ import annotations

from pathlib import Path

from index.catalogue.catalogue import Catalogue
from index.metadata.sidecar import changed_ns, read_sidecars
from index.metadata.told import Told, first
from index.metadata.writing.planning import Plan, read
from index.metadata.writing.undo import Undo
from index.metadata.writing.write import packet_in
from index.metadata.xmp import read_xmp
from index.paths import absolute
from index.records import FileState


def tell_written(catalogue: Catalogue, plan: Plan, now: FileState) -> bool:
    """Call it with what `carry_out` gave back.

    Vectors, notes and drafts stay with the photo. False where the catalogue did not know the file
    as it was before, so that the next run of indexing has to look at it.
    """
    if not plan.changes:
        return True
    if plan.undo.path.suffix.lower() == ".xmp":
        return _tell_sidecar(catalogue, absolute(plan.photo), plan.beside_ns)
    assert plan.before is not None
    return _tell_embedded(catalogue, plan.photo, plan.before.hash, now, plan.content)


def tell_restored(catalogue: Catalogue, photo: Path, undo: Undo, now: FileState | None) -> bool:
    """Call it with what `restore` gave back; as `tell_written`, but always False for sidecars."""
    if now is None or undo.before is None or undo.path.suffix.lower() == ".xmp":
        return False
    state, data = read(undo.path)
    return state.hash == now.hash and _tell_embedded(catalogue, photo, undo.after, now, data)


def _tell_sidecar(catalogue: Catalogue, photo: Path, before_ns: int) -> bool:
    now_ns = changed_ns(str(photo.parent), photo.name)
    told = read_sidecars(photo).xmp
    alt, extended = told.alt_text, told.extended_description
    return catalogue.put_sidecar(photo, before_ns, now_ns, alt, extended)


def _tell_embedded(
    catalogue: Catalogue, photo: Path, before: bytes, now: FileState, data: bytes
) -> bool:
    inside = read_xmp(packet_in(photo, data))
    beside: Told = read_sidecars(photo).xmp
    paths = {absolute(photo), now.path}
    return bool(
        catalogue.put_rewritten(
            paths,
            before,
            now,
            first(beside.alt_text, inside.alt_text),
            first(beside.extended_description, inside.extended_description),
        )
    )
