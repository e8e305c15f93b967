"""The embedded dual encoder: EfficientNet-Lite2 and MiniLM with trained heads, as ONNX graphs.

Both graphs do everything after decoding and tokenising, normalisation included, and end in unit
vectors of 768: a learned half and a half of ImageNet concepts (ConSE). CARD.md says how they
were made and what they cannot do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vlm.errors import ModelFileDamaged
from vlm.onnx_session import available_cores
from vlm.protocols import Calibration, ImageInput, SignWeights, Vectors
from vlm.starter.memory import LEARNED, LastSights, Memory, Sight, read_memory
from vlm.starter.strategies import Floats
from vlm.starter.weights import FOLDER, REMEDY, check_file, fingerprint, open_weights

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGE_GRAPH, TEXT_GRAPH, TOKENIZER = "image.onnx", "text.onnx", "tokenizer.json"
MEMORY_GRAPH = "memory.onnx"
CALIBRATION = "calibration.json"
BATCH = 8
"""Larger batches are slower: their feature maps leave the processor's cache."""
TEXTS = 4
"""Texts of a batch are padded to the longest."""
SPIN_US = 100
"""Longer than the gaps between the layers of one answer, short beside the answer itself."""
SHORT = 3
"""Captions, which the text side learned from, are sentences: one or two words alone are far from
all of them, as well as from the photos that they name."""
MAX_TOKENS = 64
"""Longer texts are cut; the longest caption that the heads were trained or tested on has 59."""


