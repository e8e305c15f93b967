"""The XMP packet of a TIFF file (tag 700; XMP part 3, 1.1.9), and a change of it.

A TIFF file is places that name other places, counted from the start of the file. So everything
stays where it is: where the tag is new, the first directory is put at the end with it, and then the
packet, and what named the old ones names the new ones. A packet that is last already is replaced.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Literal, NamedTuple

from index.metadata.writing.errors import Refusal
from index.metadata.writing.splices import Splice

_TAG = 700
_BYTES, _UNDEFINED = 1, 7
_SIZES = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of a value by the kind of field; the others have one each."""

_NUMBERS = {3: "H", 4: "L"}
_STRIPS, _TILES = (273, 279), (324, 325)
"""Where the pieces of the picture are, and how long."""

_C2PA = 52545
_MOST = (1 << 32) - 1

_MOST_OFTEN = 8
"""How often a byte of a file may be named on average: equal tiles may share theirs."""

_MOST_PAGES = 100_000

_BYTE_ORDERS: dict[str, Literal["little", "big"]] = {"<": "little", ">": "big"}
_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_RAW = (b"CR", b"RE")
"""What stands behind the head of Canon's RAW files."""


class Entry(NamedTuple):
    """A field of a directory, and where its 12 bytes are."""

    at: int
    tag: int
    kind: int
    length: int
    value: int


class Directory(NamedTuple):
    """The first directory; ``end`` is behind the place of the next one."""

    order: str
    start: int
    end: int
    entries: tuple[Entry, ...]


def is_tiff(data: bytes) -> bool:
    """Whether this is a TIFF file of up to 4 GB and none of Canon's RAW files."""
    return data[:4] in _ORDERS and data[8:10] not in _RAW


def packet_of(data: bytes) -> bytes | None:
    """The packet, or None where there is none. Raises `Refusal`."""
    entry = _xmp(_directory(data))
    return None if entry is None else _value(data, entry)


def with_packet(data: bytes, packet: bytes) -> tuple[Splice, ...]:
    """What gives a file another packet. Raises `Refusal`."""
    directory = _directory(data)
    if any(entry.tag == _C2PA for entry in directory.entries):
        raise Refusal("it carries signed content credentials (C2PA) that any change would break")
    order = directory.order
    end = len(data)
    padding = b"\x00" * (end % 2)
    place = end + len(padding)
    if place + len(packet) + (directory.end - directory.start) + 16 > _MOST:
        raise Refusal("it would be over 4 GB")
    entry = _xmp(directory)
    if entry is not None:
        _value(data, entry)  # refuses what is no packet
        change = Splice(end, end, padding + packet)
        if entry.value + entry.length == end:
            place, change = entry.value, Splice(entry.value, end, packet)
        there = struct.pack(f"{order}LL", len(packet), place)
        return (Splice(entry.at + 4, entry.at + 12, there), change)
    behind = place + (directory.end - directory.start) + 12
    field = struct.pack(f"{order}HHLL", _TAG, _BYTES, len(packet), behind)
    before = sum(entry.tag < _TAG for entry in directory.entries)
    at = directory.start + 2 + 12 * before
    table = b"".join(
        [
            struct.pack(f"{order}H", len(directory.entries) + 1),
            data[directory.start + 2 : at],
            field,
            data[at : directory.end],
        ]
    )
    head = struct.pack(f"{order}L", place)
    return (Splice(4, 8, head), Splice(end, end, padding + table + packet))


def picture(data: bytes) -> Iterator[bytes]:
    """The fields of the first directory but that of the packet, and its strips or tiles."""
    directory = _directory(data)
    for entry in directory.entries:
        if entry.tag != _TAG:
            yield data[entry.at : entry.at + 12]
    for start, length in _pieces(data, directory):
        yield data[start : start + length]


def _directory(data: bytes) -> Directory:
    order = _ORDERS[data[:4]]
    try:
        (start,) = struct.unpack_from(f"{order}L", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, start)
        end = start + 2 + 12 * count + 4
        entries = tuple(
            Entry(at, *struct.unpack_from(f"{order}HHLL", data, at))
            for at in range(start + 2, end - 4, 12)
        )
    except struct.error:
        raise Refusal("damaged TIFF structure") from None
    tags = [entry.tag for entry in entries]
    if start < 8 or end > len(data) or not tags or tags != sorted(set(tags)):
        raise Refusal("damaged TIFF structure")
    directory = Directory(order, start, end, entries)
    _check_pages(data, directory)
    whole = 0
    for start, length in _pieces(data, directory):
        whole += length
        if start + length > len(data):
            raise Refusal("it is cut off")
        if whole > _MOST_OFTEN * len(data):
            raise Refusal("damaged TIFF structure")
    return directory


def _check_pages(data: bytes, first: Directory) -> None:
    """The last page names no next one, and none is named twice."""
    seen = {first.start}
    at = first.end
    while (page := int.from_bytes(data[at - 4 : at], _BYTE_ORDERS[first.order])) != 0:
        fields = int.from_bytes(data[page : page + 2], _BYTE_ORDERS[first.order])
        at = page + 2 + 12 * fields + 4
        if page in seen or at > len(data) or len(seen) > _MOST_PAGES:
            raise Refusal("damaged TIFF structure")
        seen.add(page)


def _pieces(data: bytes, directory: Directory) -> Iterator[tuple[int, int]]:
    """Where each value that is not in its field, and each piece of the picture, is; how long."""
    fields = {entry.tag: entry for entry in directory.entries}
    for entry in directory.entries:
        size = _SIZES.get(entry.kind, 1) * entry.length
        if size > 4 and entry.tag != _TAG:
            yield entry.value, size
    for places, lengths in (_STRIPS, _TILES):
        if places in fields and lengths in fields:
            starts = _numbers(data, fields[places], directory.order)
            yield from zip(starts, _numbers(data, fields[lengths], directory.order), strict=False)


def _numbers(data: bytes, entry: Entry, order: str) -> tuple[int, ...]:
    size = _SIZES.get(entry.kind, 1) * entry.length
    start = entry.value if size > 4 else entry.at + 8
    if entry.kind not in _NUMBERS or start + size > len(data):
        raise Refusal("damaged TIFF structure")
    return struct.unpack_from(f"{order}{entry.length}{_NUMBERS[entry.kind]}", data, start)


def _xmp(directory: Directory) -> Entry | None:
    return next((entry for entry in directory.entries if entry.tag == _TAG), None)


def _value(data: bytes, entry: Entry) -> bytes:
    end = entry.value + entry.length
    if entry.kind not in (_BYTES, _UNDEFINED) or entry.length <= 4 or end > len(data):
        raise Refusal("damaged XMP in TIFF")
    return data[entry.value : end]
