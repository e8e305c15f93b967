"""Bring back the files that an undo file lists."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from index.duplicates.carrying import Move, carry, end_name, holds, part_of
from index.records import Skipped
from vlm.errors import UndoFileUnreadable, system_reason


def undo(file: Path) -> Iterator[Move | Skipped]:
    """Bring back what an undo file lists, last one first; yields what was done and what was not.

    Doing it again changes nothing. Raises `UndoFileUnreadable` before anything is moved.
    """
    moves = read_moves(file)
    for move in reversed(moves):
        try:
            for place in (move.source, move.target):  # of processes that were killed
                part_of(place, move.sha256).unlink(missing_ok=True)
            back = _bring_back(move)
        except OSError as error:
            yield Skipped(move.target, system_reason(error))
        else:
            if back is not None:
                yield back


def _bring_back(move: Move) -> Move | Skipped | None:
    """None where the file never left or is back already."""
    home, away = holds(move.source, move.sha256), holds(move.target, move.sha256)
    if home:
        if away or _is_claim(move.target):  # killed between the two names
            end_name(move.target)
        return None
    if not away:
        return Skipped(move.target, "is not there, or is not the file that was moved")
    if _is_claim(move.source):  # of an undo that was killed
        end_name(move.source)
    if os.path.lexists(move.source):
        return Skipped(move.target, f"{move.source} is taken by another file")
    move.source.parent.mkdir(parents=True, exist_ok=True)
    carry(Move(move.target, move.source, move.sha256))
    return Move(move.target, move.source, move.sha256)


def read_moves(file: Path) -> list[Move]:
    """The moves that an undo file lists; a last line without end is no move. Raises as `undo`."""
    try:
        lines = file.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise UndoFileUnreadable(file, system_reason(error)) from error
    moves = []
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            moves.append(Move(Path(told["from"]), Path(told["to"]), bytes.fromhex(told["sha256"])))
        except (ValueError, KeyError, TypeError):
            raise UndoFileUnreadable(file, f"line {number} is not a move") from None
    return moves


def _is_claim(path: Path) -> bool:
    """Whether this may be the empty file that claims a name; no photo is empty."""
    try:
        state = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(state.st_mode) and state.st_size == 0
