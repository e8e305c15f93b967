"""A change of bytes as the places that change, so that it can be applied and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Splice(NamedTuple):
    """``new`` takes the place of the bytes from ``start`` to before ``end``."""

    start: int
    end: int
    new: bytes


def applied(data: bytes, splices: Sequence[Splice]) -> bytes:
    """The bytes after a change; splices are in order and do not overlap.

    >>> applied(b"a red barn", [Splice(2, 5, b"green"), Splice(10, 10, b"!")])
    b'a green barn!'
    """
    pieces: list[bytes] = []
    at = 0
    for splice in splices:
        pieces += (data[at : splice.start], splice.new)
        at = splice.end
    return b"".join([*pieces, data[at:]])


def inverse(data: bytes, splices: Sequence[Splice]) -> tuple[Splice, ...]:
    """What takes a change of ``data`` back.

    >>> inverse(b"a red barn", [Splice(2, 5, b"green"), Splice(10, 10, b"!")])
    (Splice(start=2, end=7, new=b'red'), Splice(start=12, end=13, new=b''))
    """
    back = []
    shift = 0
    for start, end, new in splices:
        back.append(Splice(start + shift, start + shift + len(new), data[start:end]))
        shift += len(new) - (end - start)
    return tuple(back)
