"""The file of conversations: one SQLite database that only its owner may read.

Each change is one transaction on a connection of its own (see
`ui.conversations.opening`), so threads, browser sessions and processes may use one file.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from index.catalogue.transactions import transaction
from index.catalogue.word_forms import searchable, storable
from ui.conversations.encoding import decoded, encoded
from ui.conversations.errors import ConversationGone, ConversationsDamaged
from ui.conversations.opening import Connection, empty_journal, opened
from ui.conversations.records import Conversation, Exchange, title_of
from ui.conversations.schema import match_expression

PHOTOS_LIVE = timedelta(hours=12)
"""So long are photos there that are not to be kept, if the server runs so long."""

_CONVERSATION = "id, title, started, changed, keep_photos"
_EXCHANGE = "question, reply, state, asked_at, id, details"


class Conversations:
    """Conversations of one owner; "" is everybody who uses an app without accounts.

    Every method may raise `ConversationsDamaged`, `ConversationsNewer`, `ConversationsUnwritable`
    or `ConversationsBusy`.
    """

    def __init__(self, file: Path, *, owner: str = "") -> None:
        self.file = file
        self.owner = owner

    def newest(self, words: str = "", *, limit: int = 50) -> tuple[Conversation, ...]:
        """Conversations, the last changed first; with words, those in which all of them are."""
        sql = f"SELECT {_CONVERSATION} FROM conversation WHERE owner = ?"
        values: list[object] = [self.owner]
        if expression := match_expression(words):
            sql += " AND number IN (SELECT rowid FROM words WHERE words MATCH ?)"
            values.append(expression)
        with opened(self.file) as db:
            rows = db.execute(f"{sql} ORDER BY changed DESC, number DESC LIMIT ?", (*values, limit))
            return tuple(_conversation(row) for row in rows)

    def find(self, conversation: str) -> Conversation | None:
        """The conversation of this id, or None."""
        sql = f"SELECT {_CONVERSATION} FROM conversation WHERE id = ? AND owner = ?"
        with opened(self.file) as db:
            row = db.execute(sql, (storable(conversation), self.owner)).fetchone()
        return row and _conversation(row)

    def exchanges(self, conversation: str) -> tuple[Exchange, ...]:
        """What was said, the oldest first; nothing where there is no such conversation."""
        sql = (
            f"SELECT {', '.join(f'exchange.{name}' for name in _EXCHANGE.split(', '))} "
            "FROM exchange JOIN conversation ON number = conversation "
            "WHERE conversation.id = ? AND owner = ? ORDER BY exchange.id"
        )
        with opened(self.file) as db:
            rows = db.execute(sql, (storable(conversation), self.owner)).fetchall()
        return tuple(self._exchange(*row) for row in rows)

    def silent_for(self, exchange: Exchange) -> timedelta | None:
        """Since when nothing was written of an answer; None where it is no longer there."""
        with opened(self.file) as db:
            row = db.execute("SELECT touched FROM exchange WHERE id = ?", (exchange.id,)).fetchone()
        return row and datetime.now(UTC) - datetime.fromisoformat(row[0])

    def begin(self, *, keep_photos: bool = False) -> Conversation:
        """A new conversation without a word."""
        at = now()
        begun = Conversation(secrets.token_urlsafe(12), "Conversation", at, at, keep_photos)
        with self._writing() as db:
            db.execute(
                f"INSERT INTO conversation ({_CONVERSATION}, owner) VALUES (?, ?, ?, ?, ?, ?)",
                (begun.id, begun.title, at, at, keep_photos, self.owner),
            )
        return begun

    def add(
        self, conversation: str, exchange: Exchange, photos: Mapping[str, bytes] | None = None
    ) -> Exchange:
        """Add an exchange with the JPEGs of its photos by digest; the exchange with its id.

        An exchange that has an id takes the place of that one, and of what came after it. Raises
        `ConversationGone` where there is no such conversation.
        """
        with self._writing() as db:
            number = self._number(db, conversation)
            if exchange.id:
                db.execute(
                    "DELETE FROM exchange WHERE conversation = ? AND id >= ?",
                    (number, exchange.id),
                )
            values = _values(exchange)
            cursor = db.execute(
                "INSERT INTO exchange (conversation, question, reply, state, details, asked_at, "
                "touched) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, *values, exchange.asked_at or now(), now()),
            )
            db.executemany(
                "INSERT OR REPLACE INTO photo VALUES (?, ?, ?, ?, ?)",
                [
                    (number, digest, jpeg, now(), os.getpid())
                    for digest, jpeg in (photos or {}).items()
                ],
            )
            self._changed(db, number)
            row = db.execute(
                f"SELECT {_EXCHANGE} FROM exchange WHERE id = ?", (cursor.lastrowid,)
            ).fetchone()
        return self._exchange(*row)

    def update(self, exchange: Exchange) -> bool:
        """Store what came back so far; False where the exchange is no longer there."""
        with self._writing() as db:
            cursor = db.execute(
                "UPDATE exchange SET question = ?, reply = ?, state = ?, details = ?, touched = ? "
                "WHERE id = ? RETURNING conversation",
                (*_values(exchange), now(), exchange.id),
            )
            row = cursor.fetchone()
            if row is not None and exchange.state != "answering":
                self._changed(db, row[0])
        return row is not None

    def rename(self, conversation: str, title: str) -> None:
        """Give a title; an empty one brings back that of the first question."""
        with self._writing() as db:
            number = self._number(db, conversation)
            plain = " ".join(storable(title).split())[:200]
            db.execute(
                "UPDATE conversation SET title = ?, named = ? WHERE number = ?",
                (plain, bool(plain), number),
            )
            self._index(db, number)

    def keep_photos(self, conversation: str, *, keep: bool) -> None:
        """Whether the photos of a conversation stay; without it they are gone with the session."""
        with self._writing() as db:
            number = self._number(db, conversation)
            db.execute("UPDATE conversation SET keep_photos = ? WHERE number = ?", (keep, number))

    def delete(self, conversation: str) -> None:
        """Delete a conversation with its photos, for good; nothing happens if it is gone."""
        with self._writing() as db:
            row = db.execute(
                "DELETE FROM conversation WHERE id = ? AND owner = ? RETURNING number",
                (storable(conversation), self.owner),
            ).fetchone()
            if row is not None:
                db.execute("DELETE FROM words WHERE rowid = ?", row)
                db.execute("INSERT INTO words (words) VALUES ('optimize')")  # old words go too
        empty_journal(self.file)

    def photo(self, conversation: str, digest: str) -> bytes | None:
        """The JPEG of a photo, or None where it was not kept."""
        sql = (
            "SELECT jpeg FROM photo JOIN conversation ON number = conversation "
            "WHERE id = ? AND owner = ? AND digest = ?"
        )
        with opened(self.file) as db:
            row = db.execute(sql, (storable(conversation), self.owner, digest)).fetchone()
        return None if row is None else bytes(row[0])

    def forget_photos(self, *, before: datetime | None = None, new_server: bool = False) -> int:
        """Delete photos that are not to be kept, of all owners; how many these were.

        Those stored ``before`` a time, and with ``new_server`` also those of servers that are no
        longer there: nothing of this process is stored yet.
        """
        stale = before or datetime.now(UTC) - PHOTOS_LIVE
        with opened(self.file) as db:
            servers = [row[0] for row in db.execute("SELECT DISTINCT server FROM photo")]
        ended = [pid for pid in servers if new_server and (pid == os.getpid() or _has_ended(pid))]
        sql = (
            "DELETE FROM photo WHERE (stored < ? OR server IN "
            f"({', '.join('?' * len(ended))})) AND conversation IN "
            "(SELECT number FROM conversation WHERE NOT keep_photos)"
        )
        with self._writing() as db:
            gone = db.execute(sql, (stale.isoformat(), *ended)).rowcount
        if gone:
            empty_journal(self.file)
        return gone

    def _number(self, db: Connection, conversation: str) -> int:
        row = db.execute(
            "SELECT number FROM conversation WHERE id = ? AND owner = ?",
            (storable(conversation), self.owner),
        ).fetchone()
        if row is None:
            raise ConversationGone
        return int(row[0])

    def _changed(self, db: Connection, number: int) -> None:
        db.execute("UPDATE conversation SET changed = ? WHERE number = ?", (now(), number))
        self._index(db, number)

    def _index(self, db: Connection, number: int) -> None:
        """Bring title and words up to date; the first question is the title of one without."""
        said = db.execute(
            f"SELECT {_EXCHANGE} FROM exchange WHERE conversation = ? ORDER BY id", (number,)
        ).fetchall()
        ((title, named),) = db.execute(
            "SELECT title, named FROM conversation WHERE number = ?", (number,)
        ).fetchall()
        if said and not named:
            title = storable(title_of(self._exchange(*said[0])))
            db.execute("UPDATE conversation SET title = ? WHERE number = ?", (title, number))
        text = "\n".join([title, *(f"{question}\n{reply}" for question, reply, *_ in said)])
        db.execute("DELETE FROM words WHERE rowid = ?", (number,))
        db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, searchable(text)))

    def _exchange(
        self, question: str, reply: str, state: Any, asked_at: str, number: int, details: str
    ) -> Exchange:
        try:
            told = decoded(details)
        except ValueError as error:
            raise ConversationsDamaged(self.file, str(error)) from None
        told = {**told, "question": question, "reply": reply, "state": state}
        return Exchange(**told, asked_at=asked_at, id=number)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with opened(self.file) as db, transaction(db, "BEGIN IMMEDIATE"):
            yield db


def _values(exchange: Exchange) -> tuple[str, str, str, str]:
    texts = storable(exchange.question), storable(exchange.reply)
    return (*texts, exchange.state, encoded(exchange))


def _conversation(row: tuple[Any, ...]) -> Conversation:
    name, title, started, changed, keep = row
    return Conversation(name, title, started, changed, bool(keep))


def now() -> str:
    """This moment as it is stored."""
    return datetime.now(UTC).isoformat()


def _has_ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
