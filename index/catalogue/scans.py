"""What one run of indexing remembers for the next: refused files, and disks that come and go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from index.catalogue.connection import CatalogueConnection


class CatalogueScans(CatalogueConnection):
    """Refusals and mount points."""

    def refused(self, decoder: str) -> dict[bytes, tuple[int, int, str]]:
        """Size, time of change and reason of each file that this very decoder refused."""
        sql = "SELECT path, size, mtime_ns, reason FROM refused WHERE decoder = ?"
        rows = self._each(sql, (decoder,))
        return {path: (size, mtime_ns, reason) for path, size, mtime_ns, reason in rows}

    def refuse(self, path: Path, size: int, mtime_ns: int, reason: str, decoder: str) -> None:
        """Remember a refusal until the file, or the decoder, is another one."""
        with self._together():
            self._db.execute(
                "INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?)",
                (os.fsencode(path), size, mtime_ns, reason, decoder),
            )

    def forget_refused(self, paths: Iterable[bytes]) -> None:
        """Forget refusals of files that are gone."""
        with self._together():
            self._db.executemany("DELETE FROM refused WHERE path = ?", [(p,) for p in paths])

    def mounts(self) -> dict[bytes, bytes]:
        """The mount point of each folder with photos that is not on the system's own disk."""
        return dict(self._rows("SELECT folder, mount FROM mounted"))

    def put_mounts(self, mounts: Mapping[bytes, bytes]) -> None:
        """Remember mount points by folder."""
        with self._together():
            self._db.executemany("INSERT OR REPLACE INTO mounted VALUES (?, ?)", mounts.items())
