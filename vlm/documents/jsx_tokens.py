"""The tags and texts of a JavaScript or TypeScript file with JSX.

Tells elements from comparisons, generics, strings, regular expressions and comments by what
stands before them, as far as that goes without a grammar of the language. What it takes wrongly
for code is not found; nothing in strings or comments is taken for a tag. Linear time.

Source: https://facebook.github.io/jsx/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from vlm.documents.braces import COMMENT, IN_TEMPLATE, STRING
from vlm.documents.tags import (
    BETWEEN_IN_CODE,
    EQUALS,
    Attribute,
    EndTag,
    Quote,
    StartTag,
    Text,
    Token,
)

_REGEX = r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*+\]?)++(?:/\w*)?"
_CODE = re.compile(rf"(?:\s|{COMMENT})++|{STRING}|[\w$]++|.", re.DOTALL)
_SLASHES = re.compile(_REGEX)
_ELEMENT = re.compile(
    r"<(?:(?=>)|(?![A-Z]>\s*\(|\w+\s+extends\b)[A-Za-z_$][\w$.:-]*+(?=[\s/>{]))", re.ASCII
)
_CLOSING = re.compile(r"</\s*([\w$.:-]*+)\s*>")
_NAME = re.compile(r"[^\s/>={\"'<]++")
_IN_CHILDREN = re.compile(r"[<{]")
_BEFORE_EXPRESSIONS = frozenset(
    ["return", "case", "default", "typeof", "await", "yield", "else", "do", "in", "of", "void"]
)


@dataclass(slots=True)
class _Frame:
    """What the reading is inside of; a tag keeps the attribute whose braces are open."""

    kind: Literal["code", "literal", "tag", "children"]
    tag: StartTag | None = None
    attribute: Attribute | None = None


def jsx_tokens(text: str) -> Iterator[Token]:
    """Start tags, end tags and texts of JSX, in order; an element in an attribute comes before.

    >>> [type(t).__name__ for t in jsx_tokens("x = a < b ? <p>it's</p> : '<p>'")]
    ['StartTag', 'Text', 'EndTag']
    """
    reading = _Reading(text)
    while reading.position < len(text):
        yield from reading.step()


class _Reading:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._frames = [_Frame("code")]
        self._before = ""  # the last piece of code that is neither space nor comment

    def step(self) -> Iterator[Token]:
        frame = self._frames[-1]
        if frame.kind == "code":
            self._code()
        elif frame.kind == "literal":
            self._literal()
        elif frame.kind == "tag" and frame.tag is not None:
            yield from self._tag(frame, frame.tag)
        else:
            yield from self._children()

    def _code(self) -> None:
        found = _CODE.match(self.text, self.position)
        piece = found[0] if found else self.text[self.position]
        start = self.position
        self.position += len(piece)
        if piece.isspace() or piece.startswith(("//", "/*")) or piece[0].isspace():
            return
        if piece == "<" and self._expression_may_start() and self._element(start):
            return
        if piece == "/" and self._expression_may_start():
            literal = _SLASHES.match(self.text, start)
            self.position = literal.end() if literal else self.position
        elif piece == "`":
            self._frames.append(_Frame("literal"))
        elif piece == "{":
            self._frames.append(_Frame("code"))
        elif piece == "}" and len(self._frames) > 1:
            self._frames.pop()
            self._end_of_braces()
        self._before = {"`": "", "{": ""}.get(piece, piece)

    def _expression_may_start(self) -> bool:
        before = self._before
        if before in _BEFORE_EXPRESSIONS:
            return True
        return not (before and (before[0] in ")]}\"'`" or before[0].isalnum() or before[0] in "_$"))

    def _end_of_braces(self) -> None:
        frame = self._frames[-1]
        if frame.kind == "tag" and frame.tag and frame.attribute:
            attribute, frame.attribute = frame.attribute, None
            attribute.end = attribute.value_end = self.position
            attribute.name = attribute.name or self.text[attribute.start : self.position]
            frame.tag.add(attribute)

    def _literal(self) -> None:
        found = IN_TEMPLATE.match(self.text, self.position)
        self.position = found.end() if found else len(self.text)
        if self.text[self.position - 1] == "`":
            self._frames.pop()
            self._before = "`"
        else:
            self._frames.append(_Frame("code"))
            self._before = ""

    def _element(self, start: int) -> bool:
        """Enter the element at ``start`` if there is one."""
        found = _ELEMENT.match(self.text, start)
        if found is None:
            return False
        tag = StartTag(found[0][1:], start, found.end(), drawn=found[0] == "<image")
        self._frames.append(_Frame("tag", tag))
        self.position = found.end()
        return True

    def _tag(self, frame: _Frame, tag: StartTag) -> Iterator[Token]:
        gap = BETWEEN_IN_CODE.match(self.text, self.position)
        start = self.position = gap.end() if gap else self.position
        following = self.text[start : start + 1]
        name = _NAME.match(self.text, start)
        if following == ">":
            self.position += 1
            tag.closed = gap is not None and gap[0].endswith("/")
            tag.end = self.position
            self._frames.pop()
            yield tag
            if not tag.closed:
                self._frames.append(_Frame("children"))
            self._before = ")"
        elif following == "{":
            frame.attribute = Attribute("", start, start, start, start, "{")
            self._enter_braces(start)
        elif name is None:
            self.position += 1  # no JSX: pass over it
        else:
            self._attribute(frame, tag, name)

    def _attribute(self, frame: _Frame, tag: StartTag, name: re.Match[str]) -> None:
        start, end = name.span()
        lower = name[0].lower()
        equals = EQUALS.match(self.text, end)
        value = equals.end() if equals else end
        opening = self.text[value : value + 1]
        self.position = value
        if equals is None:
            tag.add(Attribute(lower, start, end, end, end, "bare"))
        elif opening == "{":
            frame.attribute = Attribute(lower, start, value, value, value, "{")
            self._enter_braces(value)
        elif opening and opening in "\"'":
            close = self.text.find(opening, value + 1)
            self.position = len(self.text) if close < 0 else close + 1
            quote: Quote = '"' if opening == '"' else "'"
            tag.add(Attribute(lower, start, self.position, value + 1, close, quote))

    def _enter_braces(self, start: int) -> None:
        self.position = start + 1
        self._before = ""
        self._frames.append(_Frame("code"))

    def _children(self) -> Iterator[Token]:
        found = _IN_CHILDREN.search(self.text, self.position)
        start = found.start() if found else len(self.text)
        if start > self.position:
            yield Text(self.text[self.position : start])
        self.position = start
        closing = _CLOSING.match(self.text, start)
        if closing:
            self._frames.pop()
            self.position = closing.end()
            self._before = ")"
            yield EndTag(closing[1])
        elif found and found[0] == "{":
            self._enter_braces(start)
        elif found and not self._element(start):
            self.position += 1
