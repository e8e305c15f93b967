"""Move files away, each noted in an undo file, so that a killed process loses none of them.

Each move is first written, with the SHA-256 of the file, as a line of JSON into an undo file and
flushed to the disk.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from index.duplicates.carrying import Move, carry, flush_folder, holds
from vlm.errors import MoveRefused, system_reason


class Mover:
    """Moves files into a folder and notes each in an undo file there."""

    def __init__(self, folder: Path, undo_file: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.undo_file = _unused(folder / undo_file)
            self._log = self.undo_file.open("xb")
            flush_folder(folder)
        except OSError as error:
            raise MoveRefused(folder, system_reason(error)) from error
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._log.close()

    def move(self, source: Path, sha256: bytes) -> Path:
        """Move one file and give back where to. Raises `MoveRefused`, and the file stays."""
        try:
            _check(source, sha256)
            target = _unused(self._folder / source.name)
            self._note(Move(source, target, sha256))
            carry(Move(source, target, sha256))
        except OSError as error:
            raise MoveRefused(source, system_reason(error)) from error
        return target

    def _note(self, move: Move) -> None:
        line = {
            "from": str(move.source),
            "to": str(move.target),
            "sha256": move.sha256.hex(),
        }
        self._log.write(json.dumps(line).encode() + b"\n")
        self._log.flush()
        os.fsync(self._log.fileno())


def _check(source: Path, sha256: bytes) -> None:
    if not stat.S_ISREG(source.lstat().st_mode):
        raise MoveRefused(source, "it is a link, not a file")
    if not holds(source, sha256):
        raise MoveRefused(source, "it changed since it was indexed")


def _unused(path: Path) -> Path:
    """This path, or the first with a number that nothing has."""
    number = 1
    found = path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
