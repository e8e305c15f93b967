"""How well a colour fits a photo beside other colours of the same thing, by an embedder.

Cosines of single claims say little; the same words with another colour are what to compare with.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vlm.checked.atoms import Atom
from vlm.protocols import Embedder, Vectors
from vlm.starter.nouns import Nouns, article

_COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
            "grey", "tan")  # fmt: skip
_OTHERS = ("person", "dog", "cat", "bird", "horse", "car", "bicycle", "boat", "airplane", "tree",
           "flower", "grass", "beach", "mountain", "snow", "street", "building", "room", "table",
           "chair", "food", "cup", "book", "phone", "ball", "sign", "hat", "shirt", "guitar",
           "river", "bridge", "train", "fish", "toy", "fire", "sky")  # fmt: skip
_SHARPNESS = 50.0
"""Of the softmax over cosines, chosen on Flickr8k dev for the starter."""


def fits(embedder: Embedder, vector: Vectors, nouns: Nouns) -> Callable[[Atom], float | None]:
    """A function from a claim to its probability among its rivals, 0 to 1; None without rivals.

    ``vector`` ``(dim,)`` is the photo's. Colours have other colours for rivals, things other
    things; for numbers and actions this was measured to be no better than chance, or not at all.
    """

    def fit(atom: Atom) -> float | None:
        if atom.thing is None or atom.thing.denied:
            return None
        noun = atom.thing.noun
        if atom.kind == "quality" and atom.word in _COLOURS:
            texts = [f"a photo of {article(colour)} {colour} {noun}" for colour in _COLOURS]
            return _share(embedder, vector, texts, _COLOURS.index(atom.word))
        if atom.kind == "thing":
            texts = [f"a photo of {nouns.phrase(other)}" for other in (noun, *_OTHERS)]
            return _rank(embedder, vector, texts)
        return None

    return fit


def _share(embedder: Embedder, vector: Vectors, texts: list[str], at: int) -> float:
    cosines = embedder.embed_texts(texts) @ vector
    weights = np.exp(_SHARPNESS * (cosines - cosines.max()))
    return float(weights[at] / weights.sum())


def _rank(embedder: Embedder, vector: Vectors, texts: list[str]) -> float:
    cosines = embedder.embed_texts(texts) @ vector
    return float((cosines[1:] < cosines[0]).mean())
