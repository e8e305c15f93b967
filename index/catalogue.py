"""The catalogue: what is known of every photo, and its vectors. The only truth of a library.

A vector belongs to a model and to a content (the SHA-256 of the file), so moved and copied files
keep theirs. Each model has a generation, which grows with everything that changes what a search
with it may find; a file of vectors that carries another generation is stale.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.faults import plainly
from index.records import Facts, FileState
from index.schema import connect, transaction
from vlm.protocols import Embedder, Vectors

Outcome = Literal["added", "updated", "moved", "unchanged"]

_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Model:
    """A model that has vectors here."""

    id: int
    fingerprint: str
    name: str
    dim: int
    generation: int


@dataclass(frozen=True, slots=True)
class Row:
    """What a search needs to know of a photo."""

    id: int
    path: Path
    taken_at: str | None


class Catalogue:
    """One connection to ``catalogue.db``; to be used by one thread at a time."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self._db = connect(folder, create=create)

    def close(self) -> None:
        """Close the connection; what was committed stays."""
        with plainly(self.folder):
            self._db.close()

    def __del__(self) -> None:
        if hasattr(self, "_db"):
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the writes inside, or none; others can read meanwhile."""
        with plainly(self.folder), transaction(self._db, "BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one state, whatever another process writes meanwhile."""
        with plainly(self.folder), transaction(self._db, "BEGIN"):
            yield

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with plainly(self.folder):
            return self._db.execute(sql, values).fetchall()

    # Models

    def library_id(self) -> bytes:
        """Random identity of this library, 16 bytes."""
        ((identity,),) = self._rows("SELECT id FROM library")
        assert isinstance(identity, bytes)
        return identity

    def model(self, fingerprint: str) -> Model | None:
        """The model with this fingerprint, or None if it was never used here."""
        return next((m for m in self.models() if m.fingerprint == fingerprint), None)

    def models(self) -> tuple[Model, ...]:
        """Every model that was used here, oldest first."""
        sql = "SELECT id, fingerprint, name, dim, generation FROM model ORDER BY id"
        return tuple(Model(*row) for row in self._rows(sql))  # type: ignore[arg-type]

    def register(self, embedder: Embedder) -> Model:
        """Note that a model is used here; the same model again changes nothing."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO model (fingerprint, name, dim, generation) VALUES (?, ?, ?, 0) "
                "ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name",
                (embedder.fingerprint, embedder.name, embedder.dim),
            )
        model = self.model(embedder.fingerprint)
        assert model is not None
        return model

    # Files

    def is_current(self, path: Path, size: int, mtime_ns: int, model: Model) -> bool:
        """Whether this very file was indexed with this model and is searched."""
        return bool(
            self._rows(
                "SELECT 1 FROM photo JOIN vector USING (hash) WHERE path = ? AND size = ? "
                "AND mtime_ns = ? AND model_id = ? AND NOT missing",
                (os.fsencode(path), size, mtime_ns, model.id),
            )
        )

    def knows_size(self, size: int) -> bool:
        """Whether some photo has this many bytes, so that a file may be a copy of it."""
        return bool(self._rows("SELECT 1 FROM photo WHERE size = ? LIMIT 1", (size,)))

    def facts(self, digest: bytes, model: Model) -> Facts | None:
        """What is known of a content that has a vector of this model already, or None."""
        rows = self._rows(
            "SELECT format, width, height, orientation, taken_at, camera, latitude, longitude "
            "FROM photo JOIN vector USING (hash) WHERE hash = ? AND model_id = ? LIMIT 1",
            (digest, model.id),
        )
        return Facts(*rows[0]) if rows else None  # type: ignore[arg-type]

    def has_vector(self, digest: bytes, model: Model) -> bool:
        """Whether this content was embedded with this model, even if no file holds it now."""
        sql = "SELECT 1 FROM vector WHERE model_id = ? AND hash = ?"
        return bool(self._rows(sql, (model.id, digest)))

    def has_vectors(self, model: Model) -> bool:
        """Whether anything at all was embedded with this model."""
        return bool(self._rows("SELECT 1 FROM vector WHERE model_id = ? LIMIT 1", (model.id,)))

    def put_vectors(self, model: Model, digests: Sequence[bytes], vectors: Vectors) -> None:
        """Store unit vectors, shape ``(len(digests), dim)``, at half precision."""
        halves = vectors.astype(np.float16)
        self._db.executemany(
            "INSERT OR REPLACE INTO vector (model_id, hash, value) VALUES (?, ?, ?)",
            [(model.id, d, row.tobytes()) for d, row in zip(digests, halves, strict=True)],
        )
        if digests:
            self._db.execute(
                "UPDATE model SET generation = generation + 1 WHERE id = ?", (model.id,)
            )

    def put_photo(self, state: FileState, facts: Facts, *, new_vector: bool) -> Outcome:
        """Store what a path holds now, inside a transaction, and say what that meant.

        A path not seen before whose content belonged to a file that is gone is that file, moved.
        """
        path = os.fsencode(state.path)
        values = (path, state.hash, state.size, state.mtime_ns, *astuple(facts)[:8])
        before = self._rows("SELECT id, hash, missing FROM photo WHERE path = ?", (path,))
        if before:
            ((row_id, old_hash, missing),) = before
            if missing or old_hash != state.hash:
                self._stale_all()
            self._overwrite(row_id, values)
            if old_hash != state.hash:
                return "updated"
            return "added" if new_vector else "unchanged"
        gone = self._gone_with(state.hash)
        if gone is not None:
            row_id, missing = gone
            if missing:
                self._stale_all()
            self._overwrite(row_id, values)
            return "moved"
        self._stale_all()
        self._db.execute(
            "INSERT INTO photo (path, hash, size, mtime_ns, format, width, height, orientation, "
            "taken_at, camera, latitude, longitude) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return "added"

    def _overwrite(self, row_id: object, values: tuple[object, ...]) -> None:
        self._db.execute(
            "UPDATE photo SET path = ?, hash = ?, size = ?, mtime_ns = ?, format = ?, width = ?, "
            "height = ?, orientation = ?, taken_at = ?, camera = ?, latitude = ?, longitude = ?, "
            "missing = 0 WHERE id = ?",
            (*values, row_id),
        )

    def _gone_with(self, digest: bytes) -> tuple[object, bool] | None:
        sql = "SELECT id, path, missing FROM photo WHERE hash = ? ORDER BY id"
        for row_id, path, missing in self._rows(sql, (digest,)):
            assert isinstance(path, bytes)
            if missing or is_gone(path):
                return row_id, bool(missing)
        return None

    def paths(self) -> Iterator[bytes]:
        """The path of every photo that is searched, as the file system's bytes."""
        for (path,) in self._rows("SELECT path FROM photo WHERE NOT missing ORDER BY id"):
            assert isinstance(path, bytes)
            yield path

    def mark_missing(self, paths: Sequence[bytes]) -> None:
        """Keep these photos and their vectors, but search them no longer."""
        if not paths:
            return
        with self.transaction():
            self._db.executemany(
                "UPDATE photo SET missing = 1 WHERE path = ?", [(path,) for path in paths]
            )
            self._stale_all()

    def mark_replaced(self, path: Path, size: int, mtime_ns: int) -> None:
        """A path holds something else now that is no photo: what it held is missing."""
        sql = "SELECT path FROM photo WHERE path = ? AND NOT (size = ? AND mtime_ns = ?)"
        rows = self._rows(sql + " AND NOT missing", (os.fsencode(path), size, mtime_ns))
        self.mark_missing([row[0] for row in rows])  # type: ignore[misc]

    def _stale_all(self) -> None:
        self._db.execute("UPDATE model SET generation = generation + 1")

    # Searching

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
        assert isinstance(number, int)
        return number

    def vectors(self, model: Model) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        """Photo ids, shape ``(n,)``, and vectors, shape ``(n, dim)``, in pieces, by rising id."""
        with plainly(self.folder):
            cursor = self._db.execute(
                "SELECT photo.id, value FROM photo JOIN vector USING (hash) "
                "WHERE model_id = ? AND NOT missing ORDER BY photo.id",
                (model.id,),
            )
            while rows := cursor.fetchmany(_CHUNK):
                halves = np.frombuffer(b"".join(value for _, value in rows), np.float16)
                ids = np.array([row_id for row_id, _ in rows], np.int64)
                yield ids, halves.reshape(len(rows), model.dim).astype(np.float32)

    def photos(self, ids: Sequence[int]) -> dict[int, Row]:
        """The photos with these ids; those that are gone from the catalogue are left out."""
        marks = ",".join("?" * len(ids))
        sql = f"SELECT id, path, taken_at FROM photo WHERE id IN ({marks}) AND NOT missing"
        rows: dict[int, Row] = {}
        for row_id, path, taken_at in self._rows(sql, list(ids)):
            assert isinstance(row_id, int) and isinstance(path, bytes)
            rows[row_id] = Row(row_id, Path(os.fsdecode(path)), taken_at)  # type: ignore[arg-type]
        return rows

    def paths_and_formats(self) -> Iterator[tuple[int, str, str]]:
        """Id, path and format of every photo that is searched, for filters."""
        sql = "SELECT id, path, format FROM photo WHERE NOT missing"
        with plainly(self.folder):
            for row_id, path, kind in self._db.execute(sql):
                yield row_id, os.fsdecode(path), kind


def is_gone(path: bytes | Path) -> bool:
    """Whether a file is certainly not there any more; in doubt (no permission) it is not gone."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
