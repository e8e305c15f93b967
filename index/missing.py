"""Which photos are gone, and which are only on a disk that is not connected now."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def is_gone(path: bytes | Path) -> bool:
    """Whether a file is certainly not there any more; in doubt (no permission) it is not gone."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def mounts_of(folders: Iterable[bytes]) -> dict[bytes, bytes]:
    """The mount point that each folder lies on, through links; folders that are gone are left out.

    Folders on one device get one answer, since finding it takes a look at each folder above.
    """
    by_device: dict[int, bytes] = {}
    mounts: dict[bytes, bytes] = {}
    for folder in folders:
        try:
            device = os.stat(folder).st_dev  # noqa: PTH116 - bytes, and there may be thousands
        except OSError:
            continue
        if device not in by_device:
            by_device[device] = _mount(os.path.realpath(folder))
        mounts[folder] = by_device[device]
    return mounts


def _mount(folder: bytes) -> bytes:
    while not os.path.ismount(folder):
        folder = os.path.dirname(folder)  # noqa: PTH120
    return folder


def is_away(mount: bytes) -> bool:
    """Whether nothing is mounted at what was a mount point, and nothing has taken its place."""
    if os.path.ismount(mount):
        return False
    try:
        with os.scandir(mount) as entries:
            return next(entries, None) is None
    except OSError:
        return True
