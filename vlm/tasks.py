"""What to ask of any describer: a prompt in its own words and a clean-up for each task."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PIL.Image import Image

from vlm.alt.wording import MAX_LENGTH, clean, tidy
from vlm.errors import QuestionInvalid, ReplyEmpty, TaskUnsupported, VlmError
from vlm.languages import LANGUAGES, language_code
from vlm.protocols import Answerer, BatchDescriber, Describer, Message

MAX_QUESTION = 2_000
"""Characters; a longer text is no question, and small models would silently read a part of it."""

Task: TypeAlias = Literal["caption", "detailed", "alt_text", "extended", "answer", "tags"]

_NAMES: dict[Task, str] = {
    "caption": "a caption",
    "detailed": "a detailed caption",
    "alt_text": "an alternative text",
    "extended": "an extended description",
    "answer": "answering questions",
    "tags": "a list of tags",
}
_ROOM: dict[Task, int] = {
    "caption": 64, "detailed": 256, "alt_text": 96, "extended": 384, "answer": 256, "tags": 96,
}  # fmt: skip
_REMEDY = "Choose a model that can, such as --model starter or --model smolvlm-256m."
_OTHER_LANGUAGE = "Choose a model that speaks it, such as --model qwen3-vl-2b, or ask for English."
_NOT_SURE = re.compile(
    r"(?:sorry|unfortunately|unsure|unknown|unclear)\b"
    r"|(?:(?:i am|i'm|it is|it's) )?(?:not (?:sure|certain|clear)|hard to (?:say|tell))\b"
    r"|it is (?:not possible|impossible|difficult|unclear)\b"
    r"|(?:i |we |you )?(?:cannot|can't|can not|could not|couldn't)\b"
    r"|i (?:do not|don't) (?:know|understand)\b|i am (?:unable|not able)\b"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whether the model is sure of it, and its probability where the model has one."""

    text: str
    sure: bool
    confidence: float | None = None


def caption(
    image: Image, describer: Describer, *, detailed: bool = False, language: str = "en"
) -> str:
    """One line about a photo, or a few sentences with ``detailed``.

    Raises `TaskUnsupported` for a model without the task or the language, `ReplyEmpty` if it says
    nothing.
    """
    task: Task = "detailed" if detailed else "caption"
    return said_of(image, task_prompt(task, describer, language=language), describer, task)


def extended_description(image: Image, describer: Describer, *, language: str = "en") -> str:
    """What somebody who cannot see a photo needs beside its alternative text: some sentences.

    Raises as `caption` does.
    """
    prompt = task_prompt("extended", describer, language=language)
    return said_of(image, prompt, describer, "extended")


def answer(image: Image, question: str, describer: Describer) -> str:
    """Answer a question about a photo.

    Raises `QuestionInvalid` for an empty question or one of more than `MAX_QUESTION` characters,
    `TaskUnsupported` for a model that only captions, `ReplyEmpty` if it says nothing.
    """
    return said_of(image, question_prompt(question, describer), describer, "answer")


def sure_answer(image: Image, question: str, describer: Describer) -> Answer:
    """As `answer`, and whether to rely on it."""
    prompt = question_prompt(question, describer)
    if isinstance(describer, Answerer):
        text, confidence = describer.answer(image, prompt)
    else:
        text, confidence = said_of(image, prompt, describer, "answer"), None
    return Answer(text, not is_unsure(text), confidence)


def is_unsure(reply: str) -> bool:
    """Whether a reply in English begins by saying that it is no answer.

    >>> [is_unsure(reply) for reply in ("I am not sure. Perhaps two.", "I can\u2019t read.", "No.")]
    [True, True, False]
    """
    return bool(_NOT_SURE.match(" ".join(reply.replace("\u2019", "'").lower().split())))


def alt_text(
    image: Image, describer: Describer, *, max_length: int = MAX_LENGTH, language: str = "en"
) -> str:
    """An alternative text of at most ``max_length`` characters, by the rules of `vlm.alt`.

    Raises `TaskUnsupported` and `ReplyEmpty` as `caption` does.
    """
    prompt = task_prompt("alt_text", describer, language=language)
    text = tidy(said_of(image, prompt, describer, "alt_text"), max_length=max_length)
    if not text:
        raise ReplyEmpty(describer.name, "alternative text")
    return text


def task_prompt(task: Task, describer: Describer, *, language: str = "en") -> str:
    """What to say to a describer for a task, in the wording of its family.

    Raises `TaskUnsupported` for a task that it lacks, for a language that it does not speak, and
    for a code that names no known language.
    """
    prompts = describer.prompts
    prompt: str | None = getattr(prompts, task)
    if prompt is None:
        raise TaskUnsupported(describer.name, _NAMES[task], _REMEDY)
    code = language_code(language)
    if code == "en":
        return prompt
    if code not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise TaskUnsupported(describer.name, f"the language '{language}'", f"Known: {known}.")
    if prompts.language is None:
        asked = f"writing {LANGUAGES[code]}: it knows English only"
        raise TaskUnsupported(describer.name, asked, _OTHER_LANGUAGE)
    return f"{prompt} {prompts.language.replace('{language}', LANGUAGES[code])}"


def prompt_name(task: Task, describer: Describer, *, language: str = "en") -> str:
    """What to store with a text so that its wording can be told: family, version, task, language.

    >>> from vlm.fakes import EchoDescriber
    >>> version = EchoDescriber().prompts.version
    >>> prompt_name("alt_text", EchoDescriber(), language="de-AT").replace(version, "VERSION")
    'fake-VERSION alt_text de'
    """
    prompts = describer.prompts
    return f"{prompts.family or 'own'}-{prompts.version} {task} {language_code(language)}"


def prompt_language(name: str) -> str:
    """The language code in a name that `prompt_name` made; English where there is none.

    >>> prompt_language("fake-1 alt_text de"), prompt_language("alt 1")
    ('de', 'en')
    """
    _, _, language, *_ = [*name.split(), "", "", ""]
    return language or "en"


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


def said_of(image: Image, prompt: str, describer: Describer, task: Task) -> str:
    """One clean line that a describer says to a prompt. Raises `ReplyEmpty`."""
    message = Message("user", prompt, (image,))
    said = "".join(describer.describe([message], max_tokens=_ROOM[task]))
    return _not_empty(said, describer, task)


def said_of_many(
    images: Sequence[Image], prompt: str, describer: BatchDescriber, task: Task
) -> list[str | VlmError]:
    """The same of several photos at once; what `said_of` raises stands in a photo's place."""
    requests = [[Message("user", prompt, (image,))] for image in images]
    replies: list[str | VlmError] = []
    for said in describer.describe_many(requests, max_tokens=_ROOM[task]):
        try:
            replies.append(
                said if isinstance(said, VlmError) else _not_empty(said, describer, task)
            )
        except ReplyEmpty as error:
            replies.append(error)
    return replies


def _not_empty(reply: str, describer: Describer, task: Task) -> str:
    said = clean(reply)
    if not said:
        name = "answer" if task == "answer" else _NAMES[task].partition(" ")[2]
        raise ReplyEmpty(describer.name, name)
    return said
