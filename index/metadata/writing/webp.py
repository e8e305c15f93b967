"""The XMP packet of a WebP file (RFC 9649), and a change of it.

A file of the simple kinds becomes one of the extended kind, which has the size of the picture in
its first chunk, and flags for what else is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from index.metadata.writing.errors import Refusal
from index.metadata.writing.splices import Splice

_XMP_FLAG, _ALPHA_FLAG = 0x04, 0x10
_HEAD = 12
_PICTURE = (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP")


class Chunk(NamedTuple):
    """``end`` is behind the byte that makes its length even."""

    kind: bytes
    start: int
    end: int
    body: bytes


def is_webp(data: bytes) -> bool:
    """Whether the first bytes are those of a WebP file."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def packet_of(data: bytes) -> bytes | None:
    """The packet, or None where there is none. Raises `Refusal`."""
    found = _xmp(list(_chunks(data)))
    return None if found is None else found.body


def with_packet(data: bytes, packet: bytes) -> tuple[Splice, ...]:
    """What gives a file another packet. Raises `Refusal`."""
    chunks = list(_chunks(data))
    if any(c.kind == b"C2PA" for c in chunks):
        raise Refusal("it carries signed content credentials (C2PA) that any change would break")
    new = b"XMP " + len(packet).to_bytes(4, "little") + packet + b"\x00" * (len(packet) % 2)
    old = _xmp(chunks)
    end = chunks[-1].end
    change = Splice(end, end, new) if old is None else Splice(old.start, old.end, new)
    head = _extended(chunks[0])
    size = end - 8
    for splice in (change, head):
        size += len(splice.new) - (splice.end - splice.start)
    if size > 0xFFFFFFFE:
        raise Refusal("it would be too large")
    return tuple(sorted([Splice(4, 8, size.to_bytes(4, "little")), head, change]))


def picture(data: bytes) -> Iterator[bytes]:
    """Everything that is decoded."""
    for chunk in _chunks(data):
        if chunk.kind in _PICTURE:
            yield data[chunk.start : chunk.end]


def _chunks(data: bytes) -> Iterator[Chunk]:
    whole = 8 + int.from_bytes(data[4:8], "little")
    at = _HEAD
    if whole > len(data) or whole < _HEAD + 8:
        raise Refusal("damaged WebP structure")
    while at < whole:
        kind = data[at : at + 4]
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if at + 8 > whole or end > whole:
            raise Refusal("damaged WebP structure")
        yield Chunk(kind, at, end, data[at + 8 : at + 8 + length])
        at = end


def _xmp(chunks: list[Chunk]) -> Chunk | None:
    found = [c for c in chunks if c.kind == b"XMP "]
    if len(found) > 1:
        raise Refusal("it has more than one XMP packet")
    return found[0] if found else None


def _extended(first: Chunk) -> Splice:
    """What makes the first chunk say that there is XMP."""
    if first.kind == b"VP8X":
        if len(first.body) < 10:
            raise Refusal("damaged WebP structure")
        return Splice(first.start + 8, first.start + 9, bytes([first.body[0] | _XMP_FLAG]))
    width, height, alpha = _canvas(first)
    flags = _XMP_FLAG | (_ALPHA_FLAG if alpha else 0)
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    new = b"VP8X" + (10).to_bytes(4, "little") + bytes([flags, 0, 0, 0]) + canvas
    return Splice(first.start, first.start, new)


def _canvas(first: Chunk) -> tuple[int, int, bool]:
    """Width, height, and whether there may be transparency, of a simple picture."""
    body = first.body
    if first.kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        alpha = False
    elif first.kind == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        alpha = bool(bits >> 28 & 1)
    else:
        raise Refusal("damaged WebP structure")
    if not width or not height:
        raise Refusal("damaged WebP structure")
    return width, height, alpha
