"""Which photo of a group of copies is the best to keep, and why."""

from __future__ import annotations

import os
from collections.abc import Sequence

from index.catalogue.records import Content

_TOLD = ("exif", "xmp", "iptc")
"""Sources of a time that lie in the file, or beside it; a name or a file's age is neither."""

_MUCH = 1.5
"""So many times the bytes tell what was compressed less. A little more may as well come from
compressing what was compressed before, or from an edit."""


def best_first(photos: Sequence[Content]) -> tuple[tuple[Content, ...], str]:
    """Copies in the order of their worth, and what sets the first apart from the second.

    Most pixels; then not much more compressed than another of that size and format; then date
    and camera; then the oldest file; then the shortest path.
    """
    worth = {photo: _worth(photo, photos) for photo in photos}
    ordered = tuple(sorted(photos, key=worth.__getitem__))
    best, other = ordered[:2]
    reasons = (
        f"most pixels ({best.width}x{best.height})",
        f"less compressed ({_bytes(best.size)}, next {_bytes(other.size)})",
        "has " + " and ".join(_told(best)),
        "oldest file",
        "shortest path",
    )
    first = [one != two for one, two in zip(worth[best], worth[other], strict=True)].index(True)
    return ordered, reasons[min(first, len(reasons) - 1)]


def _worth(photo: Content, photos: Sequence[Content]) -> tuple[int, bool, int, int, int, bytes]:
    rivals = [p.size for p in photos if p.format == photo.format and _pixels(p) == _pixels(photo)]
    compressed = photo.size * _MUCH < max(rivals)
    path = os.fsencode(photo.path)
    pixels, told = _pixels(photo), len(_told(photo))
    return -pixels, compressed, -told, photo.mtime_ns, len(path), path


def _pixels(photo: Content) -> int:
    return photo.width * photo.height


def _told(photo: Content) -> list[str]:
    date = photo.taken_at is not None and photo.taken_from in _TOLD
    return ["a date"] * date + ["a camera"] * (photo.camera is not None)


def _bytes(number: int) -> str:
    """Bytes in the unit that suits.

    >>> _bytes(900), _bytes(81_000), _bytes(3_600_000)
    ('900 B', '81 kB', '3.6 MB')
    """
    if number < 1000:
        return f"{number} B"
    return f"{number / 1e3:.0f} kB" if number < 1e6 else f"{number / 1e6:.1f} MB"
