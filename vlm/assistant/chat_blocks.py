"""Images as content blocks of LangChain's messages."""

from __future__ import annotations

from typing import Any

from PIL.Image import Image

from vlm.openai_compatible import data_url


def image_block(image: Image) -> dict[str, Any]:
    """A standard image block: JPEG as base64, shrunk and without metadata."""
    kind, _, data = data_url(image).partition(";base64,")
    return {"type": "image", "base64": data, "mime_type": kind.removeprefix("data:")}
