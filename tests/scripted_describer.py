"""A describer that replies from a table, and a folder of cases about drawn photos to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from vlm.protocols import Message, Prompts


class ScriptedDescriber:
    """Fake: replies what the table has for a colour and a question, or for the question alone."""

    name = "scripted"
    prompts = Prompts(caption=None, detailed=None, answer="{question}", alt_text=None)

    def __init__(self, replies: Mapping[Any, str], default: str = "Yes.") -> None:
        self.replies = replies
        self.default = default
        self.asked: list[str] = []

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        text, [image] = messages[-1].text, messages[-1].images
        self.asked.append(text)
        pixel = image.getpixel((0, 0))
        yield self.replies.get((pixel, text), self.replies.get(text, self.default))


def data_folder(folder: Path, cases: Sequence[Any], photos: Mapping[str, str]) -> Path:
    """Write ``cases.jsonl`` and plain photos of the colours named."""
    for name, colour in photos.items():
        path = folder / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (30, 20), colour).save(path)
    text = "\n".join(case if isinstance(case, str) else json.dumps(case) for case in cases)
    (folder / "cases.jsonl").write_text(text, encoding="utf-8")
    return folder
