"""Put questions about a photo to a describer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vlm.errors import ReplyEmpty
from vlm.images import read_image
from vlm.protocols import Describer
from vlm.tasks import answer

READ_SIZE = 1024
"""Pixels that no side needs to exceed, as where ``vlm ask`` reads photos."""


def replies(path: Path, texts: Iterable[str], describer: Describer) -> list[str]:
    """The replies to questions about one photo; an empty text where the describer has no words.

    Raises what `read_image` and `vlm.tasks.answer` raise, except `ReplyEmpty`.
    """
    image = read_image(path, size=READ_SIZE)
    said = []
    for text in texts:
        try:
            said.append(answer(image, text, describer))
        except ReplyEmpty:
            said.append("")
    return said
