"""What to ask of any describer: a prompt in its own words and a clean-up for each task."""

from __future__ import annotations

from PIL.Image import Image

from vlm.alt.wording import MAX_LENGTH, clean, tidy
from vlm.errors import QuestionInvalid, ReplyEmpty, TaskUnsupported
from vlm.protocols import Describer, Message

MAX_QUESTION = 2_000
"""Characters; a longer text is no question, and small models would silently read a part of it."""

_REMEDY = "Choose a model that can, such as --model starter or --model smolvlm-256m."


def caption(image: Image, describer: Describer, *, detailed: bool = False) -> str:
    """One line about a photo, or a few sentences with ``detailed``.

    Raises `TaskUnsupported` for a model without the task, `ReplyEmpty` if it says nothing.
    """
    task = "a detailed caption" if detailed else "a caption"
    prompt = describer.prompts.detailed if detailed else describer.prompts.caption
    if prompt is None:
        raise TaskUnsupported(describer.name, task, _REMEDY)
    return _reply(image, prompt, describer, task.removeprefix("a "), 256 if detailed else 64)


def answer(image: Image, question: str, describer: Describer) -> str:
    """Answer a question about a photo.

    Raises `QuestionInvalid` for an empty question or one of more than `MAX_QUESTION` characters,
    `TaskUnsupported` for a model that only captions, `ReplyEmpty` if it says nothing.
    """
    prompt = question_prompt(question, describer)
    return _reply(image, prompt, describer, "answer", 256)


def alt_text(image: Image, describer: Describer, *, max_length: int = MAX_LENGTH) -> str:
    """An alternative text of at most ``max_length`` characters, by the rules of `vlm.alt.wording`.

    Raises `TaskUnsupported` and `ReplyEmpty` as `caption` does.
    """
    prompt = describer.prompts.alt_text
    if prompt is None:
        raise TaskUnsupported(describer.name, "an alternative text", _REMEDY)
    said = _reply(image, prompt, describer, "alternative text", 96)
    text = tidy(said, max_length=max_length)
    if not text:
        raise ReplyEmpty(describer.name, "alternative text")
    return text


def question_prompt(question: str, describer: Describer) -> str:
    """The describer's wording around a question; raises as `answer` does.

    The question is put in as it is: braces in it are text, not a format.
    """
    asked = clean(question)
    if not asked:
        raise QuestionInvalid("it is empty. Ask something, such as 'What is in the photo?'")
    if len(asked) > MAX_QUESTION:
        raise QuestionInvalid(
            f"it has {len(asked):,} characters and the limit is {MAX_QUESTION:,}. Ask it shorter"
        )
    if describer.prompts.answer is None:
        raise TaskUnsupported(describer.name, "answering questions", _REMEDY)
    return describer.prompts.answer.replace("{question}", asked)


def _reply(image: Image, prompt: str, describer: Describer, task: str, max_tokens: int) -> str:
    message = Message("user", prompt, (image,))
    said = clean("".join(describer.describe([message], max_tokens=max_tokens)))
    if not said:
        raise ReplyEmpty(describer.name, task)
    return said
