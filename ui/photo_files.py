"""Which photo files are meant by the files and folders that a person names."""

from __future__ import annotations

import os
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
    photos: dict[str, Path | Skipped] = {}
    for root in paths:
        above = len(os.path.join(absolute(root), ""))  # noqa: PTH118 - ends with a separator
        for found in scan([root]):
            if isinstance(found, LeftOut):
                continue
            name = str(found.path) if isinstance(found, Skipped) else found.file
            path = root / name[above:]  # a file that is named outright has nothing below it
            photos.setdefault(
                name, Skipped(path, found.reason) if isinstance(found, Skipped) else path
            )
    if not photos:
        raise NoPhotos(paths[0])
    return list(photos.values())
