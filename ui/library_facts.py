"""What a photo library holds, and how much disk it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """``models`` counts the photos searched with each model; ``size`` is in bytes.

    ``recall`` is that of the first ten for each model: as photos ask and as texts do, measured
    when its vectors were put into lists; 1 where every photo is compared.
    """

    folder: Path
    photos: int
    models: Mapping[str, int]
    recall: Mapping[str, tuple[float, float]]
    size: int


def library_facts(folder: Path) -> LibraryFacts:
    """Look into the library in a folder; raises `LibraryMissing` and `LibraryDamaged`."""
    from index.library import Library

    with Library.open(folder) as library:
        photos, models = library.count(), dict(library.models())
        files = library.vector_files()
    recall = {name: (facts.recall, facts.recall_far) for name, facts in files.items()}
    size = sum(path.lstat().st_size for path in folder.iterdir())
    return LibraryFacts(folder.absolute(), photos, models, recall, size)
