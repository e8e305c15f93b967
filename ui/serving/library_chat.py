"""The model `vlm-library`: a conversation with the whole library, through the assistant.

Clients of OpenAI's API send texts and images only. What earlier turns found, which "the second one"
is about, is remembered here for a while by the words that were exchanged.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from ui.serving.desk import Desk
from ui.serving.openai_format import Heard

if TYPE_CHECKING:
    from langchain_core.documents import Document

    from vlm.assistant import Citation, Past
    from vlm.protocols import Describer

_KEPT = 256
"""Conversations whose last finds are remembered."""


class Memory:
    """What exchanges were about, by a hash of the conversation up to and with their reply."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, tuple[tuple[Document, ...], Path | None]] = OrderedDict()
        self._lock = Lock()

    def put(self, key: bytes, documents: tuple[Document, ...], focus: Path | None) -> None:
        """Remember an exchange."""
        with self._lock:
            self._kept[key] = documents, focus
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def get(self, key: bytes) -> tuple[tuple[Document, ...], Path | None]:
        """What an exchange found, and the photo it was about."""
        with self._lock:
            return self._kept.get(key, ((), None))


def reply(
    desk: Desk, describer: Describer, memory: Memory, heard: Sequence[Heard]
) -> Iterator[str | dict[str, Any]]:
    """The words of the reply, then a dictionary with its citations."""
    # Half of the time that the server would need to start; most callers never ask for this.
    from index.library_tools import LibraryTools
    from vlm.assistant import Answered, Found, Said, Turn, assistant

    talk = [message for message in heard if message.role != "system"]
    key, history = _history(talk[:-1], memory)
    last = talk[-1].decoded()
    turn = Turn(last.text, last.images, history)
    tools = LibraryTools(desk.library(), desk.embedder)
    documents: tuple[Document, ...] = ()
    for event in assistant(tools, describer).stream(turn):
        if isinstance(event, Found):
            documents = event.documents
        elif isinstance(event, Said):
            yield event.text
        elif isinstance(event, Answered):
            after = _key(key, talk[-1], event.text)
            memory.put(after, documents, event.focus)
            yield {"citations": [_citation(desk, one) for one in event.citations]}


def _history(talk: Sequence[Heard], memory: Memory) -> tuple[bytes, tuple[Past, ...]]:
    """Pairs of what was said and what was replied, oldest first."""
    key = b""
    history: list[Past] = []
    asked: Heard | None = None
    for message in talk:
        if message.role == "user":
            if asked is not None:  # two in a row: the first was never answered
                history.append(_past(asked))
            asked = message
            continue
        said = asked or Heard("user", "")
        key = _key(key, said, message.text)
        documents, focus = memory.get(key)
        past = _past(said)
        history.append(replace(past, documents=documents, reply=message.text, focus=focus))
        asked = None
    if asked is not None:
        history.append(_past(asked))
    return key, tuple(history)


def _past(heard: Heard) -> Past:
    from vlm.assistant import Past

    return Past(heard.text, heard.decoded().images)


def _key(before: bytes, asked: Heard, replied: str) -> bytes:
    said = [before, asked.text.strip().encode(), *asked.images, replied.strip().encode()]
    parts = (hashlib.sha256(part).digest() for part in said)
    return hashlib.sha256(b"".join(parts)).digest()


def _citation(desk: Desk, citation: Citation) -> dict[str, Any]:
    digest = desk.library().catalogue.digests([citation.path]).get(citation.path)
    named = None if digest is None else digest.hex()
    return {
        "number": citation.number,
        "path": str(citation.path),
        "digest": named,
        "thumbnail": named and f"/v1/photos/{named}/thumbnail",
        "region": None if citation.region is None else list(citation.region),
    }
