"""The XMP packet of a JPEG file (ISO/IEC 10918-1; XMP part 3, 1.1.3), and a change of it.

The segments before the picture are walked by their lengths; from the picture on, nothing is
changed. What would break when bytes move is either moved too (`multi_picture`) or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.metadata.writing import multi_picture
from index.metadata.writing.errors import Refusal
from index.metadata.writing.packet import PROPERTIES, without_padding
from index.metadata.writing.splices import Splice

SIGNATURE = b"\xff\xd8\xff"

_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\x00"
_EXTENDED_HEAD = len(_EXTENDED) + 40  # then a digest, the whole length and the offset of the part
_MOST = 65_533
"""Bytes of a segment without marker and length."""
_SIDECAR = "write a sidecar, --write xmp"
"""Extended XMP (XMP part 3, 1.1.3.1) is read only: many programs lose it when they save a file."""

_SOS, _APP0, _APP1, _APP2, _APP11 = 0xDA, 0xE0, 0xE1, 0xE2, 0xEB
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_END_OF_SCAN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")


class Segment(NamedTuple):
    """``start`` is where its marker is, ``body`` what follows the length."""

    marker: int
    start: int
    end: int
    body: bytes


def packet_of(data: bytes) -> bytes | None:
    """The packet, or None where there is none. Raises `Refusal`."""
    found = _xmp(list(_segments(data)))
    return None if found is None else found.body[len(_XMP) :]


def with_packet(data: bytes, packet: bytes) -> tuple[Splice, ...]:
    """What gives a file another packet. Raises `Refusal`."""
    segments = list(_segments(data))
    if any(s.marker == _APP11 and b"c2pa" in s.body[:200] for s in segments):
        raise Refusal("it carries signed content credentials (C2PA) that any change would break")
    extended = b"".join(
        s.body[_EXTENDED_HEAD:] for s in segments if _is_app1(s) and s.body.startswith(_EXTENDED)
    )
    if any(name.encode() in extended for name in PROPERTIES):
        raise Refusal(f"its texts are in the part of its XMP that is over 64 KB: {_SIDECAR}")
    if len(_XMP) + len(packet) > _MOST:
        packet = without_padding(packet)
    body = _XMP + packet
    if len(body) > _MOST:
        raise Refusal(f"its XMP would be over the 64 KB of a JPEG segment: {_SIDECAR}")
    new = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    old = _xmp(segments)
    at = _place(segments) if old is None else old.start
    change = Splice(at, at if old is None else old.end, new)
    return tuple(sorted([change, *_moved(data, segments, change)]))


def picture(data: bytes) -> Iterator[bytes]:
    """Everything that is decoded: all segments but APPn and COM, and the scans."""
    end = 2
    for segment in _segments(data):
        if not 0xE0 <= segment.marker <= 0xEF and segment.marker != 0xFE:
            yield data[segment.start : segment.end]
        end = segment.end
    yield data[end:]


def _segments(data: bytes) -> Iterator[Segment]:
    """Those up to and with the first start of scan."""
    at = 2
    marker = 0
    while marker != _SOS:
        start = at
        if data[at : at + 1] != b"\xff":
            raise Refusal("damaged JPEG structure")
        while data[at : at + 1] == b"\xff":  # fill bytes
            at += 1
        marker = data[at] if at < len(data) else 0
        if marker == 0 or marker in _ALONE:
            raise Refusal("damaged JPEG structure")
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        end = at + 1 + length
        if length < 2 or end > len(data):
            raise Refusal("damaged JPEG structure")
        yield Segment(marker, start, end, data[at + 3 : end])
        at = end


def _is_app1(segment: Segment) -> bool:
    return segment.marker == _APP1


def _xmp(segments: list[Segment]) -> Segment | None:
    found = [s for s in segments if _is_app1(s) and s.body.startswith(_XMP)]
    if len(found) > 1:
        raise Refusal("it has more than one XMP packet")
    return found[0] if found else None


def _place(segments: list[Segment]) -> int:
    """Behind EXIF, else behind the segments of JFIF, else first."""
    exif = [s.end for s in segments if _is_app1(s) and s.body.startswith(b"Exif\x00")]
    if exif:
        return exif[-1]
    at = 2
    for segment in segments:
        if segment.marker != _APP0:
            break
        at = segment.end
    return at


def _moved(data: bytes, segments: list[Segment], change: Splice) -> list[Splice]:
    """What has to know that bytes are elsewhere now."""
    shift = len(change.new) - (change.end - change.start)
    if shift == 0:
        return []
    tables = [
        s for s in segments if s.marker == _APP2 and s.body.startswith(multi_picture.SIGNATURE)
    ]
    if len(tables) > 1:
        raise Refusal("it has more than one list of pictures")
    if tables:
        start = tables[0].end - len(tables[0].body) + len(multi_picture.SIGNATURE)
        return multi_picture.moved(data, start, tables[0].end, change.start, shift)
    behind = data[_end_of_picture(data, segments[-1].end) :]
    if behind[-12:-8] in (b"AXS!", b"AXS*"):
        raise Refusal("what is behind its picture (AFCP) cannot be moved")
    counted_from_its_end = behind[4:8] == b"ftyp" or behind.endswith(b"SEFT")  # of phones
    if SIGNATURE in behind and not counted_from_its_end:
        raise Refusal("it has another picture behind its own whose place may be noted elsewhere")
    return []


def _end_of_picture(data: bytes, at: int) -> int:
    """Behind the marker that ends the picture; the end of the file where it has none."""
    while (found := _END_OF_SCAN.search(data, at)) is not None:
        marker = data[found.start() + 1]
        if marker == 0xD9:
            return found.end()
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return len(data)
