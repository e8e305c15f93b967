"""Which kinds of photo files take a packet, told by their first bytes and not by their name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.metadata.writing import jpeg, png, tiff, webp
from index.metadata.writing.splices import Splice


@dataclass(frozen=True, slots=True)
class Container:
    """How a kind of file keeps its packet; all three raise `Refusal` for a damaged file.

    ``picture`` gives the bytes that make the picture, which no change of the packet may touch.
    """

    kind: str
    is_it: Callable[[bytes], bool]
    packet_of: Callable[[bytes], bytes | None]
    with_packet: Callable[[bytes, bytes], tuple[Splice, ...]]
    picture: Callable[[bytes], Iterator[bytes]]


CONTAINERS = (
    Container(
        "JPEG",
        lambda data: data.startswith(jpeg.SIGNATURE),
        jpeg.packet_of,
        jpeg.with_packet,
        jpeg.picture,
    ),
    Container(
        "PNG",
        lambda data: data.startswith(png.SIGNATURE),
        png.packet_of,
        png.with_packet,
        png.picture,
    ),
    Container("WebP", webp.is_webp, webp.packet_of, webp.with_packet, webp.picture),
    Container("TIFF", tiff.is_tiff, tiff.packet_of, tiff.with_packet, tiff.picture),
)


def container_of(data: bytes) -> Container | None:
    """The kind of a file, or None where nothing is written into such files."""
    return next((one for one in CONTAINERS if one.is_it(data)), None)


def _whole(data: bytes, packet: bytes) -> tuple[Splice, ...]:
    return (Splice(0, len(data), packet),)


SIDECAR = Container("sidecar", lambda _: True, bytes, _whole, lambda _: iter(()))
"""A file that is a packet."""
