"""Videos, through one frame: the first one that shows anything. Needs PyAV (the extra `video`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PIL.ExifTags import GPS, Base

from vlm.errors import ImageTooLarge, ImageUnreadable
from vlm.suffixes import VIDEO_SUFFIXES

if TYPE_CHECKING:
    from av.container import InputContainer

_FLAT = 6.0
"""Standard deviation of the brightness, of 255, below which a frame shows nothing."""

_LATER = (0.05, 0.25, 0.5)
"""Where to look instead, as shares of the length."""

_OPENED = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo",
    "protocol_whitelist": "none",
}
"""FFmpeg goes by content, and knows lists of other files and addresses, which it would open."""

_ISO6709 = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")
_APPLE = "com.apple.quicktime."


def is_video(name: PurePath | str) -> bool:
    """Whether a file is called as videos are.

    >>> is_video("CLIP.MOV"), is_video("a.gif")
    (True, False)
    """
    return PurePath(name).suffix.lower() in VIDEO_SUFFIXES


def can_read_videos() -> bool:
    """Whether PyAV is installed."""
    return find_spec("av") is not None


def first_frame(
    file: IO[bytes], name: Path | str, limit: int
) -> tuple[Image.Image, dict[int, Any]]:
    """An upright RGB frame of at most ``limit`` pixels, and what the file says, as EXIF tags.

    Raises `ImageUnreadable` or `ImageTooLarge`.
    """
    try:
        import av
    except ImportError:
        raise ImageUnreadable(name, f"a video; {HOW_TO_READ}") from None
    try:
        with av.open(file, "r", options=_OPENED, metadata_errors="replace") as container:
            image = _frame(container, name, limit)
            return image, _tags(container.metadata)
    except (av.FFmpegError, OSError, StopIteration, ValueError, OverflowError) as error:
        said = getattr(error, "strerror", None) or str(error) or "it has no frame"
        raise ImageUnreadable(
            name, f"a video that is damaged or of a kind that cannot be read ({said[:100].lower()})"
        ) from None


HOW_TO_READ = "install what reads it with: pip install 'vlm-assistant[video]'"


def _frame(container: InputContainer, name: Path | str, limit: int) -> Image.Image:
    if not container.streams.video:
        raise ImageUnreadable(name, "a video file without a picture")
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1  # each thread would keep frames of its own
    pixels = stream.codec_context.width * stream.codec_context.height
    if pixels > limit:
        raise ImageTooLarge(name, pixels, limit)
    frame = next(container.decode(stream))
    image = _upright(frame)
    for share in _LATER:
        if (
            float(np.asarray(image.convert("L"), np.float32).std()) >= _FLAT
            or not container.duration
        ):
            break
        container.seek(int(container.duration * share))
        later = next(container.decode(stream), None)
        image = image if later is None else _upright(later)
    return image


def _upright(frame: Any) -> Image.Image:
    image: Image.Image = frame.to_image()
    turn = round(frame.rotation / 90) % 4  # the display matrix, counterclockwise
    if turn:
        kinds = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
        image = image.transpose(kinds[turn - 1])
    return image


def _tags(metadata: Mapping[str, str]) -> dict[int, Any]:
    """Time, place and camera under the numbers that EXIF has for them.

    >>> _tags({"creation_time": "2023-05-04T10:11:12.000000Z", "location": "+41.5-012.25/"})[36867]
    '2023:05:04 10:11:12'
    """
    tags: dict[int, Any] = {}
    for tag, key in ((Base.Make, "make"), (Base.Model, "model")):
        if value := metadata.get(_APPLE + key):
            tags[tag] = value
    taken = metadata.get(f"{_APPLE}creationdate") or metadata.get("creation_time", "")
    try:
        when = datetime.fromisoformat(taken)
    except ValueError:
        when = None
    if when is not None and when.year > 1970:  # cameras without a clock say 1904 or 1970
        tags[Base.DateTimeOriginal] = when.strftime("%Y:%m:%d %H:%M:%S")
        if when.tzinfo is not None:
            tags[Base.OffsetTimeOriginal] = when.isoformat()[-6:]
    where = _ISO6709.match(
        metadata.get(f"{_APPLE}location.ISO6709") or metadata.get("location", "")
    )
    if where:
        latitude, longitude = float(where[1]), float(where[2])
        tags[GPS.GPSLatitudeRef], tags[GPS.GPSLatitude] = "NS"[latitude < 0], _degrees(latitude)
        tags[GPS.GPSLongitudeRef], tags[GPS.GPSLongitude] = "EW"[longitude < 0], _degrees(longitude)
    return tags


def _degrees(value: float) -> tuple[float, float, float]:
    return abs(value), 0.0, 0.0
