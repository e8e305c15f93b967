"""What models said about contents in batches, and which content a file had when it was read.

So no content is described twice, and a run that is gone on with reads no file that it has read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from index.catalogue.foreseen import Foreseen, foreseen, version_of
from index.catalogue.ledger_records import Draft, Known
from index.catalogue.notes import CatalogueWords
from index.catalogue.records import Note, NoteKind
from index.catalogue.word_forms import storable
from index.faults import plainly


class CatalogueDrafts(CatalogueWords):
    """Drafts of alternative texts."""

    _foreseen: Foreseen | None = None

    def foresee(self, paths: Sequence[Path], model: str, prompt: str) -> None:
        """Read at once what will be asked about these photos: their contents, notes and drafts.

        After a write of this connection, or one of another that `content_of` notices, what was read
        is not used any more.
        """
        with plainly(self.folder):
            self._foreseen = foreseen(self._db, paths, model, prompt)

    def _still_foreseen(self) -> Foreseen | None:
        if self._foreseen is not None and self._foreseen.changes != self._db.total_changes:
            self._foreseen = None
        return self._foreseen

    def notes(self, digest: bytes, kind: NoteKind | None = None) -> list[Note]:
        """As `CatalogueWords.notes`."""
        if kind == "alt" and (held := self._still_foreseen()) and digest in held.notes:
            return list(held.notes[digest])
        return super().notes(digest, kind)

    def draft(self, digest: bytes, model: str, prompt: str) -> Draft | None:
        """What this model said about a content when it was asked so, or None."""
        held = self._still_foreseen()
        if held is not None and held.asked == (model, prompt) and digest in held.notes:
            return held.drafts.get(digest)
        rows = self._rows(
            "SELECT alt, extended, verdict, evidence FROM alt_draft "
            "WHERE hash = ? AND model = ? AND prompt = ?",
            (digest, model, prompt),
        )
        return Draft(*rows[0]) if rows else None

    def put_draft(self, digest: bytes, model: str, prompt: str, draft: Draft) -> None:
        """Remember what a model said."""
        said = (draft.alt, draft.extended, draft.verdict, draft.evidence)
        with self._together():
            self._db.execute(
                "INSERT OR REPLACE INTO alt_draft VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (digest, model, prompt, *map(_stored, said), now()),
            )

    def content_of(self, path: Path, size: int, mtime_ns: int) -> Known | None:
        """What a file holds that did not change since it was read; None for any other."""
        file = os.fsencode(path)
        held = self._still_foreseen()
        if held is not None and held.version != self._version():
            held = self._foreseen = None
        if held is not None and file in held.files:
            *state, known = held.files[file]
            if state == [size, mtime_ns]:
                return known
        for table, column in (("alt_seen", "alt"), ("photo", "alt_text")):
            for digest, alt in self._rows(
                f"SELECT hash, {column} FROM {table} WHERE path = ? AND size = ? AND mtime_ns = ?",
                (file, size, mtime_ns),
            ):
                return Known(digest, alt)
        return None

    def _version(self) -> int:
        with plainly(self.folder):
            return version_of(self._db)

    def put_content(
        self, path: Path, size: int, mtime_ns: int, known: Known, run: int | None = None
    ) -> None:
        """Remember what a file holds, and of a page the run that has nothing left to do in it."""
        with self._together():
            self._db.execute(
                "INSERT OR REPLACE INTO alt_seen VALUES (?, ?, ?, ?, ?, ?)",
                (os.fsencode(path), size, mtime_ns, known.digest, _stored(known.alt), run),
            )

    def finished_by(self, path: Path, size: int, mtime_ns: int) -> int | None:
        """The run that has nothing left to do in a page, which did not change since."""
        sql = "SELECT run_id FROM alt_seen WHERE path = ? AND size = ? AND mtime_ns = ?"
        rows = self._rows(sql, (os.fsencode(path), size, mtime_ns))
        return rows[0][0] if rows else None

    def drop_note(self, digest: bytes, kind: NoteKind, model: str) -> None:
        """Forget what a model said of a content in a note."""
        with self._together():
            self._db.execute(
                "DELETE FROM note WHERE hash = ? AND kind = ? AND author = 'model' AND model = ?",
                (digest, kind, model),
            )
            for (row_id,) in self._rows("SELECT id FROM photo WHERE hash = ?", (digest,)):
                self._index_words(row_id)

    def model_note(self, digest: bytes, kind: NoteKind, model: str) -> Note | None:
        """What a model said of a content in a note, or None."""
        if kind == "alt" and (held := self._still_foreseen()) and digest in held.notes:
            by_model = (n for n in held.notes[digest] if n.author == "model" and n.model == model)
            return next(by_model, None)
        rows = self._rows(
            "SELECT kind, value, author, made_at, model, prompt FROM note "
            "WHERE hash = ? AND kind = ? AND author = 'model' AND model = ?",
            (digest, kind, model),
        )
        return Note(*rows[0]) if rows else None


def now() -> str:
    """The time as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _stored(text: str | None) -> str | None:
    return text if text is None else storable(text)
