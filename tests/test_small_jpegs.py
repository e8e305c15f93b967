"""Small copies of photos carry nothing of what their files said besides the picture."""

from __future__ import annotations

import io

from PIL import Image

from ui.small_jpegs import small_jpeg
from vlm.images import decode_image


def test_a_comment_in_a_photo_is_not_in_its_small_copy() -> None:
    data = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(data, "JPEG", comment=b"my address")
    small = small_jpeg(decode_image(data.getvalue(), "a.jpg"), (40, 40))
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (40, 30)
        assert "comment" not in image.info
    assert b"my address" not in small
