"""What to ask a describer for drafts of alternative texts, and which replies are none."""

from __future__ import annotations

import re
from hashlib import sha256

from PIL.Image import Image

from vlm.alt.wording import clean
from vlm.errors import ModelDeclined, ReplyEmpty, TaskUnsupported
from vlm.protocols import Describer, Message
from vlm.registry import find_spec

VERSION = 1
"""Grows whenever drafts made before should be made again."""

LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}

_REMEDY = "Choose a model that can, such as --model starter or --model smolvlm-256m."
_MULTILINGUAL = "Choose a multilingual model, such as --model qwen3-vl-2b."

_DECLINED = re.compile(
    r"""(?:(?:i['\u2019]?\s?a?m\s+(?:very\s+|so\s+)?sorry|sorry|apologies|unfortunately)\b[,.]?\s*
        (?:but\s+)?)?
    (?:i\s+(?:can\s?not|can['\u2019]t|am\s+(?:not\s+able|unable)|won['\u2019]t|do\s+not|don['\u2019]t)
        \s+(?:to\s+)?(?:help|assist|see|view|provide|describe|identify|comply|process|access|do\s+that)
      | i['\u2019]?\s?a?m\s+(?:unable|not\s+able)\s+to
      | as\s+an\s+ai\b
      | (?:no|there\s+is\s+no)\s+image\s+(?:was\s+|is\s+)?(?:provided|attached|visible))""",
    re.IGNORECASE | re.VERBOSE,
)


def draft_alt(image: Image, describer: Describer, language: str = "en") -> str:
    """What a model says when asked for an alternative text, in its own words.

    Raises `TaskUnsupported`, `ReplyEmpty`, `ModelDeclined`, and what the describer raises.
    """
    return _draft(image, describer, describer.prompts.alt_text, "an alternative text", language, 96)


def draft_extended(image: Image, describer: Describer, language: str = "en") -> str:
    """What a model says when asked for all that is there; raises as `draft_alt` does."""
    prompt = describer.prompts.detailed
    return _draft(image, describer, prompt, "an extended description", language, 256)


def prompt_id(describer: Describer, language: str = "en") -> str:
    """What tells drafts of one wording from those of another."""
    prompts = describer.prompts
    words = sha256(f"{prompts.alt_text}\0{prompts.detailed}".encode()).hexdigest()[:8]
    return f"alt-{VERSION}-{words}-{language}"


def require_language(name: str, language: str) -> None:
    """Raise `TaskUnsupported` for a model that writes English only and another language."""
    if language.partition("-")[0] != "en" and find_spec("describe", name)[0].languages == "en":
        raise TaskUnsupported(name, f"writing in '{language}'", _MULTILINGUAL)


def declined(reply: str) -> bool:
    """Whether a reply says that there will be none.

    >>> declined("I'm sorry, but I can't help with that."), declined("A sorry sight.")
    (True, False)
    """
    return _DECLINED.match(clean(reply)) is not None


def _draft(
    image: Image,
    describer: Describer,
    prompt: str | None,
    task: str,
    language: str,
    max_tokens: int,
) -> str:
    if prompt is None:
        raise TaskUnsupported(describer.name, task, _REMEDY)
    if prompt and language != "en":
        prompt = f"{prompt} Write it in {LANGUAGES.get(language.partition('-')[0], language)}."
    message = Message("user", prompt, (image,))
    said = clean("".join(describer.describe([message], max_tokens=max_tokens)))
    if not said:
        raise ReplyEmpty(describer.name, task.partition(" ")[2])
    if declined(said):
        raise ModelDeclined(describer.name, said)
    return said
