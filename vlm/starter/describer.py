"""The embedded describer: a small decoder that reads what the starter's image graph saw.

`narrator` says what there is to say about one photo; this module gives it the describers' face:
messages in, words out. CARD.md says how the models were made and what they do badly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import cast

from PIL.Image import Image

from vlm.errors import TaskUnsupported
from vlm.one_photo import one_photo
from vlm.prompts import PROMPTS
from vlm.protocols import Message, Region
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.narrator import Narrator
from vlm.starter.questions import read_question, tidy_question
from vlm.starter.weights import fingerprint, read_manifest

NO_PHOTO = "I need a photo: the starter model only talks about photos."
_ONE_ANSWER = "Ask once, or choose a model that chats, such as smolvlm-256m."


class StarterDescriber:
    """Describer that needs no download: captions and short answers from a trained decoder.

    An empty text asks for a caption; any other text is taken as a question in English. Replies
    are about the photos of the last message that has any. It shares the graphs of an embedder,
    by default of the one that `vlm.registry` holds.
    """

    name = "starter"
    prompts = PROMPTS["starter"]

    def __init__(self, embedder: StarterEmbedder | None = None) -> None:
        self._given = embedder

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever its replies may. Raises `ModelFileDamaged`."""
        return f"{self.name}-{fingerprint(read_manifest())}"

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield a reply word by word, at most ``max_tokens`` words. Raises `ModelFileDamaged`."""
        images = next((m.images for m in reversed(messages) if m.images), ())
        text = messages[-1].text if messages else ""
        words = re.findall(r"\S+\s*", self._reply(text, images))
        yield from words[:max_tokens]

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Captions of the latest photo, drawn at random in one batch; answers are not drawn.

        Raises `TaskUnsupported` for a question, without a photo or with several.
        """
        image = one_photo(messages, self.name)
        text = messages[-1].text
        if text.strip() and read_question(text).kind != "caption":
            raise TaskUnsupported(self.name, "several answers to a question", _ONE_ANSWER)
        drawn = self._narrator.samples(image, count, seed)
        return [" ".join(text.split()[:max_tokens]) for text in drawn]

    def chances(self, image: Image, things: Sequence[str]) -> list[float | None]:
        """Probability that people name each thing; None for nouns that it never learned."""
        return self._narrator.chances(image, things)

    def likely(self, image: Image, least: float) -> list[tuple[str, float]]:
        """Nouns with at least such a probability to be named, without the most general."""
        return self._narrator.likely(image, least)

    def answer(self, image: Image, question: str) -> tuple[str, float | None]:
        """An answer and its probability; None where a question is declined."""
        return self._narrator.answered(
            image, read_question(question), f"{tidy_question(question)}?"
        )

    def where(self, image: Image, thing: str) -> Region | None:
        """Roughly the part of the photo that shows a thing; None where none is clear."""
        return self._narrator.where(image, thing)

    def _reply(self, text: str, images: tuple[Image, ...]) -> str:
        if not images:
            return NO_PHOTO
        replies = [self._about(text, image) for image in images]
        if len(replies) == 1:
            return replies[0]
        return " ".join(f"[{number}] {reply}" for number, reply in enumerate(replies, start=1))

    def _about(self, text: str, image: Image) -> str:
        asked = tidy_question(text)
        question = read_question(text)
        if not text.strip():
            return self._narrator.caption(image)
        if question.kind == "caption":
            detailed = "detail" in asked
            return self._narrator.describe(image) if detailed else self._narrator.caption(image)
        return self._narrator.answer(image, question, f"{asked}?")

    @cached_property
    def _narrator(self) -> Narrator:
        if self._given is None:
            from vlm.registry import load_embedder

            return Narrator(cast(StarterEmbedder, load_embedder("starter")))
        return Narrator(self._given)
