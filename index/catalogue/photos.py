"""Photos as searches and filters read them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from index.catalogue.connection import CatalogueConnection
from index.catalogue.records import Bound, Candidate, Content, Model, Row
from index.catalogue.signs import signed, unsigned


class CataloguePhotos(CatalogueConnection):
    """Reading photos; those that are missing are left out."""

    def count(self, model: Model | None = None) -> int:
        """Photos that are searched, of one model or of all."""
        if model is None:
            ((number,),) = self._rows("SELECT count(*) FROM photo WHERE NOT missing")
        else:
            ((number,),) = self._rows(
                "SELECT count(*) FROM photo JOIN vector USING (hash) "
                "WHERE model_id = ? AND NOT missing",
                (model.id,),
            )
        return int(number)

    def photos(self, ids: Sequence[int]) -> dict[int, Row]:
        """The photos with these ids; those that are gone from the catalogue are left out."""
        marks = ",".join("?" * len(ids))
        sql = f"SELECT id, path, taken_at FROM photo WHERE id IN ({marks}) AND NOT missing"
        return {
            row_id: Row(row_id, Path(os.fsdecode(path)), taken_at)
            for row_id, path, taken_at in self._rows(sql, list(ids))
        }

    def at(self, path: Path) -> Candidate | None:
        """The photo at an absolute path, or None where no photo of the library is there."""
        where = Bound("path = ?", (os.fsencode(path),))
        return next(self.filterable(where), None)

    def paths(self) -> Iterator[bytes]:
        """The path of every photo that is searched, as the file system's bytes."""
        for (path,) in self._each("SELECT path FROM photo WHERE NOT missing ORDER BY id"):
            yield path

    def filterable(self, *bounds: Bound) -> Iterator[Candidate]:
        """Photos as filters see them: every one that is within all of the bounds."""
        within = "".join(f" AND {bound.sql}" for bound in bounds)
        rows = self._each(
            "SELECT id, path, format, taken_at, camera, lens, latitude, longitude, rating, place, "
            f"taken_from FROM photo WHERE NOT missing{within} ORDER BY id",
            [value for bound in bounds for value in bound.values],
        )
        for row_id, path, *rest in rows:
            yield Candidate(row_id, os.fsdecode(path), *rest)

    def contents(self) -> Iterator[Content]:
        """Every photo, as the search for duplicates sees it."""
        rows = self._each(
            "SELECT id, path, hash, size, width, height, dhash, taken_at, taken_from, camera, "
            "mtime_ns, format FROM photo WHERE NOT missing ORDER BY id"
        )
        for row_id, path, digest, size, width, height, dhash, *rest in rows:
            place, bits = Path(os.fsdecode(path)), unsigned(dhash)
            yield Content(row_id, place, digest, size, width, height, bits, *rest)

    def put_dhashes(self, hashes: Mapping[bytes, int]) -> None:
        """Store the difference hashes of contents that were indexed without one."""
        with self._together():
            self._db.executemany(
                "UPDATE photo SET dhash = ? WHERE hash = ?",
                [(signed(bits), digest) for digest, bits in hashes.items()],
            )
