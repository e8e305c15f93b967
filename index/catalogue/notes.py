"""Words of photos: what is said about a content, and the full-text table that is searched.

The table ``words`` has a row for every photo that is searched. Whatever changes a photo or a note
writes that row again in the same transaction, so it never says anything else than the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple

from index.catalogue.connection import CatalogueConnection
from index.catalogue.records import Note, NoteKind
from index.catalogue.word_forms import COLUMNS, match_expression, name_and_folder, searchable

_COLUMN_OF: dict[NoteKind, str] = {
    "caption": "caption",
    "alt": "caption",
    "extended": "caption",
    "ocr": "ocr",
    "tags": "keywords",
}

# A clock may go backwards, so the newest is the one that was written last.
PEOPLE_FIRST = "ORDER BY CASE author WHEN 'human' THEN 0 WHEN 'file' THEN 1 ELSE 2 END, rowid DESC"


class CatalogueWords(CatalogueConnection):
    """Notes and the search of words."""

    def search_words(
        self, query: str, columns: Sequence[str] = COLUMNS, limit: int = 100, *, every: bool = True
    ) -> list[tuple[int, float]]:
        """Ids of photos and relevance (BM25, higher is better), best first, at most ``limit``.

        Plain words, ``"exact phrases"`` and ``begin*``; all of them must be there, or with
        ``every=False`` any. Case and accents do not matter. ``columns``: see
        `index.catalogue.word_forms`.
        """
        expression = match_expression(query, columns, every=every)
        if not expression:
            return []
        sql = (
            "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? "
            "ORDER BY bm25(words), rowid LIMIT ?"
        )
        return self._rows(sql, (expression, limit))

    def put_note(self, digest: bytes, note: Note) -> None:
        """Store words about a content, in place of what the same author or model said before."""
        with self._together():
            self._db.execute(
                "DELETE FROM note WHERE hash = ? AND kind = ? AND author = ? AND model IS ?",
                (digest, note.kind, note.author, note.model),
            )
            self._db.execute(
                "INSERT INTO note (kind, value, author, made_at, model, prompt, hash) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*astuple(note), digest),
            )
            for (row_id,) in self._rows("SELECT id FROM photo WHERE hash = ?", (digest,)):
                self._index_words(row_id)

    def notes(self, digest: bytes, kind: NoteKind | None = None) -> list[Note]:
        """What is said about a content: a human's words first, then the file's, then the newest."""
        rows = self._rows(
            "SELECT kind, value, author, made_at, model, prompt FROM note "
            f"WHERE hash = ? AND kind = ifnull(?, kind) {PEOPLE_FIRST}",
            (digest, kind),
        )
        return [Note(*row) for row in rows]

    def unnoted(
        self, kind: NoteKind, model: str, prompt: str | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Each content that this model was not asked about, with the path of a photo of it.

        Contents of which a human or a file says this already are left out.
        """
        yield from self._each(
            "SELECT hash, path FROM (SELECT min(id), hash, path FROM photo "
            "WHERE NOT missing AND NOT EXISTS (SELECT 1 FROM note WHERE note.hash = photo.hash "
            "AND kind = ? AND (author <> 'model' OR (model = ? AND prompt IS ?))) "
            "GROUP BY hash ORDER BY min(id))",
            (kind, model, prompt),
        )

    def count_noted(self, kind: NoteKind) -> int:
        """Photos of which anybody said this, be it that there is nothing to say."""
        ((number,),) = self._rows(
            "SELECT count(*) FROM photo WHERE NOT missing AND EXISTS "
            "(SELECT 1 FROM note WHERE note.hash = photo.hash AND kind = ?)",
            (kind,),
        )
        return int(number)

    def last_note(self) -> int:
        """A number that grows with every note; 0 while there is none."""
        ((number,),) = self._rows("SELECT ifnull(max(rowid), 0) FROM note")
        return int(number)

    def captions_by_people(self, most: int) -> Iterator[tuple[int, str]]:
        """Ids of photos and what people, or the files, say of them; the last ``most`` photos.

        A caption of one's own comes before one that the file carries, and before alternative texts.
        """
        yield from self._each(
            "SELECT id, ifnull((SELECT value FROM note WHERE note.hash = photo.hash "
            "AND author <> 'model' AND kind IN ('caption', 'alt') AND value <> '' "
            "ORDER BY author = 'file', kind = 'alt', rowid DESC LIMIT 1), "
            "ifnull(nullif(description, ''), nullif(alt_text, ''))) AS said "
            "FROM photo WHERE NOT missing AND said IS NOT NULL ORDER BY id DESC LIMIT ?",
            (most,),
        )

    def keywords(self) -> Iterator[str]:
        """The keywords of every photo that is searched, as often as they stand there."""
        sql = "SELECT value FROM keyword JOIN photo ON photo.id = photo_id WHERE NOT missing"
        for (value,) in self._each(sql):
            yield value

    def _copy_notes(self, old: bytes, new: bytes) -> None:
        """Let a content without notes have those of another, inside a transaction."""
        self._db.execute(
            "INSERT INTO note (hash, kind, value, author, model, prompt, made_at) "
            "SELECT ?2, kind, value, author, model, prompt, made_at FROM note WHERE hash = ?1 "
            "AND NOT EXISTS (SELECT 1 FROM note WHERE hash = ?2) ORDER BY rowid",
            (old, new),
        )

    def _index_words(self, row_id: int) -> None:
        """Write the words of a photo again, inside a transaction; none for a missing one."""
        self._db.execute("DELETE FROM words WHERE rowid = ?", (row_id,))
        words = self._words_of(row_id)
        if words is not None:
            places = ", ".join("?" * (1 + len(COLUMNS)))
            self._db.execute(
                f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES ({places})",
                (row_id, *words),
            )

    def _words_of(self, row_id: int) -> tuple[str, ...] | None:
        """What is searched of a photo, by column; None of one that is missing."""
        rows = self._rows(
            "SELECT path, hash, title, description, alt_text, extended_description "
            "FROM photo WHERE id = ? AND NOT missing",
            (row_id,),
        )
        for path, digest, *written in rows:
            said: dict[str, list[str]] = {column: [] for column in COLUMNS}
            said |= {"keywords": self._keywords(row_id), "caption": written}
            best: dict[NoteKind, Note] = {}
            for note in self.notes(digest):
                best.setdefault(note.kind, note)  # what a human corrected is not searched
            for kind, note in best.items():
                column = _COLUMN_OF.get(kind)  # None where the file is damaged
                if column:
                    drafted = column == "caption" and note.author == "model"
                    said["drafted" if drafted else column].append(note.value)
            texts = ["\n".join(searchable(t) for t in said[c] if t) for c in COLUMNS[2:]]
            return (*name_and_folder(path), *texts)
        return None

    def _keywords(self, row_id: int) -> list[str]:
        sql = "SELECT value FROM keyword WHERE photo_id = ? ORDER BY rowid"
        return [value for (value,) in self._rows(sql, (row_id,))]
