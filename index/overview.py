"""What a library holds, counted by its catalogue: when and where photos were taken, with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.catalogue.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Spot:
    """Photos of one town, or of one degree where no town is near; the middle of their positions.

    ``name`` is as `index.gazetteer.places.nearest` writes it, or "".
    """

    name: str
    latitude: float
    longitude: float
    photos: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the photos that are searched; those of most photos come first.

    ``months`` are "2023-06" to photos, oldest first; ``unplaced`` and ``undated`` photos say
    nothing of where or when, ``file_dated`` ones only when their file was last written, which is
    what they count by. ``folders`` are absolute paths.
    """

    photos: int
    undated: int
    unplaced: int
    months: Mapping[str, int]
    folders: Mapping[str, int]
    cameras: Mapping[str, int]
    formats: Mapping[str, int]
    spots: Sequence[Spot]
    first: str | None = None
    last: str | None = None
    file_dated: int = 0


def overview(catalogue: Catalogue) -> Overview:
    """Count all photos of a catalogue."""
    with catalogue.snapshot():
        totals = catalogue.totals()
        folders = catalogue.by_folder()
        return Overview(
            photos=totals.photos,
            undated=totals.photos - totals.dated,
            unplaced=totals.photos - totals.placed,
            months=catalogue.months(),
            folders=dict(sorted(folders.items(), key=lambda item: (-item[1], item[0]))),
            cameras=catalogue.by("camera"),
            formats=catalogue.by("format"),
            spots=sorted(
                (Spot(*row) for row in catalogue.spots()),
                key=lambda spot: (-spot.photos, spot.name, spot.latitude),
            ),
            first=totals.first,
            last=totals.last,
            file_dated=totals.file_dated,
        )


def top_folders(folders: Mapping[str, int]) -> list[Path]:
    """The folders that hold all others, in the order of their names.

    >>> top_folders({"/a/b": 1, "/a/b/c": 2, "/a/bc": 1})
    [PosixPath('/a/b'), PosixPath('/a/bc')]
    """
    tops: list[Path] = []
    for folder in sorted(map(Path, folders)):
        if not (tops and folder.is_relative_to(tops[-1])):
            tops.append(folder)
    return tops
