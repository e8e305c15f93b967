"""The images of a Markdown page: Markdown's own, and tags of HTML or MDX."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from vlm.documents.encodings import Decoded, decode
from vlm.documents.front_matter import end_of_front_matter, language
from vlm.documents.gathering import Gathering
from vlm.documents.html_tokens import Dialect, html_tokens
from vlm.documents.images import ImageInDocument
from vlm.documents.imports import imported_files
from vlm.documents.line_map import BlockMap, Lines
from vlm.documents.markdown_tokens import parser
from vlm.documents.tag_images import Change, Found, TagReader
from vlm.documents.templates import Masked, mask

_BETWEEN_CELLS = re.compile(r"\|(?:[\s:-]*\|)*")


def images_in_markdown(data: bytes, *, mdx: bool = False) -> list[ImageInDocument]:
    """All images of a CommonMark (or MDX) page in their order.

    Code, comments, front matter and escaped marks are no images. Empty brackets (``![](src)``)
    say nothing of the image, so their alt is None: Markdown cannot call an image decorative.
    Raises `DocumentUnreadable` for bytes that are not text.
    """
    decoded = decode(data)
    start = end_of_front_matter(decoded.text)
    masked = Masked(decoded.text, {}) if mdx else mask(decoded.text, within_lines=True)
    page = _Page(decoded, masked, start, Dialect.MDX if mdx else Dialect.HTML)
    for token in parser(mdx=mdx).parse(masked.text[start:]):
        page.block(token)
    return list(page.gathering.images(data, decoded))


class _Page:
    """One page while its blocks go by."""

    def __init__(self, decoded: Decoded, masked: Masked, start: int, dialect: Dialect) -> None:
        self._text = decoded.text
        self._masked = masked
        self._dialect = dialect
        self._imports = imported_files(decoded.text) if dialect is Dialect.MDX else {}
        self._lines = Lines.of(masked.text, start)
        self.gathering = Gathering(language(decoded.text[:start]))

    def block(self, token: Token) -> None:
        """The next of the parser's tokens."""
        if token.nesting == 1:
            self.gathering.surroundings.open(token.tag, {})
        elif token.nesting == -1:
            self.gathering.surroundings.close(token.tag)
        elif token.type in ("inline", "html_block") and token.map:
            where = self._lines.map(token.content, token.map[0])
            if where is not None and token.type == "inline":
                self._inline(token.children or [], token.content, where)
            elif where is not None:
                self._html(token.content, where, 0)

    def _inline(self, tokens: Sequence[Token], content: str, where: BlockMap) -> None:
        around = self.gathering.surroundings
        is_table = content.startswith("|")
        for token in tokens:
            if token.type in ("text", "code_inline"):
                words = self._masked.without(token.content)
                around.text(_BETWEEN_CELLS.sub(" ", words) if is_table else words)
            elif token.type in ("softbreak", "hardbreak"):
                around.text(" ")
            elif token.type == "link_open":
                around.open("a", {"href": self._masked.restore(str(token.attrs["href"]))})
            elif token.type == "link_close":
                around.close("a")
            elif token.type == "html_inline":
                self._html(token.content, where, token.meta["start"])
            elif token.type == "image":
                self.gathering.add(self._image(token, content, where))

    def _html(self, html: str, where: BlockMap, offset: int) -> None:
        reader = TagReader(
            html,
            self._text,
            self._masked,
            lambda at: where(at + offset),
            syntax="tag in markdown",
            imports=self._imports,
        )
        for token in html_tokens(html, 0, self._dialect):
            self.gathering.take(token, reader)

    def _image(self, token: Token, content: str, where: BlockMap) -> Found:
        start, end = token.meta["start"], token.meta["end"]
        label = start + 2, start + 2 + len(token.content)
        first, last = where(label[0] - 1) + 1, where(label[1])
        stop = where(end - 1) + 1
        src, alt = str(token.attrs["src"]), _words(token.children or [])
        change = Change(first, last, "", "", "markdown")
        if content[label[1] + 1 : label[1] + 2] != "(" or end == label[1] + 1:
            key = self._text[last + 1 : stop]  # "[key]", "[]" or nothing
            key = key if key not in ("", "[]") else f"[{self._text[first:last]}]"
            change = Change(first, stop, "", f"]{key}", "markdown")
        templated = self._masked.is_template(token.content)
        return Found(
            kind="markdown",
            start=where(start),
            end=stop,
            src=self._masked.restore(src),
            src_is_template=self._masked.is_template(src),
            alt=self._masked.restore(alt) or None,
            change=None if templated else change,
            fixed="its alt is an expression" if templated else "",
            title=self._masked.restore(str(token.attrs.get("title", ""))),
        )


def _words(tokens: Sequence[Token]) -> str:
    """What a label says as plain text, which is what an ``alt`` attribute made of it holds."""
    words = ""
    for token in tokens:
        if token.type in ("text", "code_inline"):
            words += token.content
        elif token.type in ("softbreak", "hardbreak"):
            words += " "
        elif token.type == "image":
            words += _words(token.children or [])
    return words
