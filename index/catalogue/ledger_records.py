"""What the ledger of alternative texts hands out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

TargetKind = Literal["html", "markdown", "csv", "jsonl", "xmp", "iptc", "note"]
WriteStatus = Literal["planned", "written", "undone", "changed"]
"""``planned`` is committed before a file is replaced, so a killed run leaves no write unknown;
``changed``: not given back, since something else stood there by then."""

Concern = Literal["review", "unsaid", "hedge", "new"]
CONCERNS: tuple[Concern, ...] = ("review", "unsaid", "hedge", "new")
"""Why a text waits for a person, the most urgent first: it is doubtful as a whole; it was put
nowhere; something in it is doubtful; nobody has looked at it yet."""


@dataclass(frozen=True, slots=True)
class AltRun:
    """One run of a batch; times are ISO 8601 in UTC, ``ended`` is None for one that was stopped.

    ``options`` tell runs that do the same: one that was stopped is gone on with by the next.
    """

    id: int
    started: str
    ended: str | None
    model: str
    prompt: str
    options: str
    undone: str | None = None
    writes: int = 0


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes of a file that were replaced: at ``start`` of the file as it was left.

    ``lead`` and ``trail`` are what stood around them, to find the place again in a file that was
    changed elsewhere.
    """

    start: int
    before: bytes
    after: bytes
    lead: bytes = b""
    trail: bytes = b""


@dataclass(frozen=True, slots=True)
class AltWrite:
    """One text at one place: what stood there, and what was written.

    ``before`` and ``alt`` are None where there was, or is, no text at all. ``left_hash`` is the
    SHA-256 of the whole file as it was left, None where nothing is in a file. What takes it back
    are ``splices`` for pages and tables, and ``undo`` (`index.metadata.writing.undo`) for photos.
    """

    path: Path
    kind: TargetKind
    src: str
    before: str | None
    alt: str | None
    digest: bytes | None = None
    line: int | None = None
    left_hash: bytes | None = None
    splices: tuple[Splice, ...] = ()
    undo: str | None = None
    status: WriteStatus = "planned"
    made_at: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model said about a content, once for all places where it stands.

    ``verdict`` and ``evidence`` (JSON) are those of `vlm.checked`, None for an unchecked text;
    the verdict is "rejected" where a person did not want it.
    """

    alt: str
    extended: str | None = None
    verdict: str | None = None
    evidence: str | None = None


class Known(NamedTuple):
    """The content of a file, and the alternative text that it carries itself, if any."""

    digest: bytes
    alt: str | None = None
