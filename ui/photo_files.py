"""Which photo files are meant by the files and folders that a person names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.paths import absolute
from index.records import Skipped
from index.scanning.scan import LeftOut, scan
from vlm.errors import NoPhotos


def photos_in(paths: Sequence[Path]) -> list[Path | Skipped]:
    """Name every photo in and under files and folders once, in the spelling that was given.

    Raises `PathMissing`, `FolderUnreadable`, and `NoPhotos` where there is nothing to describe.
    """
    photos: dict[Path, Path | Skipped] = {}
    for root in paths:
        for found in scan([root]):
            if isinstance(found, LeftOut):
                continue
            path = root / found.path.relative_to(absolute(root))
            photos.setdefault(
                found.path, Skipped(path, found.reason) if isinstance(found, Skipped) else path
            )
    if not photos:
        raise NoPhotos(paths[0])
    return list(photos.values())
