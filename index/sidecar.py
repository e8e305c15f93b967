"""The files that lie beside a photo and tell of it: ``photo.jpg.xmp``, Takeout's JSON.

Their names are looked up, not searched for, so that a folder of 100,000 photos costs no more for
each than a small one.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from index.takeout import read_takeout
from index.told import Told
from index.xmp import read_xmp
from index.xmp_packet import MAX_BYTES

_TAKEOUT_NAME = 46
"""Takeout cuts the name before ``.json`` off after so many characters."""

_MAX_JSON = 1 << 20
_COUNTED = re.compile(r"(?P<stem>.*)(?P<count>\(\d{1,4}\))(?P<suffix>\.[^.]*)", re.DOTALL)
_EDITED = re.compile(r"-edited(?=(?:\(\d{1,4}\))?\.[^.]*$)")


class Sidecars(NamedTuple):
    """What each kind of sidecar tells; silent where there is none."""

    xmp: Told
    takeout: Told


def read_sidecars(photo: Path) -> Sidecars:
    """Read those of a photo. Never raises: a sidecar that cannot be read is none."""
    folder, name = photo.parent, photo.name
    packet = _first(folder, (f"{name}.xmp", f"{photo.stem}.xmp"), MAX_BYTES)
    takeout = _first(folder, takeout_names(name), _MAX_JSON)
    return Sidecars(
        read_xmp(packet) if packet else Told(), read_takeout(takeout) if takeout else Told()
    )


def takeout_names(name: str) -> Iterator[str]:
    """What Takeout may call the JSON of a photo, likeliest first.

    >>> list(takeout_names("a(1).jpg"))
    ['a(1).jpg.supplemental-metadata.json', 'a(1).jpg.json', \
'a.jpg.supplemental-metadata(1).json', 'a.jpg(1).json']
    """
    name = _EDITED.sub("", name)
    yield f"{f'{name}.supplemental-metadata'[:_TAKEOUT_NAME]}.json"
    yield f"{name[:_TAKEOUT_NAME]}.json"
    counted = _COUNTED.fullmatch(name)
    if counted:
        name = counted["stem"] + counted["suffix"]
        yield f"{f'{name}.supplemental-metadata'[:_TAKEOUT_NAME]}{counted['count']}.json"
        yield f"{name[:_TAKEOUT_NAME]}{counted['count']}.json"


def _first(folder: Path, names: Iterable[str], limit: int) -> bytes | None:
    for name in names:
        data = _read(os.path.join(folder, name), limit)  # noqa: PTH118 - a fifth of Path's cost
        if data is not None:
            return data
    return None


def _read(path: str, limit: int) -> bytes | None:
    """A regular file of at most so many bytes; a pipe or a device would never end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > limit:
            return None
        with open(handle, "rb", closefd=False) as file:
            return file.read(limit)
    except OSError:
        return None
    finally:
        os.close(handle)
