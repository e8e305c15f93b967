"""Texts that wait for a person: which there are, and what the person decides.

A text waits while a model said it, of a content that is there, and no person or file says another.
What is decided counts for every content that is the same picture, so a run that is taken back,
which gives a photo its former bytes, does not bring the question up again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.catalogue.drafts import now
from index.catalogue.ledger import CatalogueLedger
from index.catalogue.ledger_records import CONCERNS, Concern, Draft
from index.catalogue.notes import CatalogueWords
from index.catalogue.records import Note
from index.catalogue.word_forms import storable

_REJECTED = "ifnull(verdict, '') = 'rejected'"

_WAITING = f"""
SELECT hash, min(concern) AS first, min(made_at) AS since FROM (
    SELECT hash, made_at, CASE
        WHEN verdict = 'review' THEN 0
        WHEN hash NOT IN (SELECT hash FROM alt_write WHERE status = 'written' AND hash NOT NULL)
        AND hash NOT IN (SELECT hash FROM note WHERE kind = 'alt') THEN 1
        WHEN verdict = 'hedge' THEN 2 ELSE 3 END AS concern
    FROM alt_draft WHERE NOT {_REJECTED}
    UNION ALL SELECT hash, made_at, 3 FROM note WHERE kind = 'alt' AND author = 'model'
)
WHERE hash NOT IN (SELECT hash FROM note WHERE kind = 'alt' AND author <> 'model')
AND (hash IN (SELECT hash FROM photo WHERE NOT missing) OR hash IN (SELECT hash FROM alt_seen))
GROUP BY hash ORDER BY first, since, hash
"""


class CatalogueReviews(CatalogueLedger, CatalogueWords):
    """The queue of proposed texts."""

    def waiting(self) -> list[tuple[bytes, Concern]]:
        """Each content whose text waits, and why: those to be checked first come first."""
        return [(digest, CONCERNS[concern]) for digest, concern, _ in self._rows(_WAITING)]

    def last_draft(self, digest: bytes) -> tuple[Draft, str, str] | None:
        """What was last said of a content, by which model, on which prompt; None without any."""
        rows = self._rows(
            "SELECT alt, extended, verdict, evidence, model, prompt FROM alt_draft "
            f"WHERE hash = ? AND NOT {_REJECTED} ORDER BY made_at DESC, model, prompt LIMIT 1",
            (digest,),
        )
        return (Draft(*rows[0][:4]), rows[0][4], rows[0][5]) if rows else None

    def files_of(self, digest: bytes) -> list[Path]:
        """The files that hold a content, those of the library first."""
        rows = self._rows(
            "SELECT path FROM photo WHERE hash = ? AND NOT missing UNION ALL "
            "SELECT path FROM (SELECT path FROM alt_seen WHERE hash = ? ORDER BY path)",
            (digest, digest),
        )
        return list(dict.fromkeys(Path(os.fsdecode(path)) for (path,) in rows))

    def same_pictures(self, digest: bytes) -> list[bytes]:
        """A content, and those that it had before texts were written into its file."""
        rows = self._rows(
            "WITH RECURSIVE same (hash) AS (VALUES (?) UNION SELECT alt_write.hash "
            "FROM alt_write JOIN same ON left_hash = same.hash AND kind = 'iptc' "
            "WHERE alt_write.hash NOT NULL) SELECT hash FROM same",
            (digest,),
        )
        return [content for (content,) in rows]

    def accept(self, digest: bytes, alt: str, extended: str) -> bool:
        """Make texts a person's own; False, and nothing, where a person has decided before."""
        with self._together():
            if self._decided(digest):
                return False
            for content in self.same_pictures(digest):
                self.put_note(content, Note("alt", storable(alt), "human", now()))
                if extended or self.notes(content, "extended"):
                    self.put_note(content, Note("extended", storable(extended), "human", now()))
        return True

    def reject(self, digest: bytes) -> bool:
        """Forget what models say of a picture, and remember not to say it again; as `accept`."""
        with self._together():
            if self._decided(digest):
                return False
            for content in self.same_pictures(digest):
                self._db.execute(
                    "DELETE FROM note WHERE hash = ? AND author = 'model' "
                    "AND kind IN ('alt', 'extended')",
                    (content,),
                )
                self._db.execute(
                    "UPDATE alt_draft SET verdict = 'rejected' WHERE hash = ?", (content,)
                )
                self._db.execute(
                    "UPDATE alt_write SET status = 'undone' WHERE hash = ? AND kind = 'note' "
                    "AND status = 'written'",
                    (content,),
                )
                self._index_words_of(content)
        return True

    def accepted(self) -> Iterator[tuple[bytes, Note]]:
        """Every content of which a person says an alternative text, with that text."""
        rows = self._rows(
            "SELECT hash, kind, value, author, made_at, model, prompt FROM note "
            "WHERE kind = 'alt' AND author = 'human' ORDER BY rowid"
        )
        yield from ((digest, Note(*rest)) for digest, *rest in rows)

    def _decided(self, digest: bytes) -> bool:
        return any(note.author != "model" for note in self.notes(digest, "alt"))

    def _index_words_of(self, digest: bytes) -> None:
        rows: Iterable[tuple[int]] = self._rows("SELECT id FROM photo WHERE hash = ?", (digest,))
        for (row_id,) in rows:
            self._index_words(row_id)
