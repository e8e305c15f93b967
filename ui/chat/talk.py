"""The conversation that one browser session has open, in memory and in the file of conversations.

What is in memory counts: where the file fails, the conversation goes on and the page says that it
is not stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import streamlit as st
from PIL.Image import Image

from ui.chat import givers
from ui.chat.photos import as_jpeg, decoded
from ui.chat.stopped import stopped
from ui.conversations import Conversation, Conversations, Exchange, PhotoName
from ui.conversations.errors import ConversationsError
from ui.uploads import Photo

GONE_ON = (
    "This conversation has gone on in another window, as you see it now. Nothing was asked again."
)

SILENCE = timedelta(seconds=15)
"""An answer of another server that nothing was written of for so long is taken for broken off."""

_T = TypeVar("_T")


@dataclass(slots=True)
class Talk:
    """The open conversation, oldest exchange first; ``conversation`` is None until it is stored.

    ``waiting``: the last exchange is to be answered now. ``problem`` says why nothing is stored.
    """

    store: Conversations
    conversation: Conversation | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    jpegs: dict[str, bytes] = field(default_factory=dict)
    keep_photos: bool = False
    waiting: bool = False
    problem: str = ""

    @property
    def id(self) -> str:
        """What stands in the URL; "" for a conversation that is not stored."""
        return "" if self.conversation is None else self.conversation.id

    def ask(
        self,
        question: str,
        photos: Sequence[Photo] = (),
        *,
        picked: tuple[Path, ...] = (),
        errors: tuple[str, ...] = (),
    ) -> None:
        """Add a question; it waits to be answered unless none of its photos could be read."""
        self.stop()
        jpegs = {photo.digest: as_jpeg(photo) for photo in photos}
        names = tuple(PhotoName(photo.digest, photo.name) for photo in photos)
        self.jpegs |= jpegs
        useless = bool(errors) and not photos and not picked
        exchange = Exchange(
            question,
            names,
            picked,
            errors=errors,
            notes=tuple(f"{photo.name}: {note}" for photo in photos for note in photo.notes),
            state="failed" if useless else "answering",
            asked_at=datetime.now(UTC).isoformat(),
        )
        self.waiting = not useless
        self._append(exchange, jpegs)

    def ask_again(self, question: str | None = None) -> None:
        """Take back the last answer, and have its question, or another one, answered anew.

        Nothing is taken back where the conversation has gone on in another window.
        """
        last = self.exchanges[-1]
        self.catch_up()
        if self.exchanges[-1].id != last.id:
            self.problem = GONE_ON
            return
        del self.exchanges[-1]
        anew = Exchange(
            last.question if question is None else question,
            last.photos,
            last.picked,
            notes=last.notes,
            asked_at=datetime.now(UTC).isoformat(),
            id=last.id,
        )
        self.waiting = True
        self._append(anew, {})

    def grow(self, exchange: Exchange, *, store: bool = True) -> None:
        """Keep what came back so far in the place of the last exchange.

        Streamlit runs the page anew while the run before still waits for its model. What such a
        run brings is dropped: its answer was stopped or is asked for anew, or another is asked for.
        """
        last = self.exchanges[-1] if self.exchanges else None
        if last is None or last.asked_at != exchange.asked_at or last.state != "answering":
            return
        self.exchanges[-1] = exchange
        if store and exchange.id:
            self.kept(lambda store: store.update(exchange))

    def stop(self) -> None:
        """End the answer that is being given, if any; what was said is kept."""
        if self.exchanges and not self.waiting:
            self.grow(stopped(self.exchanges[-1]))

    def jpeg(self, digest: str) -> bytes | None:
        """A photo of this conversation; None where it was not kept."""
        if digest not in self.jpegs and self.id:
            stored = self.read(lambda store: store.photo(self.id, digest))
            if stored is None:
                return None
            self.jpegs[digest] = stored
        return self.jpegs.get(digest)

    def image(self, digest: str) -> Image | None:
        """A photo of this conversation as models see it; None where it was not kept."""
        jpeg = self.jpeg(digest)
        return None if jpeg is None else decoded(digest, lambda: jpeg)

    def catch_up(self) -> None:
        """Read what another window of this conversation added or took back meanwhile.

        Not while an answer is given, and not where something of it is in memory only.
        """
        in_memory = self.problem or any(not exchange.id for exchange in self.exchanges)
        if in_memory or not self.exchanges or self.exchanges[-1].state == "answering":
            return
        stored = self.read(lambda store: store.exchanges(self.id))
        if stored:
            self.exchanges = list(stored)

    def follow(self) -> bool:
        """Read the last exchange again, which another session may still answer; whether it does."""
        if not self.exchanges or self.waiting or self.exchanges[-1].state != "answering":
            return False
        stored = self.read(lambda store: store.exchanges(self.id))
        if stored:
            self.exchanges = list(stored)
        last = self.exchanges[-1]
        if last.state != "answering":
            return False
        given = givers.is_given(self.store.file, last.id)
        if given is None:
            silence = self.read(lambda store: store.silent_for(last))
            given = silence is not None and silence < SILENCE
        if given:
            return True
        self.stop()
        return False

    def kept(self, action: Callable[[Conversations], _T]) -> _T | None:
        """Do something with the file; what keeps it from being done is told on the page."""
        try:
            done = action(self.store)
        except ConversationsError as error:
            self.problem = str(error)
            return None
        self.problem = ""
        return done

    def read(self, action: Callable[[Conversations], _T]) -> _T | None:
        """Read in the file: that it can be read is no sign that it can be written again."""
        try:
            return action(self.store)
        except ConversationsError as error:
            self.problem = str(error)
            return None

    def _append(self, exchange: Exchange, jpegs: Mapping[str, bytes]) -> None:
        if self.conversation is None and not self.exchanges:
            self.conversation = self.kept(lambda store: store.begin(keep_photos=self.keep_photos))
        stored = None
        if self.conversation is not None:
            stored = self.kept(lambda store: store.add(self.id, exchange, jpegs))
        self.exchanges.append(stored or replace(exchange, id=0))
        if stored and self.waiting:
            givers.give(self.store.file, stored.id)


@st.cache_resource(show_spinner=False)
def _begun(store: Path) -> None:
    """Once for a server: photos that earlier ones left are deleted."""
    Conversations(store).forget_photos(new_server=True)


def opened(store: Conversations, conversation: str) -> Talk:
    """The conversation of an id, or a new one with the reason why it is not that."""
    talk = Talk(store)
    talk.kept(lambda store: _begun(store.file))
    talk.kept(lambda store: store.forget_photos())
    if not conversation or talk.problem:
        return talk
    talk.conversation = talk.kept(lambda store: store.find(conversation))
    if talk.conversation is not None:
        talk.keep_photos = talk.conversation.keep_photos
        talk.exchanges = list(talk.kept(lambda store: store.exchanges(conversation)) or ())
    return talk
