"""What comes back while a turn is answered; `Answered` is the last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from langchain_core.documents import Document

from vlm.protocols import Region


@dataclass(frozen=True, slots=True)
class Doing:
    """A short line about what is being done now, such as "Looking at photo 2 of 3"."""

    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """Photos of the library that the answer rests on or was chosen from, best first.

    Comes before the first slow look at any of them. Each document's metadata holds ``path``,
    ``score`` (cosine similarity) and ``band``.
    """

    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The next piece of the reply: plain text to be escaped by whoever shows it."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The photo behind a ``[number]`` in the reply.

    ``region`` is the part of it that is meant: left, top, right, bottom in shares of the upright
    photo's width and height; None where the model tells none.
    """

    number: int
    path: Path
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply is complete: its citations, its whole text to keep, and what "it" means next."""

    citations: tuple[Citation, ...]
    text: str
    focus: Path | None = None


Event: TypeAlias = Doing | Found | Said | Answered
