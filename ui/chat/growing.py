"""An answer while it comes: kept in the conversation all along, whatever ends it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from langchain_core.documents import Document

from index.records import Band
from ui.chat import givers
from ui.chat.stopped import stopped
from ui.chat.talk import Talk
from ui.conversations import Cited, Exchange, FoundPhoto, Spent, State
from vlm.assistant import Answered, Citation, Event, Found, Said
from vlm.protocols import Describer
from vlm.usage import Metered

STORED_EVERY = 0.7
"""Seconds; so much of an answer is lost at most where the server is killed."""


class Growing:
    """The last exchange of a conversation, becoming answered. Call `close` whatever happens."""

    def __init__(self, talk: Talk, model: str) -> None:
        self.exchange: Exchange = replace(talk.exchanges[-1], model=model)
        self._talk = talk
        talk.grow(self.exchange)
        self._state: State = "stopped"  # a stop and a reload are exceptions that only end it
        self._begun = self._stored = time.monotonic()
        self._first_word: float | None = None
        self._tokens = (0, 0)

    def read(self, events: Iterable[Event], describer: Describer) -> Iterator[Event]:
        """Pass events on, each when it is in `exchange`."""
        before = _tokens(describer)
        for event in events:
            if isinstance(event, Found):
                self._set(found=tuple(_found(document) for document in event.documents))
            elif isinstance(event, Said):
                if self._first_word is None:
                    self._first_word = time.monotonic() - self._begun
                    self._stored = 0.0  # at once: a model may say a word and then be silent
                self._set(reply=self.exchange.reply + event.text)
            elif isinstance(event, Answered):
                cited = tuple(_cited(citation) for citation in event.citations)
                reply = event.text or self.exchange.reply
                self._set(cited=cited, reply=reply, focus=event.focus)
            now = _tokens(describer)
            self._tokens = now[0] - before[0], now[1] - before[1]
            yield event
        self._state = "answered"

    def fail(self, message: str) -> None:
        """An error ended the answer."""
        self._state = "failed"
        self._set(errors=(*self.exchange.errors, message))

    def close(self) -> None:
        """Keep the answer as it is now, with how it ended."""
        seconds = time.monotonic() - self._begun
        ended = replace(self.exchange, spent=Spent(self._first_word, seconds, *self._tokens))
        if self._state != "answered":
            ended = stopped(ended)
        self.exchange = replace(ended, state=self._state)
        self._talk.grow(self.exchange)
        givers.given(self._talk.store.file, self.exchange.id)

    def _set(self, **changes: object) -> None:
        self.exchange = replace(self.exchange, **changes)  # type: ignore[arg-type]
        store = time.monotonic() - self._stored >= STORED_EVERY
        self._talk.grow(self.exchange, store=store)
        if store:
            self._stored = time.monotonic()


def document_of(photo: FoundPhoto) -> Document:
    """A photo found as the assistant knows it."""
    metadata = {"path": str(photo.path), "score": photo.score, "band": photo.band}
    return Document(page_content=photo.name, metadata=metadata)


def picked_documents(paths: Sequence[Path]) -> tuple[Document, ...]:
    """Photos that were picked from the library as the assistant knows them."""
    return tuple(document_of(FoundPhoto(path, path.name, "strong", 0.0)) for path in paths)


def _found(document: Document) -> FoundPhoto:
    data = document.metadata
    band: Band = data.get("band", "maybe")
    score = float(data.get("score", 0.0))
    return FoundPhoto(Path(data["path"]), document.page_content, band, score)


def _cited(citation: Citation) -> Cited:
    return Cited(citation.number, citation.path, citation.region)


def _tokens(describer: Describer) -> tuple[int, int]:
    if not isinstance(describer, Metered):
        return 0, 0
    return describer.usage.read, describer.usage.written
