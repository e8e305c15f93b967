"""Which colour a thing has, read off a photo by a small graph that knows where to look."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL.Image import Image, Resampling

from vlm.starter.memory import LEARNED, Sight
from vlm.starter.strategies import Floats
from vlm.starter.weights import FOLDER, open_weights

COLOUR_GRAPH = "colours.onnx"
_NAMES = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
    "gray", "blond",
)  # fmt: skip
"""What the graph tells apart, in its order and spelt as by the decoder; the last is for hair."""
_ALSO = {"tan": "brown", "beige": "brown", "golden": "yellow", "blonde": "blond"}
"""Names that people may ask for, and the one that is nearest."""
_SIDE = 96


class ColourReader:
    """The graph, loaded when a colour is first asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def odds(self, image: Image, sight: Sight, text: Floats) -> dict[str, float]:
        """Log probability of each colour of a thing; ``text`` ``(768,)`` is its joint vector.

        Raises `ModelFileDamaged`.
        """
        small = image.convert("RGB").resize((_SIDE, _SIDE), Resampling.BOX)
        feed = {
            "pixels": np.asarray(small, np.uint8)[None],
            "heat": sight.heat(text)[None],
            "grid": sight.grid,
            "text": text[None, :LEARNED],
        }
        found = self._graph.run(["odds"], feed)[0][0].tolist()
        odds = dict(zip(_NAMES, found, strict=True))
        return odds | {asked: odds[name] for asked, name in _ALSO.items()}

    @cached_property
    def _graph(self) -> Any:
        return open_weights(COLOUR_GRAPH, self._folder, threads=1)
