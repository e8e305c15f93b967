"""The XMP packet of a PNG file (W3C PNG; XMP part 3, 1.1.5), and a change of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from index.metadata.writing.errors import Refusal
from index.metadata.writing.splices import Splice
from index.metadata.xmp_packet import MAX_BYTES

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_XMP = b"XML:com.adobe.xmp\x00"
_OLD_XMP = b"Raw profile type xmp\x00"


class Chunk(NamedTuple):
    """``start`` is where its length is, ``end`` is behind its check sum."""

    kind: bytes
    start: int
    end: int
    body: bytes


def packet_of(data: bytes) -> bytes | None:
    """The packet, or None where there is none. Raises `Refusal`."""
    found = _xmp(list(_chunks(data)))
    return None if found is None else _text(found)


def with_packet(data: bytes, packet: bytes) -> tuple[Splice, ...]:
    """What gives a file another packet. Raises `Refusal`."""
    chunks = list(_chunks(data))
    if any(c.kind == b"caBX" for c in chunks):
        raise Refusal("it carries signed content credentials (C2PA) that any change would break")
    try:
        packet.decode()
    except UnicodeDecodeError:
        raise Refusal("its XMP is not in UTF-8, as PNG asks for") from None
    named = b"iTXt" + _XMP + b"\x00\x00\x00\x00" + packet  # not compressed, no language
    new = (len(named) - 4).to_bytes(4, "big") + named + zlib.crc32(named).to_bytes(4, "big")
    old = _xmp(chunks)
    if old is not None:
        return (Splice(old.start, old.end, new),)
    at = next(c.start for c in chunks if c.kind == b"IDAT")
    return (Splice(at, at, new),)


def picture(data: bytes) -> Iterator[bytes]:
    """Everything but the texts."""
    for chunk in _chunks(data):
        if chunk.kind not in (b"iTXt", b"tEXt", b"zTXt"):
            yield data[chunk.start : chunk.end]


def _chunks(data: bytes) -> Iterator[Chunk]:
    at = len(SIGNATURE)
    kind = b""
    seen = set[bytes]()
    while kind != b"IEND":
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        end = at + 12 + length
        if length >= 1 << 31 or end > len(data) or not kind.isalpha() or not kind.isascii():
            raise Refusal("damaged PNG structure")
        if (kind == b"IHDR") == bool(seen):
            raise Refusal("damaged PNG structure")
        seen.add(kind)
        yield Chunk(kind, at, end, data[at + 8 : end - 4])
        at = end
    if b"IDAT" not in seen:
        raise Refusal("damaged PNG structure")


def _xmp(chunks: list[Chunk]) -> Chunk | None:
    if any(c.kind in (b"tEXt", b"zTXt", b"iTXt") and c.body.startswith(_OLD_XMP) for c in chunks):
        raise Refusal("its XMP is where ImageMagick used to put it")
    found = [c for c in chunks if c.kind == b"iTXt" and c.body.startswith(_XMP)]
    if len(found) > 1:
        raise Refusal("it has more than one XMP packet")
    return found[0] if found else None


def _text(chunk: Chunk) -> bytes:
    """What follows flag, method, language and translated keyword."""
    packed = chunk.body[len(_XMP) : len(_XMP) + 1]
    parts = chunk.body[len(_XMP) + 2 :].split(b"\x00", 2)
    if len(parts) != 3 or packed not in (b"\x00", b"\x01"):
        raise Refusal("damaged XMP in PNG")
    if packed == b"\x00":
        return parts[2]
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(parts[2], MAX_BYTES)
    except zlib.error:
        raise Refusal("damaged XMP in PNG") from None
    if not unpacker.eof:
        raise Refusal("its XMP is too large or cut off")
    return text
