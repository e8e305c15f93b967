"""The alternative text that goes into a page or a file, from a draft and what stands around it.

Nothing is invented: every word comes from the draft, from the text in the picture, from the page
or from the table of icons, and the reasons say which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vlm.alt.context import ImageContext
from vlm.alt.file_names import file_name
from vlm.alt.neighbours import content_words, said_in, sentences
from vlm.alt.openings import opens_as_picture, without_opening
from vlm.alt.placeholders import says_nothing
from vlm.alt.purposes import purpose_of
from vlm.alt.roles import Role, role_of
from vlm.alt.wording import MAX_LENGTH, clean, label, tidy

_QUOTED_WORDS = 8
"""More words than this in a photo go into the extended description."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What to write for an image, and why.

    ``alt`` is empty for a decorative image, and None where nothing could be said: write nothing
    then, since an empty alternative text would call the image decorative.
    """

    alt: str | None
    extended: str
    role: Role
    reasons: tuple[str, ...]


def compose(
    draft: str,
    context: ImageContext,
    *,
    text_in_image: str = "",
    extended: str = "",
    max_length: int = MAX_LENGTH,
    text_share: float | None = None,
) -> Alternative:
    """Write the alternative text of an image in its place, of at most ``max_length`` characters.

    ``draft`` describes the picture; ``text_in_image`` is its text, a line each; ``text_share`` is
    as in `vlm.alt.roles.role_of`. Composing a composed text again changes nothing. Raises
    `ValueError` for a ``max_length`` below 2. The rules and their sources: docs/alt-text.md.

    >>> compose("a photo of a red barn", ImageContext(src="barn.jpg")).alt
    'A red barn.'
    >>> compose("a magnifying glass icon", ImageContext(src="i7.png", button=True)).alt
    'Search'
    >>> compose("a shop", ImageContext(src="a.jpg"), text_in_image="Bakery").alt
    'A shop: \u201cBakery\u201d.'
    """
    shown = "\n".join(line for line in map(clean, text_in_image.splitlines()) if line)
    quote = _quote(shown)
    name = file_name(context.src)
    text = _worded(draft.removesuffix(quote) if quote else draft, context, name, max_length)
    role, why = role_of(
        context, draft=text, text_in_image=shown, text_share=text_share, max_length=max_length
    )
    reasons = [why]
    alt: str | None = text
    if role == "decorative":
        return Alternative("", "", role, tuple(reasons))
    if role == "functional":
        purpose = purpose_of(context, draft=draft, text_in_image=shown)
        alt = label(purpose.name, max_length=max_length) if purpose else None
        reasons += [purpose.reason] if purpose else []
    elif role == "text":
        alt = tidy(shown, max_length=max_length)
        reasons.append("the text in the picture, word for word")
    else:
        reasons += _changes(draft, context, max_length)
        if role == "informative" and quote and not _says(text, shown):
            quoted = text.rstrip(".") + quote
            if text.endswith(".") and len(quoted) <= max_length:
                alt = quoted
                reasons.append("the text in the picture is quoted")
    if not alt or says_nothing(alt, context.src):
        reasons.append("nothing can be said: describe it by hand")
        return Alternative(None, clean(extended), role, tuple(reasons))
    return Alternative(alt, _extended(extended, shown, alt), role, tuple(reasons))


def _worded(draft: str, context: ImageContext, name: str, max_length: int) -> str:
    """By the rules of `vlm.alt.wording`, without sentences that the caption says already."""
    before, text = None, draft
    while text != before:
        before = text
        text = tidy(text, max_length=max_length, file_name=name)
        parts = sentences(text)
        fresh = [part for part in parts if not said_in(part, context.figcaption)]
        if fresh and len(fresh) < len(parts):
            text = " ".join(fresh)
    return text


def _changes(draft: str, context: ImageContext, max_length: int) -> Iterator[str]:
    """Say what was changed in a draft."""
    said = clean(draft)
    if opens_as_picture(said):
        yield "the opening that only says it is an image was left out"
    name = file_name(context.src)
    if name and name.casefold() in said.casefold():
        yield "the file name was left out"
    if any(said_in(part, context.figcaption) for part in sentences(said)):
        yield "what the caption says already was left out"
    elif len(without_opening(said)) > max_length:
        yield "it was cut to the length asked for"


def _quote(shown: str) -> str:
    """The end of a sentence that quotes a few words of text; empty for more words, or none."""
    words = shown.split()
    if not 1 <= len(words) <= _QUOTED_WORDS or not content_words(shown):
        return ""
    return f": \u201c{' '.join(words)}\u201d."


def _says(text: str, shown: str) -> bool:
    return content_words(shown) <= content_words(text)


def _extended(extended: str, shown: str, alt: str) -> str:
    """The description asked for, and the text of the picture where no other place has it."""
    text = clean(extended)
    if not shown or _says(f"{alt} {text}", shown):
        return text
    return f"{text}\n{shown}" if text else shown
