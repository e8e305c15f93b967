"""The starter describer's vocabulary, and how well each phrase fits a photo.

The phrases are ours (`phrases.json`); the numbers beside them (`phrases.npz`) are fitted by
`training/fit_phrases.py`: one linear score for each phrase over the starter embedder's vector of
a photo, and the mean and covariance of those vectors over reference photos, so that the
similarity of any other text can be compared with what it is for a photo in general.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias, get_args
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from vlm.errors import ModelFileDamaged
from vlm.protocols import Vectors

FOLDER = Path(__file__).parent
VOCABULARY, NUMBERS = "phrases.json", "phrases.npz"
_REMEDY = (
    "Reinstall the package with: pip install --force-reinstall --no-deps vlm-assistant "
    "(in a checkout: python training/fit_phrases.py)"
)

Group: TypeAlias = Literal["subject", "activity", "place", "look"]
_GROUPS: dict[str, Group] = {group: group for group in get_args(Group)}
Floats: TypeAlias = NDArray[np.float32]

WHOM = {"person": "p", "people": "P", "animal": "a", "vehicle": "v"}
"""The letter in the kind of an activity or a look, for the kinds of subject that can have one."""
IN_OR_OUT = frozenset(("indoors", "outdoors"))
"""Places that say too little for a sentence; they are answers only."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry: ``say`` goes into sentences ("a dog", "running", "on a beach", "in red").

    ``kind`` is what a subject is (person, people, animal, vehicle, food, plant, scene, thing,
    drawing), whom an activity or a look suits (``p`` person, ``P`` people, ``a`` animal, ``v``
    vehicle) and whether a place is indoors (``i``), outdoors (``o``), either (``-``) or a time
    (``t``).
    """

    group: Group
    kind: str
    say: str
    many: str = ""
    answer: str = ""
    also: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The nouns that ask for this phrase in a question.

        >>> sorted(Phrase("subject", "animal", "a dog", "dogs", also=("hound",)).names)
        ['dog', 'dogs', 'hound']
        """
        own = (bare(self.say), bare(self.many)) if self.group == "subject" else ()
        return frozenset(name for name in (*own, *self.also) if name)


def bare(text: str) -> str:
    """A noun phrase without its article.

    >>> bare("a hot dog"), bare("the sea"), bare("gravel")
    ('hot dog', 'sea', 'gravel')
    """
    return re.sub(r"^(?:an?|the) ", "", text)


def read_vocabulary(folder: Path = FOLDER) -> tuple[Phrase, ...]:
    """All phrases in their order. Raises `ModelFileDamaged`."""
    path = folder / VOCABULARY
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        vocabulary = tuple(_phrase(row) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFileDamaged(path, f"cannot be read ({error})", _REMEDY) from None
    if not vocabulary:
        raise ModelFileDamaged(path, "holds no phrase", _REMEDY)
    return vocabulary


def _phrase(row: dict[str, str]) -> Phrase:
    group: Group = _GROUPS[row["group"]]
    also = tuple(name for name in row.get("also", "").split(";") if name)
    return Phrase(
        group, row["kind"], row["say"], row.get("many", ""), row.get("answer", row["say"]), also
    )


class PhraseScores:
    """How well phrases, and any other text, fit the vector of a photo.

    ``fingerprint`` is the embedder's: the numbers of another embedder mean nothing.
    """

    def __init__(self, fingerprint: str, folder: Path = FOLDER) -> None:
        self.vocabulary = read_vocabulary(folder)
        self._path = folder / NUMBERS
        numbers = self._read()
        if str(numbers["fingerprint"]) != fingerprint:
            reason = f"was fitted to the embedder {numbers['fingerprint']}, not {fingerprint}"
            raise ModelFileDamaged(self._path, reason, _REMEDY)
        self._weights: Floats = numbers["weights"].astype(np.float32)
        self._bias: Floats = numbers["bias"].astype(np.float32)
        self._mean: Floats = numbers["mean"].astype(np.float32)
        self._factors: Floats = numbers["factors"].astype(np.float32)
        self._noise = float(numbers["noise"])
        if len(self._weights) != len(self.vocabulary):
            reason = f"holds {len(self._weights)} phrases, {VOCABULARY} {len(self.vocabulary)}"
            raise ModelFileDamaged(self._path, reason, _REMEDY)

    def logits(self, photo: Floats) -> Floats:
        """Log odds that each phrase is right for a photo ``(dim,)``: shape ``(phrases,)``."""
        scores: Floats = self._weights @ photo + self._bias
        return scores

    def surprise(self, photo: Floats, texts: Vectors) -> Floats:
        """Similarity of each text, in standard deviations above its mean over reference photos."""
        spread = np.sqrt(((texts @ self._factors.T) ** 2).sum(1) + self._noise)
        scores: Floats = texts @ (photo - self._mean) / spread
        return scores

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Rows of the phrases that a noun asks for."""
        found: dict[str, list[int]] = {}
        for row, phrase in enumerate(self.vocabulary):
            for name in phrase.names:
                found.setdefault(name, []).append(row)
        return found

    def _read(self) -> dict[str, NDArray[np.generic]]:
        try:
            with np.load(io.BytesIO(self._path.read_bytes()), allow_pickle=False) as file:
                names = ("fingerprint", "weights", "bias", "mean", "factors", "noise")
                return {name: file[name] for name in names}
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise ModelFileDamaged(self._path, f"cannot be read ({error})", _REMEDY) from None
