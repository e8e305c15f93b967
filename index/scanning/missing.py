"""Which photos are gone, and which are only on a disk that is not connected now."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Lost:
    """Photos that were not seen: those that are gone, and how many are away by mount point."""

    gone: list[bytes] = field(default_factory=list)
    away: Counter[bytes] = field(default_factory=Counter)


def lost(
    photos: Iterable[bytes],
    roots: Sequence[bytes],
    seen: set[bytes],
    unwanted: set[bytes],
    mounts: Mapping[bytes, bytes],
) -> Lost:
    """Look for the photos in and under ``roots`` that a scan has not seen.

    ``unwanted`` are paths that are to be forgotten with all below them, and ``mounts`` the mount
    point of each folder that is not on the system's own disk.
    """
    result = Lost()
    unmounted = {mount for mount in set(mounts.values()) if is_away(mount)}
    unseen = {root for root in roots if root not in seen}  # what was seen is no folder
    inside = tuple(root.rstrip(b"/") + b"/" for root in unseen)
    for path in photos:
        if path in seen or not (path.startswith(inside) or path in unseen):
            continue
        if _is_below(path, unwanted):
            result.gone.append(path)
        elif is_gone(path):
            mount = mounts.get(path.rpartition(b"/")[0])
            if mount in unmounted:
                result.away[mount] += 1
            else:
                result.gone.append(path)
    return result


def _is_below(path: bytes, paths: set[bytes]) -> bool:
    while paths and path:
        if path in paths:
            return True
        path = path.rpartition(b"/")[0]
    return False


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
