"""What takes a written text back, small enough to be kept for every photo of a run."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.metadata.writing.languages import LangAlt
from index.metadata.writing.splices import Splice


@dataclass(frozen=True, slots=True)
class Undo:
    """``before`` and ``after`` are SHA-256 of the file's content; no ``before``: no file was there.

    ``splices`` turn the content after into the one before, and ``mtime_ns`` is when that was
    changed. ``said`` and ``says`` are the properties that were changed, before and after: what
    remains to go by where another program has changed the file since.
    """

    path: Path
    before: bytes | None
    after: bytes
    mtime_ns: int
    splices: tuple[Splice, ...]
    said: Mapping[str, LangAlt]
    says: Mapping[str, LangAlt]

    def to_json(self) -> str:
        """One line; `from_json` reads it."""
        return json.dumps(
            {
                "path": str(self.path),
                "before": None if self.before is None else self.before.hex(),
                "after": self.after.hex(),
                "mtime_ns": self.mtime_ns,
                "splices": [[s.start, s.end, _text(s.new)] for s in self.splices],
                "said": dict(self.said),
                "says": dict(self.says),
            }
        )

    @classmethod
    def from_json(cls, line: str) -> Undo:
        """Raises `ValueError`, `KeyError` or `TypeError` for what `to_json` did not write."""
        told: dict[str, Any] = json.loads(line)
        before = told["before"]
        return cls(
            Path(told["path"]),
            None if before is None else bytes.fromhex(before),
            bytes.fromhex(told["after"]),
            int(told["mtime_ns"]),
            tuple(Splice(start, end, base64.b64decode(new)) for start, end, new in told["splices"]),
            _texts(told["said"]),
            _texts(told["says"]),
        )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _texts(told: Mapping[str, list[list[str]]]) -> dict[str, LangAlt]:
    return {name: tuple((tag, text) for tag, text in values) for name, values in told.items()}
