"""A photo library: a folder with a catalogue, a lock for its one writer, and FAISS files."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Model
from index.catalogue.vectors import CatalogueVectors
from index.lock import only_writer
from index.vectors import store
from vlm.errors import ModelNotIndexed
from vlm.protocols import Embedder


class Library:
    """An open library; may be shared by threads, each of which gets its own connection."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self._own = threading.local()
        self._lock = threading.Lock()
        # Weak, so that a connection ends with the thread that it belongs to.
        self._connections: weakref.WeakSet[Catalogue] = weakref.WeakSet()
        self._indexes: dict[str, store.VectorIndex] = {}
        self._connect(create=create)

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Open the library in a folder, or make it there with ``create``.

        Raises `LibraryMissing`, `LibraryNewer`, `LibraryDamaged` or `LibraryFull`.
        """
        return cls(Path(folder), create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for catalogue in list(self._connections):
                catalogue.close()
            self._indexes.clear()
            self._own = threading.local()

    @property
    def catalogue(self) -> Catalogue:
        """This thread's connection to the catalogue."""
        mine: Catalogue | None = getattr(self._own, "catalogue", None)
        return mine or self._connect(create=False)

    def _connect(self, *, create: bool) -> Catalogue:
        catalogue = Catalogue(self.folder, create=create)
        self._own.catalogue = catalogue
        with self._lock:
            self._connections.add(catalogue)
        return catalogue

    def models(self) -> Mapping[str, int]:
        """How many photos are searched, by the name of each model that was used here."""
        catalogue = self.catalogue
        return {model.name: catalogue.count(model) for model in catalogue.models()}

    def count(self, model: str | None = None) -> int:
        """How many photos are searched: of all, or with vectors of the model of this name."""
        return self.catalogue.count() if model is None else self.models().get(model, 0)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer; the lock ends with the process. Raises `LibraryBusy`."""
        with only_writer(self.folder):
            for left in self.folder.glob(store.TEMPORARY):  # of processes that were killed
                left.unlink(missing_ok=True)
            yield

    def model_of(self, embedder: Embedder) -> Model:
        """The catalogue's record of an embedder. Raises `ModelNotIndexed`."""
        catalogue = self.catalogue
        model = catalogue.model(embedder.fingerprint)
        if model is None or not catalogue.has_vectors(model):
            present = [m for m in catalogue.models() if catalogue.has_vectors(m)]
            names = {f"an older {m.name}" if m.name == embedder.name else m.name for m in present}
            raise ModelNotIndexed(self.folder, embedder.name, names)
        return model

    def vector_files(self) -> Mapping[str, store.FileFacts]:
        """How photos are searched, by the name of each model that has a file of vectors here."""
        files = {
            model.name: store.facts(self.folder / store.file_name(model.fingerprint))
            for model in self.catalogue.models()
        }
        return {name: facts for name, facts in files.items() if facts is not None}

    def vectors(self, embedder: Embedder) -> store.VectorIndex:
        """The vectors of a model as the catalogue is now, from files or made again as needed."""
        catalogue = self.catalogue
        with catalogue.snapshot():
            model = self.model_of(embedder)
            stamp = store.Stamp(catalogue.library_id(), model.generation)
            with self._lock:
                held = self._indexes.get(model.fingerprint)
            if held is not None and held.stamp == stamp:
                return held
            path = self.folder / store.file_name(model.fingerprint)
            source = CatalogueVectors(catalogue, model)
            index = store.bring(path, stamp, source, partial(self._again, embedder), held)
        with self._lock:
            self._indexes[model.fingerprint] = index
        return index

    def _again(self, embedder: Embedder, damaged: store.VectorIndex) -> store.VectorIndex:
        """The vectors of a model of whose file a part proved to be damaged."""
        with self._lock:
            held = self._indexes.get(embedder.fingerprint)
            if held is not None and held.stored is damaged.stored:  # else that was done already
                del self._indexes[embedder.fingerprint]
                store.forget(self.folder / store.file_name(embedder.fingerprint))
        return self.vectors(embedder)
