"""The embedded describer, first form: best-matching phrases turned into a sentence by rules.

Nothing is generated. The phrases of `phrases.json` are scored with the starter embedder, and
rules make a caption of the best ones (`captions`) or a short answer (`answers`). What it does
badly is said in DESCRIBER.md, and in its replies: it hedges, lists tags, or declines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from PIL.Image import Image

from vlm.protocols import Embedder, Message, Prompts
from vlm.starter.answers import answer_question
from vlm.starter.captions import compose
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.phrases import PhraseScores
from vlm.starter.questions import read_question
from vlm.starter.sight import Sight, TextMemory

NO_PHOTO = "I need a photo: the starter model only talks about photos."
_DETAIL = "Describe the photo in detail."

_SURE, _UNSURE = 3.0, 1.6
"""Sureness (`captions.Caption`) of a plain caption, and of one that is said with "probably"."""
_KEPT = 4
"""So many photos are remembered with their vectors, for further questions."""


class StarterDescriber:
    """Describer that needs no download: phrases that match best, made a sentence by rules.

    An empty text asks for a caption; any other text is taken as a question in English. Replies
    are about the photos of the last message that has any.
    """

    name = "starter"
    prompts = Prompts(caption="", detailed=_DETAIL, answer="{question}", alt_text="")

    def __init__(
        self, embedder: Embedder | None = None, scores: PhraseScores | None = None
    ) -> None:
        self._given = embedder, scores
        self._seen: tuple[Sight, ...] = ()

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield a reply word by word, at most ``max_tokens`` words. Raises `ModelFileDamaged`."""
        images = next((m.images for m in reversed(messages) if m.images), ())
        text = messages[-1].text if messages else ""
        words = re.findall(r"\S+\s*", self._reply(text, images))
        yield from words[:max_tokens]

    def _reply(self, text: str, images: tuple[Image, ...]) -> str:
        if not images:
            return NO_PHOTO
        replies = [self._about(text, self._sight(image)) for image in images]
        if len(replies) == 1:
            return replies[0]
        return " ".join(f"[{number}] {reply}" for number, reply in enumerate(replies, start=1))

    def _about(self, text: str, sight: Sight) -> str:
        question = read_question(text)
        if not text.strip():
            return caption(sight)
        if question.kind == "caption":
            return details(sight) if "detail" in text else caption(sight)
        return answer_question(question, sight)

    def _sight(self, image: Image) -> Sight:
        known = next((sight for sight in self._seen if sight.image is image), None)
        sight = known or Sight(image, self._scores, self._embedder, self._texts)
        self._seen = (sight, *(s for s in self._seen if s is not sight))[:_KEPT]
        return sight

    @cached_property
    def _embedder(self) -> Embedder:
        return self._given[0] or StarterEmbedder()

    @cached_property
    def _texts(self) -> TextMemory:
        return TextMemory(self._embedder)

    @cached_property
    def _scores(self) -> PhraseScores:
        return self._given[1] or PhraseScores(self._embedder.fingerprint)


def caption(sight: Sight) -> str:
    """One sentence; "Probably …" or a list of possible subjects where the fit is poor."""
    said = compose(sight)
    if said.sureness >= _SURE:
        return f"{said.text[:1].upper()}{said.text[1:]}."
    if said.sureness >= _UNSURE:
        return f"Probably {said.text}."
    return f"Hard to say. Possibly: {', '.join([said.text, *(p.say for _, p in said.others[:2])])}."


def details(sight: Sight) -> str:
    """The caption, what else may be there, where it was taken and its main colours."""
    said = compose(sight)
    parts = [caption(sight)]
    subject = said.parts[0]
    besides = [p.say for odds, p in said.others if odds > 0 and p.kind != subject.kind]
    if said.sureness >= _UNSURE and besides:
        parts.append(f"It may also show {' and '.join(besides[:2])}.")
    if abs(sight.outdoors) > 1:
        parts.append(f"It seems to be taken {'outdoors' if sight.outdoors > 0 else 'indoors'}.")
    colours = [colour for colour, share in sight.colours.items() if share >= 0.15][:3]
    if sight.colourless:
        parts.append("The photo is in black and white.")
    elif colours:
        parts.append(f"Main colours: {', '.join(colours)}.")
    return " ".join(parts)
