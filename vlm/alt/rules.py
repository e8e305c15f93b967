"""The rules that an existing alternative text is read by: one table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vlm.alt import sources
from vlm.alt.context import ImageContext
from vlm.alt.kinds import is_invisible, is_ornament
from vlm.alt.neighbours import content_words, said_in, same_words, sentences
from vlm.alt.openings import opens_as_picture
from vlm.alt.placeholders import has_words, is_address, is_file_name, is_placeholder
from vlm.alt.roles import only_content

Severity: TypeAlias = Literal["error", "warning"]
Check: TypeAlias = Callable[[str, ImageContext], bool]

_MARKUP = re.compile(r"</?[a-z][^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"(?:a\s+)?(?:link|button|hyperlink)\b|click\s+(?:here|to)\b|link\s+(?:to|zu|zur|zum)\b"
    r"|(?:hier\s+)?klicken\b|cliquez\b|lien\s+vers\b|haga\s+clic\b|enlace\s+a\b|clicca\b|klik\b",
    re.IGNORECASE,
)
_GENITIVE = re.compile(
    r"(?:das |ein |eine )?(?:bild|foto|abbildung|aufnahme) (?:des|der|eines|einer)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What must not be: ``broken`` says whether it is, for a text that is neither None nor blank.

    ``message`` is for the person who wrote the page: what is wrong, and what to do.
    """

    name: str
    severity: Severity
    message: str
    source: str
    broken: Check


def _not_decided(alt: str, context: ImageContext) -> bool:
    return False


MISSING = Rule(
    "missing-alt", "error",
    "there is no alt attribute. Describe the image, or write alt=\"\" if it only decorates",
    sources.failure("F65"), _not_decided,
)  # fmt: skip
EMPTY_BRACKETS = Rule(
    "empty-brackets", "warning",
    "its brackets are empty, so pages show it as decorative. Describe it, unless it only decorates",
    sources.MARKDOWN, _not_decided,
)  # fmt: skip
TITLE_ONLY = Rule(
    "title-instead-of-alt", "warning",
    "it has a title but no alt attribute; titles are not read everywhere. Write an alt",
    sources.html_technique("H37"), _not_decided,
)  # fmt: skip
NAMELESS = Rule(
    "nameless-control", "error",
    "nothing names this link or button: the image is all it holds. Say in its alt what it does",
    sources.failure("F89"), _not_decided,
)  # fmt: skip
BLANK = Rule(
    "blank-alt", "warning",
    "its alt is only white space, and some screen readers announce the image. Write alt=\"\"",
    sources.TIPS, _not_decided,
)  # fmt: skip
DECORATIVE_TITLE = Rule(
    "title-on-decorative", "warning",
    "its alt is empty but its title is read out. Remove the title, or describe the image",
    sources.html_technique("H67"), _not_decided,
)  # fmt: skip
DUPLICATE = Rule(
    "same-alt-twice", "warning",
    "another image on this page has the same alt. Say what makes them differ",
    sources.NON_TEXT, _not_decided,
)  # fmt: skip
TOO_LONG = Rule(
    "too-long", "warning",
    "its alt is long. Keep the most important words, and put the rest into the page",
    sources.LENGTH, _not_decided,
)  # fmt: skip


def _beside(alt: str, context: ImageContext) -> bool:
    if len(content_words(alt)) < 2:
        return False
    around = [*sentences(context.before), *sentences(context.after), context.heading]
    return any(same_words(alt, part) for part in around)


def _hidden(alt: str, context: ImageContext) -> bool:
    ornament = is_invisible(context) or is_ornament(context.src)
    return not only_content(context) and (context.hidden or ornament)


def _in_capitals(alt: str, context: ImageContext) -> bool:
    return alt.isupper() and sum(len(word) > 1 and word.isupper() for word in alt.split()) >= 3


WORDING = (
    Rule("no-words", "error", "its alt has no words, only signs. Say what the image tells",
         sources.failure("F30"), lambda alt, context: not has_words(alt)),
    Rule("address-as-alt", "error", "its alt is an address. Say what the image shows",
         sources.failure("F30"), lambda alt, context: is_address(alt)),
    Rule("file-name-as-alt", "error", "its alt is a file name. Say what the image shows",
         sources.failure("F30"), lambda alt, context: is_file_name(alt, context.src)),
    Rule("placeholder", "error", "its alt fits any image. Say what this one shows",
         sources.failure("F30"), lambda alt, context: is_placeholder(alt)),
    Rule("alt-on-decorative", "warning",
         "it is hidden, or looks like a spacer or background, and has an alt. Write alt=\"\"",
         sources.failure("F39"), _hidden),
    Rule("opens-as-picture", "warning",
         "its alt starts by saying that it is an image; screen readers say so already",
         sources.TIPS, lambda alt, context: opens_as_picture(alt) or bool(_GENITIVE.match(alt))),
    Rule("same-as-caption", "warning", "its caption says it all. Say what the caption does not",
         sources.TREE, lambda alt, context: said_in(alt, context.figcaption)),
    Rule("same-as-link-text", "warning",
         "the text of its link says the same, so it is read twice. Write alt=\"\"",
         sources.html_technique("H2"),
         lambda alt, context: said_in(alt, context.link_text)),
    Rule("link-twice", "warning",
         "a text link beside it leads to the same place. Put both into one link, with alt=\"\"",
         sources.html_technique("H2"),
         lambda alt, context: only_content(context) and bool(context.link_beside)),
    Rule("same-as-text", "warning",
         "the text beside it says the same, so it is read twice. Write alt=\"\", or say more",
         sources.TREE, _beside),
    Rule("same-as-title", "warning", "its title says the same. Remove the title",
         sources.HTML,
         lambda alt, context: not only_content(context) and same_words(alt, context.title)),
    Rule("says-link", "warning",
         "its alt says that it is a link or button; screen readers say so. Name what it does",
         sources.FUNCTIONAL,
         lambda alt, context: only_content(context) and bool(_ANNOUNCED.match(alt.strip()))),
    Rule("capitals", "warning",
         "its alt is in capitals, which some screen readers spell out. Write it as a sentence",
         sources.CAPITALS, _in_capitals),
    Rule("markup-in-alt", "warning",
         "its alt holds markup, which is read out sign by sign. Write plain text",
         sources.HTML, lambda alt, context: bool(_MARKUP.search(alt))),
)  # fmt: skip
"""Rules about the words of an alternative text."""

RULES = (
    MISSING,
    EMPTY_BRACKETS,
    TITLE_ONLY,
    NAMELESS,
    BLANK,
    DECORATIVE_TITLE,
    *WORDING,
    TOO_LONG,
    DUPLICATE,
)
"""Every rule, in the order in which they are tried."""
