"""The models that were used with a library, and the vectors of each.

A vector belongs to a model and to a content (the SHA-256 of the file), so moved and copied files
keep theirs. Each model has a generation, which grows with everything that changes what a search
with it may find; a file of vectors that carries another generation is stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from index.catalogue.connection import CatalogueConnection
from index.catalogue.opening import FILE
from index.catalogue.records import Model
from index.errors import VectorsDamaged
from index.faults import plainly
from vlm.errors import LibraryDamaged
from vlm.protocols import Embedder, Vectors

_CHUNK = 4096

_TOLERANCE = 0.01
"""How far the length of a stored vector may be from 1; half precision is off by 0.001 at most."""


class CatalogueModels(CatalogueConnection):
    """Models and vectors."""

    def library_id(self) -> bytes:
        """Random identity of this library, 16 bytes."""
        identities = self._rows("SELECT id FROM library")
        if len(identities) != 1 or not isinstance(identities[0][0], bytes):
            raise LibraryDamaged(self.folder / FILE, "its identity is damaged")
        return bytes(identities[0][0])

    def model(self, fingerprint: str) -> Model | None:
        """The model with this fingerprint, or None if it was never used here."""
        return next((m for m in self.models() if m.fingerprint == fingerprint), None)

    def models(self) -> tuple[Model, ...]:
        """Every model that was used here, oldest first."""
        sql = "SELECT id, fingerprint, name, dim, generation FROM model ORDER BY id"
        models = tuple(Model(*row) for row in self._rows(sql))
        for model in models:
            if [type(value) for value in astuple(model)] != [int, str, str, int, int]:
                raise LibraryDamaged(self.folder / FILE, "what it says of a model is damaged")
        return models

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

    def vectors(
        self, model: Model, ids: Sequence[int] | None = None
    ) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        """Photo ids, shape ``(n,)``, and vectors, shape ``(n, dim)``, in pieces, by rising id.

        Of all photos that are searched, or of at most a few hundred ``ids`` among them.
        """
        # CROSS JOIN makes SQLite go by photo, else it sorts all rows with their values.
        some = "" if ids is None else f"AND photo.id IN ({','.join('?' * len(ids))}) "
        with plainly(self.folder):
            cursor = self._db.execute(
                "SELECT photo.id, value FROM photo CROSS JOIN vector USING (hash) "
                f"WHERE model_id = ? AND NOT missing {some}ORDER BY photo.id",
                (model.id, *(ids or ())),
            )
            while rows := cursor.fetchmany(_CHUNK):
                found = np.array([row_id for row_id, _ in rows], np.int64)
                yield found, self._unit_rows([value for _, value in rows], model)

    def vector_keys(self, model: Model) -> tuple[str, str, str]:
        """The keys of `vectors` as text, which a million photos take a third of the time for.

        Ids of photos with commas between; the first 8 bytes of the hash of each one's content in
        hexadecimal, one after the other; and the same of all contents that have a vector.
        """
        ((ids, contents),) = self._rows(
            "SELECT group_concat(id), group_concat(hex(substr(hash, 1, 8)), '') "
            "FROM photo WHERE NOT missing"
        )
        ((embedded,),) = self._rows(
            "SELECT group_concat(hex(substr(hash, 1, 8)), '') FROM vector WHERE model_id = ?",
            (model.id,),
        )
        return ids or "", contents or "", embedded or ""

    def some_vectors(self, model: Model, count: int) -> Vectors:
        """At most so many vectors, shape ``(n, dim)``, as good as drawn at random, always the same.

        They are the first by content hash, whether or not a file still has that content.
        """
        sql = "SELECT value FROM vector WHERE model_id = ? ORDER BY hash LIMIT ?"
        return self._unit_rows([value for (value,) in self._rows(sql, (model.id, count))], model)

    def _unit_rows(self, values: Sequence[bytes], model: Model) -> Vectors:
        if not all(is_whole(value, model) for value in values):
            raise VectorsDamaged(self.folder, model.name)
        rows = np.frombuffer(b"".join(values), np.float16).reshape(-1, model.dim)
        vectors = rows.astype(np.float32)
        if not are_unit(vectors).all():
            raise VectorsDamaged(self.folder, model.name)
        return vectors

    def _stale_all(self) -> None:
        self._db.execute("UPDATE model SET generation = generation + 1")


def is_whole(value: object, model: Model) -> bool:
    """Whether a stored value has as many bytes as a vector of this model."""
    return isinstance(value, bytes) and len(value) == 2 * model.dim


def are_unit(vectors: Vectors) -> NDArray[np.bool_]:
    """Which rows are as long as stored vectors are, shape ``(n,)``; no number has no length."""
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    near: NDArray[np.bool_] = np.abs(length - 1) < _TOLERANCE
    return near
