"""Photos counted and put in order by what they say of themselves, without reading each."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.catalogue.connection import CatalogueConnection

_PLACED = "latitude IS NOT NULL AND longitude IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Totals:
    """All photos that are searched, and those of them that say something; dates are ISO 8601."""

    photos: int
    dated: int
    placed: int
    file_dated: int
    first: str | None
    last: str | None


class CatalogueTallies(CatalogueConnection):
    """Counting photos; those that are missing are left out."""

    def totals(self) -> Totals:
        """How many there are in all, with a date, with a position, with the date of the file."""
        ((photos, dated, placed, file_dated, first, last),) = self._rows(
            "SELECT count(*), count(nullif(taken_at, '')), "
            f"count(CASE WHEN {_PLACED} THEN 1 END), "
            "count(CASE taken_from WHEN 'mtime' THEN 1 END), "
            "min(nullif(taken_at, '')), max(nullif(taken_at, '')) FROM photo WHERE NOT missing"
        )
        return Totals(photos, dated, placed, file_dated, first, last)

    def months(self) -> dict[str, int]:
        """Photos by month, as "2023-06", oldest first."""
        return self._tally("substr(taken_at, 1, 7)", "value")

    def by(self, column: Literal["camera", "format"]) -> dict[str, int]:
        """Photos by what stands in a column, those of most photos first."""
        return self._tally(column, "photos DESC, value")

    def by_folder(self) -> Counter[str]:
        """Photos by the absolute path of their folder."""
        paths = self._each("SELECT path FROM photo WHERE NOT missing")
        folders = Counter(path.rpartition(b"/")[0] for (path,) in paths)
        return Counter({os.fsdecode(folder): photos for folder, photos in folders.items()})

    def spots(self) -> list[tuple[str, float, float, int]]:
        """Name, middle in degrees and photos of each place, or of each degree without a name."""
        rows = self._rows(
            "SELECT ifnull(place, ''), avg(latitude), avg(longitude), count(*) FROM photo "
            f"WHERE NOT missing AND {_PLACED} GROUP BY "
            "ifnull(nullif(place, ''), round(latitude) || ' ' || round(longitude))"
        )
        return [(name, north, east, photos) for name, north, east, photos in rows]

    def newest(self, count: int) -> list[tuple[Path, str | None]]:
        """The photos that were taken last, and when; those with no date of their own come after."""
        rows = self._rows(
            "SELECT path, CASE WHEN taken_from IS 'mtime' THEN NULL ELSE nullif(taken_at, '') END "
            "AS taken FROM photo WHERE NOT missing ORDER BY taken DESC, path DESC LIMIT ?",
            [count],
        )
        return [(Path(os.fsdecode(path)), taken) for path, taken in rows]

    def _tally(self, what: str, order: str) -> dict[str, int]:
        rows = self._rows(
            f"SELECT {what} AS value, count(*) AS photos FROM photo "
            f"WHERE NOT missing AND value <> '' GROUP BY value ORDER BY {order}"
        )
        return {str(value): int(photos) for value, photos in rows}
