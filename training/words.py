"""The describer's words: which pieces it can write, which it can only read, and how texts are cut.

Pieces are those of MiniLM's WordPiece vocabulary, so that a word that no caption has still comes
with a vector that says what it means.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from text_tower import TextTower, load_tokenizer
from torch import Tensor

END, CAPTION, QUESTION, ANSWER, UNKNOWN = "[SEP]", "[caption]", "[question]", "[answer]", "[UNK]"
MIN_COUNT = 3
READABLE = 9_000
"""Further whole words that questions may use: the most frequent, which BERT lists first."""


@dataclass(frozen=True)
class Words:
    """Decoder index of each piece: `pieces` in order; the first `outputs` can be written."""

    pieces: tuple[str, ...]
    outputs: int

    @property
    def index(self) -> dict[str, int]:
        return {piece: i for i, piece in enumerate(self.pieces)}

    def write(self, describer: Path, nouns: Sequence[str]) -> None:
        """Put them beside a describer's weights, as the runtime reads them."""
        index = self.index
        special = {
            "end": index[END],
            "caption": index[CAPTION],
            "question": index[QUESTION],
            "answer": index[ANSWER],
            "unknown": index[UNKNOWN],
        }
        rows = {"tokens": list(self.pieces), "outputs": self.outputs, "nouns": list(nouns)}
        path = describer.with_suffix(".words.json")
        path.write_text(json.dumps(rows | special, ensure_ascii=False), encoding="utf-8")


def read_words(describer: Path) -> Words:
    """The words beside a describer's weights."""
    rows = json.loads(describer.with_suffix(".words.json").read_text(encoding="utf-8"))
    return Words(tuple(rows["tokens"]), rows["outputs"])


class Cutter:
    """Texts to decoder indices; pieces that the decoder does not know become `UNKNOWN`."""

    def __init__(self, words: Words) -> None:
        self._tokenizer = load_tokenizer()
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._index = words.index

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        unknown = self._index[UNKNOWN]
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [[self._index.get(piece, unknown) for piece in e.tokens] for e in encoded]


def choose_words(texts: Iterable[str], always: Iterable[str]) -> Words:
    """Pieces that `texts` use `MIN_COUNT` times or `always` uses at all, then what is readable."""
    tokenizer = load_tokenizer()
    tokenizer.no_padding()
    count: Counter[str] = Counter()
    for encoded in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        count.update(encoded.tokens)
    for encoded in tokenizer.encode_batch(list(always), add_special_tokens=False):
        count.update(dict.fromkeys(encoded.tokens, MIN_COUNT))
    count.pop(UNKNOWN, None)
    written = [END, *sorted(piece for piece, n in count.items() if n >= MIN_COUNT)]
    ids = tokenizer.get_vocab()
    known = set(written)
    further = sorted(
        (i, piece)
        for piece, i in ids.items()
        if piece.isascii() and piece.isalpha() and piece not in known
    )
    read = [piece for _, piece in further[:READABLE]]
    return Words((*written, CAPTION, QUESTION, ANSWER, UNKNOWN, *read), len(written))


def word_vectors(words: Words) -> Tensor:
    """MiniLM's input vectors `(pieces, 384)`; zeros for the specials that only the decoder has."""
    table = TextTower().bert.embeddings.word_embeddings.weight.detach()
    ids = load_tokenizer().get_vocab()
    rows = torch.zeros(len(words.pieces), table.shape[1])
    for i, piece in enumerate(words.pieces):
        if piece in ids and piece not in (END, UNKNOWN):
            rows[i] = table[ids[piece]]
    return rows


def padded(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    """Rows of indices as one int64 matrix."""
    out = np.full((len(rows), max(map(len, rows))), fill, np.int64)
    for at, row in enumerate(rows):
        out[at, : len(row)] = row
    return torch.from_numpy(out)
