"""What is wrong with alternative texts that are written already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vlm.alt.context import ImageContext
from vlm.alt.roles import only_content
from vlm.alt.rules import (
    BLANK,
    DECORATIVE_TITLE,
    DUPLICATE,
    EMPTY_BRACKETS,
    MISSING,
    NAMELESS,
    TITLE_ONLY,
    TOO_LONG,
    WORDING,
    Rule,
    Severity,
)
from vlm.alt.wording import MAX_LENGTH, clean

_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|<%|<\?|^\{.*\}$")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that an alternative text breaks: its name, what to do about it, and its source."""

    rule: str
    severity: Severity
    message: str
    source: str


def lint(alt: str | None, context: ImageContext, *, max_length: int = MAX_LENGTH) -> list[Finding]:
    """Judge one alternative text: its first error, or else every warning.

    None means that no ``alt`` is written; ``context.alt`` is not looked at. A text that a template
    fills in later (``{{ title }}``) cannot be judged, and nothing is found.

    >>> [found.rule for found in lint("IMG_1234.jpg", ImageContext(src="IMG_1234.jpg"))]
    ['file-name-as-alt']
    >>> [found.rule for found in lint(None, ImageContext(link="/"))]
    ['nameless-control']
    >>> lint("", ImageContext())
    []
    """
    if alt is not None and _TEMPLATE.search(alt):
        return []
    if alt is None or not alt.strip():
        return list(map(_finding, _unwritten(alt, context)))
    broken = [rule for rule in WORDING if rule.broken(alt, context)]
    if len(clean(alt)) > max_length:
        broken.append(TOO_LONG)
    errors = [rule for rule in broken if rule.severity == "error"][:1]
    return list(map(_finding, errors or broken))


def lint_document(
    images: Sequence[tuple[str | None, ImageContext]], *, max_length: int = MAX_LENGTH
) -> list[list[Finding]]:
    """Judge all images of a page, one list each: as `lint`, and texts that stand twice.

    Two images may share a text if they are the same file, or lead to the same place.

    >>> page = [("A dog.", ImageContext(src="a.jpg")), ("A dog.", ImageContext(src="b.jpg"))]
    >>> [[found.rule for found in each] for each in lint_document(page)]
    [['same-alt-twice'], ['same-alt-twice']]
    """
    found = [lint(alt, context, max_length=max_length) for alt, context in images]
    things: dict[str, set[str]] = {}
    for alt, context in images:
        things.setdefault(_key(alt), set()).add(_thing(context))
    for (alt, _context), findings in zip(images, found, strict=True):
        template = alt is not None and _TEMPLATE.search(alt)
        judged = _key(alt) and not template and not any(f.severity == "error" for f in findings)
        if judged and len(things[_key(alt)]) > 1:
            findings.append(_finding(DUPLICATE))
    return found


def of_markdown(findings: Sequence[Finding]) -> list[Finding]:
    """The findings about a Markdown image: one without words has an empty ``alt`` on the page.

    >>> [found.rule for found in of_markdown(lint(None, ImageContext(src="a.jpg")))]
    ['empty-brackets']
    """
    unwritten = (MISSING.name, TITLE_ONLY.name)
    return [_finding(EMPTY_BRACKETS) if f.rule in unwritten else f for f in findings]


def _unwritten(alt: str | None, context: ImageContext) -> list[Rule]:
    titled = bool(clean(context.title))
    if only_content(context) and not titled:
        return [NAMELESS]
    if alt is None:
        if context.hidden:
            return []
        return [TITLE_ONLY] if titled else [MISSING]
    broken = [BLANK] if alt else []
    if titled and not context.hidden and not only_content(context):
        broken.append(DECORATIVE_TITLE)
    return broken


def _finding(rule: Rule) -> Finding:
    return Finding(rule.name, rule.severity, rule.message, rule.source)


def _key(alt: str | None) -> str:
    return clean(alt or "").casefold()


def _thing(context: ImageContext) -> str:
    """What an image stands for: the target of its link if it is alone in one, else its file."""
    return f"link {context.link}" if only_content(context) and context.link else context.src
