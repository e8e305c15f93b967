"""The background of a library: vectors of everyday words, kept in a file, and of some photos.

The words are embedded once for a model and a library, when photos are indexed or first searched.
The file is derived: it is made again where it is missing, damaged, or of other words.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import weakref
from pathlib import Path

import numpy as np

from index.library import Library
from index.search.everyday_words import WORDS
from index.search.relevance import Background
from index.vectors import store
from index.vectors.sealed import Damaged, Facts, SealedFile, pieces_of, write
from vlm.protocols import Embedder, Vectors

_log = logging.getLogger(__name__)

PHOTOS = 256
"""So many photos stand for the library; more change the spread of scores by less than 4 %."""

_BATCH = 32
_DIGEST = hashlib.sha256(", ".join(WORDS).encode()).hexdigest()[:16]

_lock = threading.Lock()
_held: weakref.WeakKeyDictionary[Library, dict[str, tuple[int, Background]]] = (
    weakref.WeakKeyDictionary()
)


def background(library: Library, embedder: Embedder) -> Background:
    """The background as the catalogue is now. Raises `ModelNotIndexed`."""
    model = library.model_of(embedder)
    with _lock:
        known = _held.setdefault(library, {}).get(model.fingerprint)
    if known is not None and known[0] == model.generation:
        return known[1]
    words = known[1].words if known is not None else kept_words(library.folder, embedder)
    made = Background.of(words, library.catalogue.some_vectors(model, PHOTOS))
    with _lock:
        _held[library][model.fingerprint] = (model.generation, made)
    return made


def embed_words(embedder: Embedder) -> Vectors:
    """Vectors of `WORDS`, shape ``(len(WORDS), dim)``."""
    batches = [WORDS[at : at + _BATCH] for at in range(0, len(WORDS), _BATCH)]
    return np.concatenate([embedder.embed_texts(batch) for batch in batches])


def kept_words(folder: Path, embedder: Embedder) -> Vectors:
    """Vectors of `WORDS` from their file in a library's folder, which is made if it is not there.

    A folder that cannot be written to costs the time of embedding the words each time.
    """
    path = (folder / store.file_name(embedder.fingerprint)).with_suffix(".words")
    words = _read(path, embedder.dim)
    if words is None:
        halves = embed_words(embedder).astype(np.float16)
        words = halves.astype(np.float32)
        try:
            facts: Facts = {"kind": "words", "words": _DIGEST, "dim": embedder.dim}
            write(path, facts, [("vectors", pieces_of(halves))])
        except OSError as error:
            _log.debug("%s: not written: %s", path, error.strerror or error)
    return words


def _read(path: Path, dim: int) -> Vectors | None:
    try:
        file = SealedFile.open(path)
        facts = file.facts
        if (facts.get("kind"), facts.get("words"), facts.get("dim")) != ("words", _DIGEST, dim):
            return None
        return file.array("vectors", "<f2").astype(np.float32).reshape(len(WORDS), dim)
    except FileNotFoundError:
        return None
    except (OSError, Damaged) as damage:
        _log.debug("%s: %s; embedding the words again", path, damage)
        return None
