"""The tags and texts of an HTML page, in the order and at the places in which a browser reads them.

Source: https://html.spec.whatwg.org/multipage/parsing.html#tokenization, with scripting off (what
``<noscript>`` holds is markup), and without building a tree. Takes linear time on any input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from vlm.documents.braces import end_of_braces
from vlm.documents.tags import EndTag, Text, Token, read_tag


class Dialect(Enum):
    """What besides HTML stands in a page."""

    HTML = "html"
    XML = "xml"  # XHTML: CDATA sections, no raw text, "/>" closes everything
    SVELTE = "svelte"  # expressions in braces, in tags and texts
    ASTRO = "astro"  # expressions in braces, with tags inside those of texts
    MDX = "mdx"  # expressions in braces, in tags


_BRACES = frozenset({Dialect.SVELTE, Dialect.ASTRO, Dialect.MDX})
_FOREIGN = frozenset({"svg", "math"})
_HOLDING_HTML = frozenset({"foreignobject", "desc", "title"})
_HTML_ONLY = frozenset(
    """b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img
    li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul
    var""".split()  # noqa: SIM905
)
_DEEPEST = 50  # open at once; more are not told apart
_TAG = re.compile(r"</?[A-Za-z]")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_MARKUP_OR_BRACE = re.compile(r"<(?=[A-Za-z/!?])|\{")
_COMMENT = re.compile(r"<!--(?:-?>|(?:[^-]|-(?!-!?>))*+(?:--!?>|\Z))")
_RAW = frozenset(["script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"])
_CLOSING = {name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE) for name in _RAW}
_IN_SCRIPT = re.compile(r"<!--|-->|<(/?)script(?=[ \t\n\f\r/>])", re.IGNORECASE)


def html_tokens(text: str, start: int = 0, dialect: Dialect = Dialect.HTML) -> Iterator[Token]:
    """Start tags, end tags and texts from ``start`` on; comments and scripts are left out.

    >>> [type(token).__name__ for token in html_tokens("<p>a<!-- <b> --></p>")]
    ['StartTag', 'Text', 'EndTag']
    """
    code = dialect in _BRACES
    markup = _MARKUP_OR_BRACE if dialect in (Dialect.SVELTE, Dialect.ASTRO) else _MARKUP
    foreign = _Foreign()
    position = start
    while True:
        found = markup.search(text, position)
        at = found.start() if found else len(text)
        if at > position:
            yield Text(text[position:at])
        if found is None:
            return
        if text[at] == "{":
            position = _end_of_expression(text, at, dialect)
        elif _TAG.match(text, at):
            tag = read_tag(text, at, code=code)
            if tag is None:
                return
            position = tag.end
            if text[at + 1] == "/":
                foreign.leave(tag.name)
                yield EndTag(tag.name)
                continue
            tag.drawn = foreign.enter(tag.name, tag.closed)
            yield tag
            if tag.name in _RAW and not tag.drawn and dialect is not Dialect.XML:
                position = _end_of_raw(text, tag.name, position)
        else:
            position = _end_of_bogus(text, at, cdata=foreign.open or dialect is Dialect.XML)


class _Foreign:
    """Whether the reading is in a drawing or formula, where other rules hold.

    Source: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign
    """

    def __init__(self) -> None:
        self._open: list[str] = []  # drawings, and parts of them that hold HTML again

    @property
    def open(self) -> bool:
        return bool(self._open)

    @property
    def inside(self) -> bool:
        return bool(self._open) and self._open[-1] in _FOREIGN

    def enter(self, name: str, closed: bool) -> bool:
        """A start tag; whether it belongs to a drawing."""
        if self.inside and name in _HTML_ONLY:
            self._break_out()
        belongs = self.inside
        opens = name in _FOREIGN or (belongs and name in _HOLDING_HTML)
        if opens and not closed and len(self._open) < _DEEPEST:
            self._open.append(name)
        return belongs

    def leave(self, name: str) -> None:
        """An end tag."""
        if self.inside and name in ("p", "br"):
            self._break_out()
        elif name in self._open:
            while self._open.pop() != name:
                pass

    def _break_out(self) -> None:
        while self.inside:
            self._open.pop()


def _end_of_expression(text: str, start: int, dialect: Dialect) -> int:
    if dialect is Dialect.ASTRO and not text.startswith("{/*", start):
        return start + 1  # tags may follow
    return end_of_braces(text, start)


def _end_of_raw(text: str, name: str, start: int) -> int:
    """Where the end tag starts of an element whose content is no markup."""
    if name != "script":
        closing = _CLOSING[name].search(text, start)
        return closing.start() if closing else len(text)
    escaped = nested = False  # after "<!--", and in a "<script>" there: its end tag does not count
    for found in _IN_SCRIPT.finditer(text, start):
        if found[0] == "<!--":
            escaped = True
        elif found[0] == "-->":
            escaped = nested = False
        elif found[1] and not nested:
            return found.start()
        else:
            nested = escaped and not found[1]
    return len(text)


def _end_of_bogus(text: str, start: int, *, cdata: bool) -> int:
    """The end of a comment, a CDATA section, a document type or an instruction."""
    comment = _COMMENT.match(text, start)
    if comment:
        return comment.end()
    end = ">"
    if cdata and text.startswith("<![CDATA[", start):
        end = "]]>"
    close = text.find(end, start)
    return len(text) if close < 0 else close + len(end)
