"""The files that lie beside a photo and tell of it: ``photo.jpg.xmp``, Takeout's JSON.

Their names are looked up, not searched for, so that a folder of 100,000 photos costs no more for
each than a small one.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index.metadata.takeout import read_takeout
from index.metadata.told import Told
from index.metadata.xmp import read_xmp
from index.metadata.xmp_packet import MAX_BYTES

SIDECAR_SUFFIXES = (".xmp", ".json")
"""How the names of all of them end."""

_TAKEOUT_NAME = 46
"""Takeout cuts the name before ``.json`` off after so many characters."""

_MAX_JSON = 1 << 20
_COUNTED = re.compile(r"(?P<stem>.*)(?P<count>\(\d{1,4}\))(?P<suffix>\.[^.]*)", re.DOTALL)
_EDITED = re.compile(r"-edited(?=(?:\(\d{1,4}\))?\.[^.]*$)")


class Sidecars(NamedTuple):
    """What each kind of sidecar tells; silent where there is none."""

    xmp: Told = Told()
    takeout: Told = Told()


def read_sidecars(photo: Path) -> Sidecars:
    """Read those of a photo. Never raises: a sidecar that cannot be read is none."""
    xmp = _first(photo.parent, xmp_names(photo.name), MAX_BYTES)
    takeout = _first(photo.parent, takeout_names(photo.name), _MAX_JSON)
    return Sidecars(read_xmp(xmp), read_takeout(takeout))


def changed_ns(folder: str, name: str, beside: Container[str] | None = None) -> int:
    """When the newer of the sidecars that `read_sidecars` reads was changed; 0 for none.

    ``beside`` are the names in the folder that end in one of `SIDECAR_SUFFIXES`, where they are
    known: asking the file system for each photo would take longer than listing the folder.
    """
    return max(
        _newest(folder, (n for n in names if beside is None or n in beside))
        for names in (xmp_names(name), takeout_names(name))
    )


def xmp_names(name: str) -> Iterator[str]:
    """What a photo's XMP sidecar may be called; the first that exists is the one.

    >>> list(xmp_names("a.jpg"))
    ['a.jpg.xmp', 'a.xmp']
    """
    yield f"{name}.xmp"
    yield f"{os.path.splitext(name)[0]}.xmp"  # noqa: PTH122 - no Path for a name


def takeout_names(name: str) -> Iterator[str]:
    """What Takeout may call the JSON of a photo, likeliest first; the first that exists is the one.

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


def _newest(folder: str, names: Iterable[str]) -> int:
    for name in names:
        with suppress(OSError, ValueError):
            state = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - as below
            if stat.S_ISREG(state.st_mode):
                return state.st_mtime_ns
    return 0


def _first(folder: Path, names: Iterable[str], limit: int) -> bytes:
    for name in names:
        data = _read(os.path.join(folder, name), limit)  # noqa: PTH118 - a fifth of Path's cost
        if data is not None:
            return data
    return b""


def _read(path: str, limit: int) -> bytes | None:
    """A regular file, empty if it is over the limit; a pipe or a device would never end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return None
        with open(handle, "rb", closefd=False) as file:
            return file.read(limit) if state.st_size <= limit else b""
    except OSError:
        return None
    finally:
        os.close(handle)
