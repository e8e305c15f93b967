"""What is known of pairs of contents: that they are no duplicates, and how they compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.catalogue.connection import CatalogueConnection

Pair = tuple[bytes, bytes]
"""The SHA-256 of two contents, in whatever order."""


class CataloguePairs(CatalogueConnection):
    """Pairs that somebody keeps apart, and verdicts of the search for copies."""

    def kept_apart(self) -> set[Pair]:
        """Pairs of contents, the smaller first, that are no duplicates because somebody said so."""
        return set(self._rows("SELECT a, b FROM distinct_pair"))

    def keep_apart(self, pairs: Sequence[Pair]) -> None:
        """Remember that these contents are no duplicates."""
        with self._together():
            self._db.executemany(
                "INSERT OR IGNORE INTO distinct_pair VALUES (?, ?)",
                [_ordered(pair) for pair in pairs if pair[0] != pair[1]],
            )

    def compared(self, pairs: Iterable[Pair], method: int) -> dict[Pair, bool]:
        """Whether pairs are copies, of those that were compared by this very method."""
        sql = "SELECT copies FROM compared_pair WHERE a = ? AND b = ? AND method = ?"
        return {
            pair: bool(copies)
            for pair in pairs
            for (copies,) in self._rows(sql, (*_ordered(pair), method))
        }

    def put_compared(self, verdicts: Mapping[Pair, bool], method: int) -> None:
        """Remember whether pairs are copies; what other methods said is forgotten."""
        with self._together():
            self._db.execute("DELETE FROM compared_pair WHERE method != ?", (method,))
            self._db.executemany(
                "INSERT OR REPLACE INTO compared_pair (a, b, method, copies) VALUES (?, ?, ?, ?)",
                [(*_ordered(pair), method, copies) for pair, copies in verdicts.items()],
            )


def _ordered(pair: Pair) -> Pair:
    return min(pair), max(pair)