class StarterEmbedder:
    """Embedder that needs no download.

    ``threads`` bounds the cores of each graph (None: all that this process may use). Each graph
    is loaded when first needed, so that a search never loads the image tower. The image tower is
    loaded twice where both single photos and many at once are embedded.
    """

    name = "starter"
    dim = 768
    image_input = ImageInput(size=256, fit="squash")

    def __init__(self, *, threads: int | None = None, folder: Path = FOLDER) -> None:
        self._threads = threads or available_cores()
        self.folder = folder
        self._sights = LastSights(self._look)

    @cached_property
    def fingerprint(self) -> str:
        """Name and digest of the graphs and the tokenizer. Raises `ModelFileDamaged`."""
        files = (IMAGE_GRAPH, TEXT_GRAPH, TOKENIZER)
        return f"{self.name}-{fingerprint(files, self.folder)}"

    @cached_property
    def calibration(self) -> Calibration | None:
        """Relevance bands measured on Flickr8k dev. Raises `ModelFileDamaged`."""
        path = check_file(CALIBRATION, self.folder)
        try:
            bands = json.loads(path.read_text(encoding="utf-8"))["bands"]
            maybe = tuple((int(size), float(bound)) for size, bound in bands["maybe"])
            said = bands.get("weights")
            weights = SignWeights(**{k: float(v) for k, v in said.items()}) if said else None
            return Calibration(float(bands["strong"]), maybe, weights)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelFileDamaged(path, f"cannot be read ({error})", REMEDY) from None

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """Unit vectors, shape ``(len(images), 768)``. Raises `ModelFileDamaged`."""
        if len(images) == 1 and (sight := self._sights.known(images[0])):
            return sight.vector[None]
        # The last photo of many is not worth opening the graph a second time.
        opened = vars(self)
        alone = len(images) == 1 and ("_photo_graph" in opened or "_batch_graph" not in opened)
        graph = self._photo_graph if alone else self._batch_graph

        def embed(batch: Sequence[Image]) -> Vectors:
            vectors: Vectors = graph.run(["vectors"], {"pixels": self._pixels(batch)})[0]
            return vectors

        size = min(BATCH, max(1, math.ceil(len(images) / self._threads)))
        batches = [images[start : start + size] for start in range(0, len(images), size)]
        if len(batches) == 1:
            return embed(images)
        with ThreadPoolExecutor(self._threads) as pool:
            return _stack(list(pool.map(embed, batches)), self.dim)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape ``(len(texts), 768)``. Raises `ModelFileDamaged`.

        A text of at most `SHORT` words lies halfway between itself and "a photo of" it.
        """
        short = [row for row, text in enumerate(texts) if len(text.split()) <= SHORT]
        vectors = self._embed([*texts, *(f"a photo of {texts[row]}" for row in short)])
        if short:
            vectors[short] += vectors[len(texts) :]
            vectors[short] /= np.linalg.norm(vectors[short], axis=1, keepdims=True)
        return vectors[: len(texts)]

    def _embed(self, texts: Sequence[str]) -> Vectors:
        rows = []
        for start in range(0, len(texts), TEXTS):
            encoded = self.tokenizer.encode_batch(list(texts[start : start + TEXTS]))
            ids = np.array([e.ids for e in encoded], np.int64)
            mask = np.array([e.attention_mask for e in encoded], np.int64)
            feed = {"input_ids": ids, "attention_mask": mask}
            rows.append(self._text_graph.run(None, feed)[0])
        return _stack(rows, self.dim)

    def see(self, image: Image) -> Sight:
        """All that the image graph says of one photo; the last few photos are remembered.

        Raises `ModelFileDamaged`.
        """
        return self._sights.of(image)

    def heat_map(self, image: Image, text: str) -> Floats:
        """Where a photo fits a text: the cosine of each cell of an 8 by 8 grid, row by row.

        Raises `ModelFileDamaged`.
        """
        return self.see(image).heat(self.embed_texts([text])[0])

    def _look(self, image: Image) -> Sight:
        outputs, feed = ["vectors", "grid", "logits"], {"pixels": self._pixels([image])}
        vectors, grid, logits = self._photo_graph.run(outputs, feed)
        return Sight(vectors[0], grid, logits, self._remember)

    def _remember(self, grid: Floats, logits: Floats, vectors: Vectors) -> Memory:
        return read_memory(self._memory_graph, grid, logits, vectors)

    def _pixels(self, images: Sequence[Image]) -> NDArray[np.uint8]:
        from vlm.images import fit_image  # a query of words needs no Pillow

        fitted = (fit_image(image.convert("RGB"), self.image_input) for image in images)
        return np.stack([np.asarray(image, np.uint8) for image in fitted])

    @cached_property
    def _memory_graph(self) -> Any:
        return self._session(MEMORY_GRAPH, threads=1)

    @cached_property
    def _batch_graph(self) -> Any:
        # Whole batches side by side: splitting each layer over two cores costs a fifth more CPU.
        return self._session(IMAGE_GRAPH, threads=1)

    @cached_property
    def _photo_graph(self) -> Any:
        # One photo that somebody waits for: each layer over all cores.
        if self._threads == 1:
            return self._batch_graph
        return self._session(IMAGE_GRAPH, threads=self._threads, spin_us=SPIN_US)

    @cached_property
    def _text_graph(self) -> Any:
        return self._session(TEXT_GRAPH, threads=self._threads, spin_us=SPIN_US)

    @cached_property
    def tokenizer(self) -> Any:
        """Word pieces of a text, at most `MAX_TOKENS`. Raises `ModelFileDamaged`."""
        from tokenizers import Tokenizer

        path = check_file(TOKENIZER, self.folder)
        try:
            tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:  # noqa: BLE001 - tokenizers raises nothing narrower
            raise ModelFileDamaged(path, f"cannot be read ({error})", REMEDY) from None
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()
        return tokenizer

    def _session(self, name: str, *, threads: int, spin_us: int = 0) -> Any:
        return open_weights(name, self.folder, threads=threads, spin_us=spin_us)


def with_share(vectors: Vectors, share: float) -> Vectors:
    """Text vectors whose ConSE half counts for ``share``, 0 to 1, of their length instead of .3.

    Photos stay as they are, so that a search can lean to ImageNet's concepts (1) or to what
    captions tell (0) without indexing again. Relevance bands hold for .3 only.

    >>> text = np.ones((1, 768), np.float32) / np.sqrt(np.float32(768))
    >>> [round(float((half**2).sum()), 2) for half in np.split(with_share(text, 0.8), 2, axis=1)]
    [0.2, 0.8]
    """
    halves = vectors[:, :LEARNED], vectors[:, LEARNED:]
    lengths = math.sqrt(1 - share), math.sqrt(share)
    parts = [
        length * half / np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-9)
        for length, half in zip(lengths, halves, strict=True)
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _stack(rows: list[Vectors], dim: int) -> Vectors:
    return np.concatenate(rows) if rows else np.zeros((0, dim), np.float32)
