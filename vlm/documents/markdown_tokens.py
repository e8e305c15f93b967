"""CommonMark, with the exact place of every image, link and tag.

markdown-it-py reads it: it passes the CommonMark suite and takes linear time. It tells the lines
of blocks but no places inside them, which its rules know; so the rules are wrapped here to note
them (``token.meta``: offsets into the content of the block). Addresses stay as written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline, image

from vlm.documents.braces import end_of_braces
from vlm.documents.tags import read_tag

Rule = Callable[[StateInline, bool], bool]


@cache
def parser(*, mdx: bool) -> MarkdownIt:
    """A parser of CommonMark, or of MDX: tags hold expressions and indentation means nothing."""
    markdown = MarkdownIt("commonmark")
    markdown.inline.ruler.at("image", _placed(image))
    markdown.inline.ruler.at("html_inline", _placed(_mdx_tag if mdx else html_inline))
    if mdx:
        markdown.disable(["code", "autolink"])
        markdown.inline.ruler.before("html_inline", "mdx_expression", _mdx_expression)
    markdown.normalizeLink = _as_written  # type: ignore[method-assign]
    markdown.validateLink = _any  # type: ignore[method-assign]
    return markdown


def _placed(rule: Rule) -> Rule:
    def noting(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not rule(state, silent):
            return False
        if not silent:
            state.tokens[-1].meta.update(start=start, end=state.pos)
        return True

    return noting


def _mdx_tag(state: StateInline, silent: bool) -> bool:
    text, start = state.src, state.pos
    following = text[start + 1 : start + 3].lstrip("/")[:1]
    if text[start] != "<" or not (following.isascii() and following.isalpha()):
        return False
    block, unfinished = state.env.get("unfinished", (None, 0))
    if block is text and unfinished <= start:
        return False
    tag = read_tag(text, start, code=True)
    if tag is None:
        state.env["unfinished"] = (text, start)  # asked again from further on, time is quadratic
        return False
    if not silent:
        state.push("html_inline", "", 0).content = text[start : tag.end]
    state.pos = tag.end
    return True


def _mdx_expression(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("{/*", state.pos):
        return False
    state.pos = end_of_braces(state.src, state.pos)
    return True


def _as_written(url: str) -> str:
    return url


def _any(url: str) -> bool:
    return True
