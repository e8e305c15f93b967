"""A picture that the camera's component sent, as an image."""

from __future__ import annotations

import base64
import binascii

from PIL.Image import Image

from vlm.errors import ImageUnreadable
from vlm.images import decode_image

_START = "data:image/jpeg;base64,"
_LONGEST = 2_000_000
"""Characters; a frame of 640 pixels has about 100,000."""
_NAME = "camera picture"
_SIDE = 640


def read_frame(url: object) -> Image:
    """The image in a data URL of a JPEG. Raises `ImageUnreadable` or `ImageTooLarge`."""
    if not isinstance(url, str) or not url.startswith(_START) or len(url) > _LONGEST:
        raise ImageUnreadable(_NAME, "the browser sent no JPEG picture")
    try:
        data = base64.b64decode(url.removeprefix(_START), validate=True)
    except binascii.Error:
        raise ImageUnreadable(_NAME, "the browser sent a damaged picture") from None
    image = decode_image(data, _NAME, size=_SIDE)
    image.thumbnail((_SIDE, _SIDE))
    return image
