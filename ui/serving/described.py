"""Replies to OpenAI's requests by the describer alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ui.serving.errors import NotOffered
from ui.serving.openai_format import Completion, Heard
from ui.serving.stops import until_stop
from vlm.errors import ReplyEmpty
from vlm.protocols import Describer, Message, Sampler
from vlm.tasks import question_prompt


def described(describer: Describer, heard: Sequence[Heard], asked: Completion) -> Iterator[str]:
    """One reply piece by piece, the likeliest. Raises as describers do."""
    spoke = False
    pieces = describer.describe(_messages(describer, heard), max_tokens=asked.room)
    for piece in until_stop(pieces, asked.stops):
        spoke = spoke or bool(piece.strip())
        yield piece
    if not spoke and not asked.stops:
        raise ReplyEmpty(describer.name, "answer")


def drawn(describer: Describer, heard: Sequence[Heard], asked: Completion) -> list[str]:
    """``n`` replies drawn at random. Raises `NotOffered` for a model that cannot do that."""
    count = asked.n or 1
    if not isinstance(describer, Sampler):
        raise NotOffered("n: this model gives one reply.", "n")
    texts = describer.samples(
        _messages(describer, heard), count=count, seed=asked.seed or 0, max_tokens=asked.room
    )
    return ["".join(until_stop([text], asked.stops)).strip() for text in texts]


def _messages(describer: Describer, heard: Sequence[Heard]) -> list[Message]:
    messages = [message.decoded() for message in heard]
    last = messages[-1]
    if describer.prompts.family != "chat":
        text = last.text.strip()
        caption = describer.prompts.caption
        prompt = caption if not text and caption is not None else question_prompt(text, describer)
        messages[-1] = Message(last.role, prompt, last.images)
    return messages
