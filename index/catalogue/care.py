"""Care of a catalogue: what is damaged in it, and what may be forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.catalogue.health import damage
from index.catalogue.models import CatalogueModels
from index.catalogue.notes import CatalogueWords
from index.catalogue.records import Model
from index.catalogue.word_forms import COLUMNS
from index.scanning.missing import is_gone

_ORPHAN = "hash NOT IN (SELECT hash FROM photo WHERE NOT missing)"
_UNSEEN = f"{_ORPHAN} AND hash NOT IN (SELECT hash FROM alt_seen WHERE NOT is_gone(path))"
"""Neither indexed nor described where a file still is: people have words about both."""


@dataclass(frozen=True, slots=True)
class Forgettable:
    """Missing photos, contents that no photo has any more, and what would go with them.

    ``notes`` and ``drafts``, of alternative texts, are of contents that no file is known to have;
    ``own_notes`` of the former were written by a person, ``rejected`` of the latter refused by one.
    ``seen`` are files, pages too, of which is known what they held and which are gone.
    """

    photos: int
    vectors: int
    notes: int
    own_notes: int
    drafts: int = 0
    rejected: int = 0
    seen: int = 0

    def __bool__(self) -> bool:
        return bool(self.photos or self.vectors or self.notes or self.drafts or self.seen)


class CatalogueCare(CatalogueModels, CatalogueWords):
    """Checking, repairing and forgetting."""

    def damage(self) -> list[str]:
        """What SQLite finds wrong with the file; none for a whole one."""
        return damage(self._db)

    def count_missing(self) -> int:
        """Photos that are kept but not searched, since their files are gone."""
        ((number,),) = self._rows("SELECT count(*) FROM photo WHERE missing")
        return int(number)

    def other_words(self) -> list[int]:
        """Ids of photos whose searched words are not what photo and notes say."""
        sql = f"SELECT rowid, {', '.join(COLUMNS)} FROM words"
        held = {row_id: tuple(words) for row_id, *words in self._each(sql)}
        photos = {row_id for (row_id,) in self._rows("SELECT id FROM photo")}
        return [n for n in sorted(photos | held.keys()) if self._words_of(n) != held.get(n)]

    def write_words(self, ids: Sequence[int]) -> None:
        """Write the searched words of these photos again."""
        with self._together():
            for row_id in ids:
                self._index_words(row_id)

    def vector_values(self, model: Model) -> Iterator[tuple[bytes, bytes]]:
        """Hash and bytes of every vector of a model."""
        yield from self._each("SELECT hash, value FROM vector WHERE model_id = ?", (model.id,))

    def drop_vectors(self, model: Model, digests: Sequence[bytes]) -> None:
        """Forget some vectors of a model; the next run of indexing makes them again."""
        with self._together():
            sql = "DELETE FROM vector WHERE model_id = ? AND hash = ?"
            self._db.executemany(sql, [(model.id, digest) for digest in digests])
            self._stale_all()

    def drop_model(self, model: Model) -> None:
        """Forget a model and all of its vectors."""
        with self._together():
            self._db.execute("DELETE FROM vector WHERE model_id = ?", (model.id,))
            self._db.execute("DELETE FROM model WHERE id = ?", (model.id,))

    def forgettable(self) -> Forgettable:
        """What `forget_missing` would forget."""
        self._tell_gone()
        ((vectors,),) = self._rows(f"SELECT count(*) FROM vector WHERE {_ORPHAN}")
        ((notes, own),) = self._rows(
            f"SELECT count(*), count(*) FILTER (WHERE author = 'human') FROM note WHERE {_UNSEEN}"
        )
        ((drafts, rejected),) = self._rows(
            "SELECT count(*), count(*) FILTER (WHERE verdict = 'rejected') FROM alt_draft "
            f"WHERE {_UNSEEN}"
        )
        ((seen,),) = self._rows("SELECT count(*) FROM alt_seen WHERE is_gone(path)")
        return Forgettable(self.count_missing(), vectors, notes, own, drafts, rejected, seen)

    def forget_missing(self) -> None:
        """Forget missing photos, and all that is known of contents that no photo has any more."""
        self._tell_gone()
        with self._together():
            self._db.execute(
                "DELETE FROM keyword WHERE photo_id IN (SELECT id FROM photo WHERE missing)"
            )
            self._db.execute("DELETE FROM photo WHERE missing")
            self._db.execute("DELETE FROM alt_seen WHERE is_gone(path)")
            self._db.execute(f"DELETE FROM vector WHERE {_ORPHAN}")
            for table in ("note", "alt_draft"):
                self._db.execute(f"DELETE FROM {table} WHERE {_UNSEEN}")
            for table in ("distinct_pair", "compared_pair"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE a NOT IN (SELECT hash FROM photo) "
                    "OR b NOT IN (SELECT hash FROM photo)"
                )

    def _tell_gone(self) -> None:
        """Let statements ask whether a file is certainly gone."""
        self._db.create_function("is_gone", 1, is_gone)

    def give_space_back(self) -> None:
        """Make the file as small as what it holds; takes as much room again meanwhile."""
        self._rows("VACUUM")
