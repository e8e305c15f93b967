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


def narrowed(data: bytes, splices: Sequence[Splice]) -> tuple[Splice, ...]:
    """The same change with as few bytes as stands to reason: what stays is left out.

    A length in front and a check sum behind change with every text, so each splice is looked at
    in three parts.

    >>> narrowed(b"a red barn", [Splice(0, 10, b"a reddish barn")])
    (Splice(start=5, end=5, new=b'dish'),)
    """
    narrow = (_trimmed(data, part) for splice in splices for part in _parts(splice))
    return tuple(part for part in narrow if part.new or part.start != part.end)


_HEAD, _TAIL = 8, 4


def _parts(splice: Splice) -> tuple[Splice, ...]:
    start, end, new = splice
    if min(end - start, len(new)) < 2 * (_HEAD + _TAIL):
        return (splice,)
    return (
        Splice(start, start + _HEAD, new[:_HEAD]),
        Splice(start + _HEAD, end - _TAIL, new[_HEAD:-_TAIL]),
        Splice(end - _TAIL, end, new[-_TAIL:]),
    )


def _trimmed(data: bytes, splice: Splice) -> Splice:
    start, end, new = splice
    old = data[start:end]
    front = _common(old, new)
    old, new = old[front:], new[front:]
    back = _common(old[::-1], new[::-1])
    return Splice(start + front, end - back, new[: len(new) - back])


def _common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[:middle] == other[:middle]:
            least = middle
        else:
            most = middle - 1
    return least
