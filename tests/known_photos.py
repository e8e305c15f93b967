"""A library of photos that were never files: their vectors and facts are what a test says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.catalogue.records import Note
from index.library import Library
from index.records import Facts, FileState
from vlm.fakes import ColourEmbedder

RED, GREEN, BLUE, GREY = (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)


@dataclass(frozen=True)
class Known:
    """A path below ``/pictures``, the colour that is its vector, its facts, words seen in it."""

    path: str
    colour: tuple[float, float, float] = GREY
    facts: Facts = field(default_factory=lambda: Facts("JPEG", 4, 3))
    ocr: str = ""


def fill(library: Library, photos: Iterable[Known]) -> None:
    """Put the photos into the catalogue with vectors of `ColourEmbedder`."""
    catalogue = library.catalogue
    model = catalogue.register(ColourEmbedder())
    with catalogue.transaction():
        for number, photo in enumerate(photos):
            digest = number.to_bytes(32, "big")
            row = np.array([photo.colour], np.float32)
            catalogue.put_vectors(model, [digest], row / np.linalg.norm(row))
            state = FileState(Path("/pictures") / photo.path, digest, 1, 1)
            catalogue.put_photo(state, photo.facts, new_vector=True)
            if photo.ocr:
                note = Note("ocr", photo.ocr, "model", "2024-05-01T12:00:00Z", "reader")
                catalogue.put_note(digest, note)
