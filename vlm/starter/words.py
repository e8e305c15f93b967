"""The words that the decoder reads and writes: word pieces to its indices and back to text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from vlm.errors import ModelFileDamaged
from vlm.starter.nouns import Nouns
from vlm.starter.weights import FOLDER, REMEDY, check_file

WORDS = "words.json"
LONGEST_QUESTION = 24
"""Pieces of a question that the decoder was trained to read; what is beyond is cut."""


class Words:
    """The list of words.json with the tokenizer that splits texts into its pieces.

    ``outputs`` words can be written; ``end`` is the index of the token that ends a text.
    ``nouns`` are those that the presence head knows, ``labels`` those of ImageNet in their order.
    """

    def __init__(self, tokenizer: Any, folder: Path = FOLDER) -> None:
        self._tokenizer = tokenizer
        try:
            table = json.loads(check_file(WORDS, folder).read_text(encoding="utf-8"))
            self._pieces = [str(piece) for piece in table["tokens"]]
            self.outputs, self.end = int(table["outputs"]), int(table["end"])
            self._caption, self._question = int(table["caption"]), int(table["question"])
            self._answer, self._unknown = int(table["answer"]), int(table["unknown"])
            self.nouns = Nouns(
                tuple(map(str, table["nouns"])),
                dict(table.get("names", {})),
                dict(table.get("wider", {})),
                frozenset(table.get("mass", ())),
            )
            self.labels = tuple(str(label) for label in table.get("labels", ()))
        except (ValueError, KeyError, TypeError) as error:
            raise ModelFileDamaged(folder / WORDS, f"cannot be read ({error})", REMEDY) from None

    def caption_prefix(self) -> list[int]:
        """What stands before a caption."""
        return [self._caption]

    def question_prefix(self, question: str) -> list[int]:
        """What stands before an answer: the question in lower case, and marks around it."""
        return [self._question, *self.indices(question)[:LONGEST_QUESTION], self._answer]

    def indices(self, text: str) -> list[int]:
        """Decoder indices of a text; pieces that it does not know are ``unknown``."""
        pieces = self._tokenizer.encode(text.lower(), add_special_tokens=False).tokens
        return [self._index.get(piece, self._unknown) for piece in pieces]

    def can_write(self, text: str) -> bool:
        """Whether the decoder could write this text."""
        return all(index < self.outputs for index in self.indices(text))

    def text(self, tokens: Sequence[int]) -> str:
        """The text of some tokens, in lower case."""
        return join_pieces([self._pieces[token] for token in tokens])

    @cached_property
    def _index(self) -> dict[str, int]:
        return {piece: index for index, piece in enumerate(self._pieces)}


def join_pieces(pieces: Sequence[str]) -> str:
    """Word pieces to a text.

    >>> join_pieces("a man ' s t - shirt is bright ##ly lit , outside .".split())
    "a man's t-shirt is brightly lit, outside."
    """
    text = " ".join(pieces).replace(" ##", "")
    text = re.sub(r"(?<=\w) ?(['-]) (?=\w)", r"\1", text)
    return re.sub(r" ([,.!?;:])", r"\1", text)
