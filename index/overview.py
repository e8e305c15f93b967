"""What a library holds, counted in one pass: when and where photos were taken, with what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Candidate


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
    photos = list(catalogue.filterable())
    dates = sorted(photo.taken_at for photo in photos if photo.taken_at)
    return Overview(
        photos=len(photos),
        undated=len(photos) - len(dates),
        unplaced=sum(photo.latitude is None or photo.longitude is None for photo in photos),
        months=dict(sorted(Counter(date[:7] for date in dates).items())),
        folders=_counted(
            photo.path.rpartition("/")[0] for photo in photos
        ),  # Path costs ten times it
        cameras=_counted(photo.camera for photo in photos if photo.camera),
        formats=_counted(photo.format for photo in photos),
        spots=_spots(photos),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        file_dated=sum(photo.taken_from == "mtime" for photo in photos),
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


def _counted(values: Iterator[str] | Iterator[str | None]) -> dict[str, int]:
    counts = Counter(value for value in values if value)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _spots(photos: Sequence[Candidate]) -> list[Spot]:
    positions: dict[str | tuple[int, int], list[tuple[float, float]]] = {}
    for photo in photos:
        if photo.latitude is not None and photo.longitude is not None:
            at = photo.latitude, photo.longitude
            positions.setdefault(photo.place or (round(at[0]), round(at[1])), []).append(at)
    spots = [
        Spot(key if isinstance(key, str) else "", *_middle(places), len(places))
        for key, places in positions.items()
    ]
    return sorted(spots, key=lambda spot: (-spot.photos, spot.name, spot.latitude))


def _middle(places: Sequence[tuple[float, float]]) -> tuple[float, float]:
    latitudes, longitudes = zip(*places, strict=True)
    return sum(latitudes) / len(places), sum(longitudes) / len(places)
