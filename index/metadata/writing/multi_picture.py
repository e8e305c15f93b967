"""The list of the pictures in one JPEG file (CIPA DC-007), when bytes before them are moved.

Phones write it for the gain map of an HDR photo or for depth. Places in it are counted from
its own start, except that of the first picture, which is the file's.
"""

from __future__ import annotations

import struct

from index.metadata.writing.errors import Refusal
from index.metadata.writing.splices import Splice

SIGNATURE = b"MPF\x00"

_ENTRIES = 0xB002
_MOST = 1000


def moved(data: bytes, start: int, end: int, at: int, shift: int) -> list[Splice]:
    """Corrections of the list between two places, for ``shift`` bytes put in at ``at``.

    Raises `Refusal` where the list cannot be understood.
    """
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[start : start + 4])
    if order is None:
        raise Refusal("damaged list of pictures")
    try:
        table, count = _table(data[start:end], order)
        corrected = []
        for number in range(count):
            place = table + 16 * number
            size, offset = struct.unpack_from(f"{order}LL", data[start:end], place + 4)
            if number == 0:
                size += shift
            elif at > start and offset:
                offset += shift
            new = struct.pack(f"{order}LL", size, offset)
            corrected.append(Splice(start + place + 4, start + place + 12, new))
    except struct.error:
        raise Refusal("damaged list of pictures") from None
    return corrected


def _table(part: bytes, order: str) -> tuple[int, int]:
    (directory,) = struct.unpack_from(f"{order}L", part, 4)
    (fields,) = struct.unpack_from(f"{order}H", part, directory)
    for number in range(fields):
        at = directory + 2 + 12 * number
        tag, kind, size, place = struct.unpack_from(f"{order}HHLL", part, at)
        if tag == _ENTRIES and kind == 7 and size % 16 == 0 and 0 < size // 16 <= _MOST:
            return place, size // 16
    raise Refusal("damaged list of pictures")
