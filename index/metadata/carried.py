"""The alternative text that a photo carries: in the sidecar beside it, else in the file itself."""

from __future__ import annotations

from pathlib import Path

from index.metadata.sidecar import read_sidecars
from index.metadata.writing.containers import container_of
from index.metadata.writing.errors import Refusal
from index.metadata.xmp import read_xmp
from vlm.errors import ImageUnreadable, PathMissing, system_reason
from vlm.images import decode_photo
from vlm.video import is_video

_SIDE = 64
"""Pixels; kinds of file whose structure we do not walk are decoded, as small as they can be."""


def carried_text(photo: Path) -> str | None:
    """``AltTextAccessibility`` of IPTC 2021.1 in XMP, as `vlm index` reads it; None without any.

    Of a film only the sidecar is read. Raises `PathMissing` or `ImageUnreadable`.
    """
    beside = read_sidecars(photo).xmp.alt_text
    if beside or is_video(photo):
        return beside
    try:
        data = photo.read_bytes()
    except FileNotFoundError:
        raise PathMissing(photo) from None
    except OSError as error:
        raise ImageUnreadable(photo, system_reason(error)) from None
    return read_xmp(_packet(photo, data)).alt_text


def _packet(photo: Path, data: bytes) -> bytes:
    container = container_of(data)
    if container is not None:
        try:
            return container.packet_of(data) or b""
        except Refusal:
            pass  # not as we would write it, and perhaps readable all the same
    return decode_photo(data, photo, size=_SIDE).packets.xmp
