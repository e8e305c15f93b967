"""What a conversation consists of: small frozen records that compare and print well."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.records import Band

State = Literal["answering", "answered", "stopped", "failed"]
"""``answering`` also where the server ended in the middle; ``stopped`` by the person or a reload;
``failed``: there are errors and no answer, or only a part of one."""

_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class PhotoName:
    """A photo added by the person: SHA-256 of the uploaded file in hex, and its name."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A photo of the library that was found, by its path; ``score`` is a cosine similarity."""

    path: Path
    name: str
    band: Band
    score: float


@dataclass(frozen=True, slots=True)
class Cited:
    """The photo behind a ``[number]``; ``region``: left, top, right, bottom in shares of it."""

    number: int
    path: Path
    region: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What an answer took: seconds, and tokens where the model tells them (else 0)."""

    first_word: float | None = None
    seconds: float | None = None
    read: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its photos, and what came back. ``id`` is 0 until it is stored.

    ``picked`` are photos of the library that were asked about, ``focus`` is the one that "it"
    means from here on, ``notes`` are what the person should know of the photos, ``errors`` are
    messages for the person, ``model`` names who answered.
    """

    question: str
    photos: tuple[PhotoName, ...] = ()
    picked: tuple[Path, ...] = ()
    found: tuple[FoundPhoto, ...] = ()
    cited: tuple[Cited, ...] = ()
    focus: Path | None = None
    reply: str = ""
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    state: State = "answering"
    model: str = ""
    spent: Spent = Spent()
    asked_at: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation; times are ISO 8601 in UTC. ``id`` is a secret that stands in the URL."""

    id: str
    title: str
    started: str
    changed: str
    keep_photos: bool = False


def title_of(exchange: Exchange) -> str:
    """A title from the first question: its first line, cut between words.

    >>> title_of(Exchange("Which colour is the car?\\nIn one word."))
    'Which colour is the car?'
    >>> title_of(Exchange("", (PhotoName("ab", "mine.png"),)))
    'About mine.png'
    """
    line = next((line.strip() for line in exchange.question.splitlines() if line.strip()), "")
    if not line:
        names = [photo.name for photo in exchange.photos] + [path.name for path in exchange.picked]
        line = f"About {names[0]}" if names else "Conversation"
    line = " ".join(line.split())
    if len(line) <= _LONGEST_TITLE:
        return line
    cut = line[:_LONGEST_TITLE].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:.')}\u2026"
