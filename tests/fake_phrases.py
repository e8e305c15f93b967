"""A fake embedder that reads a photo's words from a note, and numbers fitted to it by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from vlm.protocols import Calibration, ImageInput, Vectors
from vlm.starter.phrases import NUMBERS, VOCABULARY, PhraseScores

DIM = 512
ROWS = [
    ("subject", "person", "a person", "people"),
    ("subject", "person", "a man", "men"),
    ("subject", "person", "a woman", "women"),
    ("subject", "person", "a surfer", "surfers"),
    ("subject", "animal", "a dog", "dogs"),
    ("subject", "animal", "a cat", "cats"),
    ("subject", "scene", "a forest", "forests"),
    ("subject", "thing", "a clock", "clocks"),
    ("activity", "pPa", "running", ""),
    ("activity", "pP", "surfing", ""),
    ("place", "o", "on a beach", ""),
    ("place", "i", "in a kitchen", ""),
    ("place", "o", "outdoors", ""),
    ("place", "i", "indoors", ""),
    ("look", "a", "brown", ""),
    ("look", "p", "in red", ""),
]


class FakeWordEmbedder:
    """A text is the bag of its words; so is a photo, by the words in its ``info["words"]``."""

    name = "fake-words"
    fingerprint = "fake-words-1"
    dim = DIM
    image_input = ImageInput(size=8, fit="squash")
    calibration: Calibration | None = None

    def __init__(self) -> None:
        self.photos = 0
        self.texts = 0

    def embed_images(self, images: Sequence[Image.Image]) -> Vectors:
        self.photos += len(images)
        return self._bags([image.info.get("words", "") for image in images])

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return self._bags(texts)

    def _bags(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), DIM), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                if word not in ("a", "an", "the", "of", "in", "on", "photo"):
                    row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % (DIM - 1)] += 1
            row[DIM - 1] = 0.01
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def photo(words: str, colour: str = "green") -> Image.Image:
    """A plain picture that the fake embedder takes for what the words say."""
    image = Image.new("RGB", (16, 12), colour)
    image.info["words"] = words
    return image


def write_numbers(folder: Path, fingerprint: str = "fake-words-1") -> PhraseScores:
    """Phrases that score about +2 where a photo's words hold theirs, -3 elsewhere."""
    rows = [
        {"group": g, "kind": k, "say": say, "many": many, "words": ""} for g, k, say, many in ROWS
    ]
    (folder / VOCABULARY).write_text(json.dumps(rows))
    texts = FakeWordEmbedder().embed_texts([say for _, _, say, _ in ROWS])
    np.savez(
        folder / NUMBERS,
        fingerprint=np.array(fingerprint),
        weights=(texts * 12).astype(np.float16),
        bias=np.full(len(ROWS), -3, np.float32),
        mean=np.zeros(DIM, np.float32),
        factors=np.zeros((2, DIM), np.float16),
        noise=np.array(0.02, np.float32),
    )
    return PhraseScores("fake-words-1", folder)
