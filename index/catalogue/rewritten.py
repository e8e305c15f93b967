"""A file that was written anew around the same picture: what is known of the picture stays.

Everything in the catalogue belongs to a content, the SHA-256 of a file. When a text is written into
a photo its content is another one, but nobody has to embed, describe or compare it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from index.catalogue.models import CatalogueModels
from index.catalogue.notes import CatalogueWords
from index.catalogue.word_forms import storable
from index.records import FileState


class CatalogueRewritten(CatalogueModels, CatalogueWords):
    """What is said of one content said of another."""

    def same_picture(self, old: bytes, new: bytes) -> None:
        """Let a content have all that belongs to another one of the very same pixels.

        Vectors, drafts, what it is no duplicate of, and notes; where both have a note of one kind
        by one author, the newer. The old content keeps its own: another file may hold it.
        """
        if old == new:
            return
        with self._together():
            for sql in _SAME_PICTURE:
                self._db.execute(sql, {"old": old, "new": new})

    def put_rewritten(
        self,
        paths: Iterable[Path],
        old: bytes,
        state: FileState,
        alt: str | None,
        extended: str | None,
    ) -> int:
        """Say what files that held a content hold now, and which texts they tell; how many did.

        The times and facts of a photo are otherwise as they were, its sidecar's among them. A path
        that the catalogue does not know, or knows with another content, is left to the next run.
        """
        number = 0
        with self._together():
            self.same_picture(old, state.hash)
            for path in paths:
                rows = self._rows(
                    "UPDATE photo SET hash = ?, size = ?, mtime_ns = ?, alt_text = ?, "
                    "extended_description = ? WHERE path = ? AND hash = ? AND NOT missing "
                    "RETURNING id",
                    (
                        *(state.hash, state.size, state.mtime_ns, _stored(alt), _stored(extended)),
                        *(os.fsencode(path), old),
                    ),
                )
                for (row_id,) in rows:
                    self._index_words(row_id)
                    number += 1
            if number and old != state.hash:
                self._stale_all()
        return number

    def put_sidecar(
        self, path: Path, before_ns: int, now_ns: int, alt: str | None, extended: str | None
    ) -> bool:
        """Say that a photo's sidecar was changed in nothing but its texts.

        False, and nothing is said, where the catalogue knew another state of the sidecar.
        """
        with self._together():
            rows = self._rows(
                "UPDATE photo SET sidecar_ns = ?, alt_text = ifnull(?, alt_text), "
                "extended_description = ifnull(?, extended_description) "
                "WHERE path = ? AND sidecar_ns = ? AND NOT missing RETURNING id",
                (now_ns, _stored(alt), _stored(extended), os.fsencode(path), before_ns),
            )
            for (row_id,) in rows:
                self._index_words(row_id)
        return bool(rows)


_SAME_NOTE = "kind = other.kind AND author = other.author AND model IS other.model"

_SAME_PICTURE = (
    "INSERT OR IGNORE INTO vector (model_id, hash, value) "
    "SELECT model_id, :new, value FROM vector WHERE hash = :old",
    "DELETE FROM note AS other WHERE hash = :new AND EXISTS "
    f"(SELECT 1 FROM note WHERE hash = :old AND {_SAME_NOTE} AND made_at > other.made_at)",
    "INSERT INTO note (hash, kind, value, author, model, prompt, made_at) "
    "SELECT :new, kind, value, author, model, prompt, made_at FROM note AS other "
    f"WHERE hash = :old AND NOT EXISTS (SELECT 1 FROM note WHERE hash = :new AND {_SAME_NOTE}) "
    "ORDER BY rowid",
    "INSERT OR IGNORE INTO alt_draft "
    "(hash, model, prompt, alt, extended, verdict, evidence, made_at) "
    "SELECT :new, model, prompt, alt, extended, verdict, evidence, made_at "
    "FROM alt_draft WHERE hash = :old",
    "INSERT OR IGNORE INTO distinct_pair SELECT min(:new, other), max(:new, other) FROM "
    "(SELECT b AS other FROM distinct_pair WHERE a = :old "
    "UNION SELECT a FROM distinct_pair WHERE b = :old) WHERE other != :new",
)


def _stored(text: str | None) -> str | None:
    return text if text is None else storable(text)
