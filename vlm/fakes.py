"""Fake models for tests and for trying the plumbing without weights: they know colours only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL.Image import Image

from vlm.protocols import Calibration, ImageInput, Message, Prompts, Vectors

_COLOURS = {"red": 0, "green": 1, "blue": 2}


class ColourEmbedder:
    """An image is its mean colour; a text is the colours that it names, or else grey."""

    name = "fake"
    fingerprint = "fake-1"
    dim = 3
    image_input = ImageInput(size=8, fit="squash")
    calibration: Calibration | None = Calibration(strong=0.9, maybe=((1, 0.7),))

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """Mean colours, shape ``(n, 3)``."""
        rows = [np.asarray(i.convert("RGB"), np.float32).reshape(-1, 3).mean(0) for i in images]
        return _unit(np.array(rows, np.float32).reshape(-1, 3))

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Named colours, shape ``(n, 3)``."""
        rows = np.zeros((len(texts), 3), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                if word in _COLOURS:
                    row[_COLOURS[word]] = 1
        return _unit(rows)


def _unit(rows: Vectors) -> Vectors:
    rows = rows + np.float32(1e-3)
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


class EchoDescriber:
    """Says the size and the strongest colour of the last image, and repeats the question."""

    name = "fake"
    prompts = Prompts(caption="", detailed="", answer="{question}", alt_text="", family="fake")

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield the words of a reply one by one, at most ``max_tokens`` of them."""
        images = [image for message in messages for image in message.images]
        words = [message.text for message in messages[-1:] if message.text]
        if images:
            vector = ColourEmbedder().embed_images(images[-1:])[0]
            colour = list(_COLOURS)[int(vector.argmax())]
            words.append(f"a {colour} picture of {images[-1].width} by {images[-1].height} pixels")
        for word in " ".join(words).split()[:max_tokens]:
            yield word + " "
