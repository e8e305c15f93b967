"""Check and repair a library, and forget what is gone. Photo files are never touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from glob import escape
from pathlib import Path

import numpy as np

from index.catalogue.care import Forgettable
from index.catalogue.catalogue import Catalogue
from index.catalogue.models import are_unit, is_whole
from index.catalogue.records import Model
from index.errors import ModelIncomplete
from index.library import Library
from index.vectors import store
from vlm.errors import ModelNotIndexed
from vlm.protocols import Vectors


@dataclass(frozen=True, slots=True)
class Health:
    """Photos that are searched and missing, those searched by model, and sentences of problems.

    ``repaired``: whether these problems were there and are gone now.
    """

    photos: int
    missing: int
    searched: dict[str, int]
    problems: tuple[str, ...]
    repaired: bool = False


def check(library: Library, *, repair: bool = False) -> Health:
    """Read the whole library, and look whether its parts agree.

    ``repair`` writes searched words again and forgets damaged vectors, which the next run of
    indexing makes again. Damage of the file itself needs a backup. Raises `LibraryBusy` when
    another process writes.
    """
    catalogue = library.catalogue
    found = tuple(catalogue.damage())
    if found:
        return Health(0, 0, {}, found)
    words = catalogue.other_words()
    problems = [f"photos whose searched words are not theirs: {len(words)}"] if words else []
    vectors = {model: list(_damaged(catalogue, model)) for model in catalogue.models()}
    problems += [f"damaged vectors of {m.name}: {len(bad)}" for m, bad in vectors.items() if bad]
    if problems and repair:
        with library.writing(), catalogue.transaction():
            catalogue.write_words(words)
            for model, bad in vectors.items():
                catalogue.drop_vectors(model, bad)
    searched = {model.name: catalogue.count(model) for model in vectors}
    photos, missing = catalogue.count(), catalogue.count_missing()
    return Health(photos, missing, searched, tuple(problems), repaired=bool(problems) and repair)


def _damaged(catalogue: Catalogue, model: Model) -> Iterator[bytes]:
    for digest, value in catalogue.vector_values(model):
        if not is_whole(value, model) or not are_unit(_row(value))[0]:
            yield digest


def _row(value: bytes) -> Vectors:
    return np.frombuffer(value, np.float16).astype(np.float32)[None]


def forget_missing(library: Library) -> Forgettable:
    """Forget photos whose files are gone, and what is known of contents that no photo has.

    Raises `LibraryBusy`.
    """
    with library.writing():
        forgotten = library.catalogue.forgettable()
        library.catalogue.forget_missing()
        library.catalogue.give_space_back()
    return forgotten


def forget_other_models(library: Library, fingerprint: str, name: str) -> tuple[str, ...]:
    """Forget the vectors of all models but one, which must have those of every photo searched.

    Gives back the names of the models forgotten. Raises `ModelNotIndexed`, `ModelIncomplete` or
    `LibraryBusy`.
    """
    catalogue = library.catalogue
    with library.writing():
        kept = catalogue.model(fingerprint)
        if kept is None:
            raise ModelNotIndexed(library.folder, name, library.models())
        done, photos = catalogue.count(kept), catalogue.count()
        if done < photos:
            raise ModelIncomplete(library.folder, name, done, photos)
        others = [model for model in catalogue.models() if model != kept]
        with catalogue.transaction():
            for model in others:
                catalogue.drop_model(model)
        for model in others:
            derived = Path(store.file_name(model.fingerprint)).stem
            for file in library.folder.glob(f"{escape(derived)}.*"):
                file.unlink()
        catalogue.give_space_back()
    return tuple(model.name for model in others)
