"""Files as a run of indexing keeps them: what a path holds, what changed, what is gone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from index.catalogue.models import CatalogueModels
from index.catalogue.notes import CatalogueWords
from index.catalogue.records import Model
from index.catalogue.signs import signed, unsigned
from index.catalogue.word_forms import storable
from index.records import FACTS_VERSION, Facts, FileState
from index.scanning.missing import is_gone

Outcome = Literal["added", "updated", "moved", "unchanged"]
State = tuple[int, int, int, bool]
"""Size of a file in bytes, time of its change and of its sidecars' (ns), and whether there is
nothing to do for it: its facts are today's, and its content has a vector of the model asked about.
"""

_FACTS = tuple(field.name for field in fields(Facts) if field.name != "keywords")
_PHOTO = ("path", "hash", "size", "mtime_ns", "sidecar_ns", *_FACTS, "facts_version", "missing")


class CatalogueFiles(CatalogueModels, CatalogueWords):
    """Writing photos."""

    def current(self, model: Model) -> dict[bytes, State]:
        """The state of every file that is searched, by its path."""
        rows = self._rows(
            "SELECT path, size, mtime_ns, sidecar_ns, facts_version = ? AND EXISTS "
            "(SELECT 1 FROM vector WHERE model_id = ? AND vector.hash = photo.hash) "
            "FROM photo WHERE NOT missing",
            (FACTS_VERSION, model.id),
        )
        return {row[0]: row[1:] for row in rows}

    def knows_size(self, size: int) -> bool:
        """Whether some photo has this many bytes, so that a file may be a copy of it."""
        return bool(self._rows("SELECT 1 FROM photo WHERE size = ? LIMIT 1", (size,)))

    def facts(self, digest: bytes, model: Model) -> Facts | None:
        """What is known of a content that has a vector of this model already, or None.

        None also where the facts are not those of the content alone: some came from the name or
        the time of the file or from a sidecar, or they were read in an older way.
        """
        rows = self._rows(
            f"SELECT photo.id, {', '.join(_FACTS)} FROM photo JOIN vector USING (hash) "
            "WHERE hash = ? AND model_id = ? AND facts_version = ? AND sidecar_ns = 0 "
            "AND ifnull(taken_from, '') NOT IN ('name', 'mtime') LIMIT 1",
            (digest, model.id, FACTS_VERSION),
        )
        for row_id, *values in rows:
            return self._facts(row_id, values)
        return None

    def photos_with(self, digest: bytes) -> list[tuple[FileState, Facts]]:
        """The files of a content that are searched, and what they say of themselves."""
        rows = self._rows(
            f"SELECT path, size, mtime_ns, sidecar_ns, id, {', '.join(_FACTS)} FROM photo "
            "WHERE hash = ? AND NOT missing ORDER BY id",
            (digest,),
        )
        return [
            (
                FileState(Path(os.fsdecode(path)), digest, size, mtime_ns, sidecar_ns),
                self._facts(row_id, values),
            )
            for path, size, mtime_ns, sidecar_ns, row_id, *values in rows
        ]

    def digests(self, paths: Sequence[Path]) -> dict[Path, bytes]:
        """SHA-256 of the content of each of these paths that is searched."""
        sql = "SELECT hash FROM photo WHERE path = ? AND NOT missing"
        found = ((path, self._rows(sql, (os.fsencode(path),))) for path in paths)
        return {path: rows[0][0] for path, rows in found if rows}

    def _facts(self, row_id: int, values: Sequence[Any]) -> Facts:
        told = dict(zip(_FACTS, values, strict=True))
        told["dhash"] = unsigned(told["dhash"])
        return Facts(**told, keywords=tuple(self._keywords(row_id)))

    def put_photo(self, state: FileState, facts: Facts, *, new_vector: bool) -> Outcome:
        """Store what a path holds now, inside a transaction, and say what that meant.

        A path not seen before whose content belonged to a file that is gone is that file, moved.
        What was said about a picture stays with it where only the rest of its file was changed.
        """
        path = os.fsencode(state.path)
        sql = "SELECT id, hash, missing, width, height, dhash FROM photo WHERE path = ?"
        before = self._rows(sql, (path,))
        if before:
            ((row_id, old_hash, missing, *picture),) = before
            if missing or old_hash != state.hash:
                self._stale_all()
            # A difference hash of 0 is that of any plain surface.
            if facts.dhash and picture == [facts.width, facts.height, signed(facts.dhash)]:
                self._copy_notes(old_hash, state.hash)
            self._write(row_id, state, facts)
            if old_hash != state.hash:
                return "updated"
            return "added" if new_vector else "unchanged"
        gone = self._gone_with(state.hash)
        if gone is not None:
            row_id, missing = gone
            if missing:
                self._stale_all()
            self._write(row_id, state, facts)
            return "moved"
        self._stale_all()
        self._write(None, state, facts)
        return "added"

    def _write(self, row_id: int | None, state: FileState, facts: Facts) -> None:
        file = (os.fsencode(state.path), state.hash, state.size, state.mtime_ns, state.sidecar_ns)
        values = [*file, *_columns(facts), FACTS_VERSION, 0]
        if row_id is None:
            marks = ", ".join("?" * len(_PHOTO))
            sql = f"INSERT INTO photo ({', '.join(_PHOTO)}) VALUES ({marks}) RETURNING id"
            ((row_id,),) = self._rows(sql, values)
        else:
            setting = ", ".join(f"{name} = ?" for name in _PHOTO)
            self._db.execute(f"UPDATE photo SET {setting} WHERE id = ?", (*values, row_id))
            self._db.execute("DELETE FROM keyword WHERE photo_id = ?", (row_id,))
        self._db.execute("DELETE FROM refused WHERE path = ?", file[:1])
        self._db.executemany(
            "INSERT INTO keyword (photo_id, value) VALUES (?, ?)",
            [(row_id, storable(word)) for word in facts.keywords],
        )
        self._index_words(row_id)

    def _gone_with(self, digest: bytes) -> tuple[int, bool] | None:
        sql = "SELECT id, path, missing FROM photo WHERE hash = ? ORDER BY id"
        for row_id, path, missing in self._rows(sql, (digest,)):
            if missing or is_gone(path):
                return row_id, bool(missing)
        return None

    def mark_missing(self, paths: Sequence[bytes]) -> None:
        """Keep these photos and their vectors, but search them no longer."""
        if not paths:
            return
        with self._together():
            for path in paths:
                self._db.execute("UPDATE photo SET missing = 1 WHERE path = ?", (path,))
                self._db.execute(
                    "DELETE FROM words WHERE rowid = (SELECT id FROM photo WHERE path = ?)", (path,)
                )
            self._stale_all()

    def mark_replaced(self, path: Path, size: int, mtime_ns: int) -> None:
        """A path holds something else now that is no photo: what it held is missing."""
        sql = "SELECT path FROM photo WHERE path = ? AND NOT (size = ? AND mtime_ns = ?)"
        rows = self._rows(sql + " AND NOT missing", (os.fsencode(path), size, mtime_ns))
        self.mark_missing([path for (path,) in rows])


def _columns(facts: Facts) -> list[object]:
    values = {name: getattr(facts, name) for name in _FACTS}
    values["dhash"] = signed(facts.dhash)
    return [storable(value) if isinstance(value, str) else value for value in values.values()]
