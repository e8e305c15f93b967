"""The ledger of alternative texts: runs, what each wrote where, and what models said once.

Everything is committed as it happens, so that a killed run loses at most what was in the air.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.catalogue.connection import CatalogueConnection
from index.catalogue.drafts import now
from index.catalogue.ledger_records import AltRun, AltWrite, Splice, WriteStatus
from index.catalogue.word_forms import storable

_RUN = "id, started, ended, model, prompt, options, undone"
_WRITE = "path, kind, src, before, alt, hash, line, left_hash, undo, status, made_at, id"


class CatalogueLedger(CatalogueConnection):
    """Batches of alternative texts."""

    def begin_run(self, model: str, prompt: str, options: str) -> AltRun:
        """A new run, or the last one that was stopped while doing the very same."""
        with self._together():
            same = (model, prompt, options)
            rows = self._rows(
                f"SELECT {_RUN} FROM alt_run WHERE ended IS NULL AND undone IS NULL "
                "AND model = ? AND prompt = ? AND options = ? ORDER BY id DESC LIMIT 1",
                same,
            )
            if not rows:
                rows = self._rows(
                    "INSERT INTO alt_run (started, model, prompt, options) VALUES (?, ?, ?, ?) "
                    f"RETURNING {_RUN}",
                    (now(), *same),
                )
                # A run that wrote nothing was forgotten, and this one may have got its number.
                self._db.execute(
                    "UPDATE alt_seen SET run_id = NULL WHERE run_id = ?", (rows[0][0],)
                )
        return AltRun(*rows[0])

    def end_run(self, run: AltRun) -> None:
        """The run did all that it was asked to do; without a single write it is forgotten."""
        with self._together():
            self._db.execute(
                "DELETE FROM alt_run WHERE id = ? "
                "AND NOT EXISTS (SELECT 1 FROM alt_write WHERE run_id = alt_run.id)",
                (run.id,),
            )
            self._db.execute("UPDATE alt_run SET ended = ? WHERE id = ?", (now(), run.id))

    def mark_undone(self, run: AltRun) -> None:
        """The run was taken back."""
        with self._together():
            self._db.execute("UPDATE alt_run SET undone = ? WHERE id = ?", (now(), run.id))

    def runs(self) -> list[AltRun]:
        """Every run that wrote something, newest first."""
        rows = self._rows(
            f"SELECT {_RUN}, (SELECT count(*) FROM alt_write WHERE run_id = alt_run.id) AS n "
            "FROM alt_run WHERE n ORDER BY id DESC"
        )
        return [AltRun(*row) for row in rows]

    def plan(self, run: AltRun, writes: Sequence[AltWrite]) -> list[int]:
        """Remember writes before they are done; their ids, for `settle`."""
        ids = []
        with self._together():
            for write in writes:
                ((row_id,),) = self._rows(
                    f"INSERT INTO alt_write (run_id, {_WRITE.removesuffix(', id')}) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                    (
                        *(run.id, os.fsencode(write.path), write.kind, storable(write.src)),
                        *map(_stored, (write.before, write.alt)),
                        *(
                            write.digest,
                            write.line,
                            write.left_hash,
                            write.undo,
                            write.status,
                            now(),
                        ),
                    ),
                )
                self._db.executemany(
                    "INSERT INTO alt_splice VALUES (?, ?, ?, ?, ?, ?)",
                    [(row_id, s.start, s.before, s.after, s.lead, s.trail) for s in write.splices],
                )
                ids.append(row_id)
        return ids

    def settle(self, ids: Iterable[int], status: WriteStatus) -> None:
        """Say what became of writes."""
        with self._together():
            self._db.executemany(
                "UPDATE alt_write SET status = ? WHERE id = ?", [(status, i) for i in ids]
            )

    def forget_writes(self, ids: Iterable[int]) -> None:
        """Forget plans that came to nothing."""
        with self._together():
            for row_id in ids:
                self._db.execute("DELETE FROM alt_splice WHERE write_id = ?", (row_id,))
                self._db.execute("DELETE FROM alt_write WHERE id = ?", (row_id,))

    def writes(self, run: AltRun, status: WriteStatus | None = None) -> list[AltWrite]:
        """What a run wrote, in the order in which it did; of one status only, if it is given."""
        rows = self._rows(
            f"SELECT {_WRITE} FROM alt_write WHERE run_id = ? AND status = ifnull(?, status) "
            "ORDER BY id",
            (run.id, status),
        )
        return [self._alt_write(row) for row in rows]

    def writes_about(self, contents: Iterable[bytes]) -> list[tuple[int, AltWrite]]:
        """What stands somewhere about contents, newest first, with the number of its run."""
        rows = [
            row
            for content in contents
            for row in self._rows(
                f"SELECT run_id, {_WRITE} FROM alt_write WHERE hash = ? AND status = 'written'",
                (content,),
            )
        ]
        found = [(run_id, self._alt_write(row)) for run_id, *row in rows]
        return sorted(found, key=lambda each: each[1].id, reverse=True)

    def _alt_write(self, row: Sequence[Any]) -> AltWrite:
        path, kind, src, before, alt, digest, line, left, *rest, row_id = row
        return AltWrite(
            *(Path(os.fsdecode(path)), kind, src, before, alt, digest, line, left),
            *(tuple(self._splices(row_id)), *rest, row_id),
        )

    def _splices(self, write_id: int) -> Iterator[Splice]:
        sql = "SELECT start, before, after, lead, trail FROM alt_splice WHERE write_id = ?"
        for row in self._rows(sql + " ORDER BY start", (write_id,)):
            yield Splice(*row)


def _stored(text: str | None) -> str | None:
    return text if text is None else storable(text)
