"""What was said: the turn to answer now, and the exchanges before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from langchain_core.documents import Document
from PIL.Image import Image

from vlm.protocols import Message


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier exchange: what the person said with which photos, and what came back.

    ``documents`` are the photos of the library that were found or picked, in the order of their
    numbers; ``focus`` is the one among them that "it" meant when the reply was finished, and
    ``cited`` are those that the reply named.
    """

    text: str
    images: tuple[Image, ...] = ()
    documents: tuple[Document, ...] = ()
    reply: str = ""
    focus: Path | None = None
    cited: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What the person says now, with photos they add or picked, and what was said (oldest first).

    ``picked`` are photos of the library that were chosen on another page.
    """

    text: str
    images: tuple[Image, ...] = ()
    history: tuple[Past, ...] = ()
    picked: tuple[Path, ...] = ()


def messages_of(history: tuple[Past, ...]) -> list[Message]:
    """Earlier exchanges as a describer reads them; one without a reply is left out."""
    messages = []
    for past in history:
        if past.reply:
            messages.append(Message("user", past.text, past.images))
            messages.append(Message("assistant", past.reply))
    return messages
