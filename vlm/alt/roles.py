"""Which of the five W3C roles an image has on its page.

Sources: the W3C WAI images tutorial and its decision tree
(https://www.w3.org/WAI/tutorials/images/decision-tree/), WCAG 2.2 techniques H2, H37, H67, G94, G95
and failures F38, F39, F89, and the HTML standard's requirements for alternative texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from vlm.alt.context import ImageContext
from vlm.alt.kinds import data_picture, is_invisible, is_ornament, writing_picture
from vlm.alt.neighbours import content_words, said_in, same_words
from vlm.alt.purposes import extra_in_link
from vlm.alt.wording import MAX_LENGTH, clean, tidy

Role: TypeAlias = Literal["informative", "decorative", "functional", "text", "complex"]
"""The kinds of the W3C WAI images tutorial (https://www.w3.org/WAI/tutorials/images/)."""

MOSTLY_TEXT = 0.2
"""Share of the picture's area; boxes around a slogan cover more, a sign in a street much less."""
_MANY_LINES, _MANY_WORDS = 8, 30
_PARAGRAPH_WORDS = 3
"""Fewer content words of a description turn up in a paragraph by chance."""


class Decision(NamedTuple):
    """A role, and why."""

    role: Role
    reason: str


def role_of(
    context: ImageContext,
    *,
    draft: str = "",
    text_in_image: str = "",
    text_share: float | None = None,
    max_length: int = MAX_LENGTH,
) -> Decision:
    """Decide by the page first, then by the picture, in the order of the W3C decision tree.

    ``draft`` is a description of the picture, ``text_in_image`` its lines of text, and
    ``text_share`` the share of its area that they cover, 0 to 1 (`share_of`); None if unknown.

    >>> role_of(ImageContext(src="logo.png", link="/"))
    Decision(role='functional', reason='the image is all that its link holds')
    >>> role_of(ImageContext(src="barn.jpg")).role
    'informative'
    """
    return (
        _said_by_page(context)
        or _in_control(context)
        or _ornamental(context)
        or _by_text(context, draft, text_in_image, text_share, max_length)
        or _by_draft(context, draft)
        or Decision("informative", "the picture is part of what the page tells")
    )


def only_content(context: ImageContext) -> bool:
    """Whether a link or a button holds nothing but the image, so that it gives it its name."""
    in_control = context.link is not None or context.button
    return in_control and not clean(context.link_text)


def share_of(boxes: Iterable[tuple[float, float, float, float]]) -> float:
    """Share of a picture's area inside boxes (left, top, right, bottom, each a share), 0 to 1.

    Lines of text do not lie on each other, so their areas are added.

    >>> share_of([(0.1, 0.1, 0.9, 0.3), (0.1, 0.5, 0.9, 0.75)])
    0.36
    """
    areas = (max(right - left, 0) * max(bottom - top, 0) for left, top, right, bottom in boxes)
    return round(min(sum(areas), 1.0), 6)


def _said_by_page(context: ImageContext) -> Decision | None:
    if context.alt is not None and not context.alt.strip():
        if only_content(context):
            why = "an empty alt is written, though a link or button holds nothing else: check it"
            return Decision("decorative", why)
        return Decision("decorative", "an empty alt is written: somebody decided so")
    if context.hidden:
        return Decision("decorative", "the page hides it from screen readers")
    return None


def _in_control(context: ImageContext) -> Decision | None:
    if only_content(context):
        inside = "button" if context.button else "link"
        return Decision("functional", f"the image is all that its {inside} holds")
    if context.link is None and not context.button:
        return None
    if extra_in_link(context):
        return Decision("functional", "the icon adds something to the text of its link")
    return Decision("decorative", "the text of its link or button says it already (WCAG H2)")


def _ornamental(context: ImageContext) -> Decision | None:
    if is_invisible(context):
        return Decision("decorative", "it is 3 pixels thin or less: a spacer, line or counter")
    if is_ornament(context.src):
        return Decision("decorative", "its file name is that of a spacer, line or background")
    return None


def _by_text(
    context: ImageContext, draft: str, text: str, share: float | None, max_length: int
) -> Decision | None:
    lines = [line for line in text.splitlines() if content_words(line)]
    if not lines:
        return None
    joined = clean(" ".join(lines))
    if len(lines) >= _MANY_LINES and len(joined.split()) >= _MANY_WORDS:
        return Decision("complex", f"it holds {len(lines)} lines of text")
    reads = same_words(draft, tidy(joined, max_length=max_length), share=1.0)
    named = reads or writing_picture(context, draft)
    mostly = named if share is None else share >= MOSTLY_TEXT
    if not mostly or data_picture(context, "" if reads else draft):
        return None
    if _said_nearby(joined, context, 2):
        return Decision("decorative", "the text in it stands beside it as real text")
    if len(joined) >= max_length:
        return Decision("complex", f"its text has no room in {max_length} characters")
    return Decision("text", "most of it is text")


def _by_draft(context: ImageContext, draft: str) -> Decision | None:
    why = data_picture(context, draft)
    if why:
        return Decision("complex", why)
    if said_in(draft, context.figcaption) or _said_nearby(draft, context, _PARAGRAPH_WORDS):
        return Decision("decorative", "the text beside it says all that the description says")
    return None


def _said_nearby(text: str, context: ImageContext, least: int) -> bool:
    """In the caption or heading, or in one sentence of a paragraph around it."""
    if said_in(text, context.figcaption, least=2) or said_in(text, context.heading, least=2):
        return True
    return any(said_in(text, beside, least=least) for beside in (context.before, context.after))
