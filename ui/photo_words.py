"""What is said about photos of the library, to stand for them where they are not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.library import Library
from ui.settings import Settings


def photo_words(chosen: Settings, paths: Sequence[Path]) -> Mapping[Path, str]:
    """The alternative text of each photo, else its caption; photos without either are left out.

    Raises `LibraryMissing` and `LibraryError`.
    """
    said: dict[Path, str] = {}
    with Library.open(chosen.library) as library:
        for path, digest in library.catalogue.digests(paths).items():
            notes = library.catalogue.notes(digest)
            texts = [
                note.value for kind in ("alt", "caption") for note in notes if note.kind == kind
            ]
            text = next(filter(None, texts), "")
            if text:
                said[path] = " ".join(text.split())
    return said
