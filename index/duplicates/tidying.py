"""Move the copies that a library does not need into a folder; one photo of a group stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from index.catalogue.records import Content
from index.duplicates.carrying import Move, holds
from index.duplicates.groups import Group
from index.duplicates.moving import Mover
from index.library import Library
from index.paths import absolute
from index.records import Progress, Skipped
from vlm.errors import MoveRefused


@dataclass(slots=True)
class Tidied:
    """What was moved and what was not; ``undo_file`` brings it all back."""

    undo_file: Path | None = None
    moves: list[Move] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def move_copies(
    library: Library,
    groups: Sequence[Group],
    folder: Path,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> Tidied:
    """Move the redundant photos of groups away; they are searched no longer.

    A group whose photo to keep is not there, or has changed, is left alone. Nothing is made where
    there is nothing to move. Raises `MoveRefused` for the folder and `LibraryBusy`.
    """
    done = Tidied()
    total = sum(len(group.redundant) for group in groups)
    if not total:
        return done
    with library.writing(), Mover(absolute(folder), _undo_name()) as mover:
        done.undo_file = mover.undo_file
        try:
            for group in groups:
                _move_group(group, mover, done)
                if on_progress is not None:
                    count, refused = len(done.moves), len(done.skipped)
                    on_progress(Progress(count + refused, total, refused, 0.0, None))
        finally:
            library.catalogue.mark_missing([os.fsencode(move.source) for move in done.moves])
    return done


def _move_group(group: Group, mover: Mover, done: Tidied) -> None:
    reason = _missing(group.best)
    for photo in group.redundant:
        if reason is None and photo.path.parent == mover.undo_file.parent:
            done.skipped.append(Skipped(photo.path, "is in that folder already"))
        elif reason is not None:
            done.skipped.append(Skipped(photo.path, reason))
        else:
            try:
                target = mover.move(photo.path, photo.hash)
            except MoveRefused as error:
                done.skipped.append(Skipped(photo.path, error.reason))
            else:
                done.moves.append(Move(photo.path, target, photo.hash))


def _missing(best: Content) -> str | None:
    """Why the others may not go, or None."""
    try:
        if holds(best.path, best.hash):
            return None
        return f"{best.path}, which was to stay, is gone or has changed"
    except OSError as error:
        return f"{best.path}, which was to stay, cannot be read ({error.strerror})"


def _undo_name() -> str:
    return f"undo-{datetime.now():%Y%m%d-%H%M%S}.jsonl"
