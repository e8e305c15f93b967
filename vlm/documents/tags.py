"""One start tag, read as the HTML standard's tokenizer reads it, with the place of each attribute.

Source: https://html.spec.whatwg.org/multipage/parsing.html#before-attribute-name-state
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from vlm.documents.braces import COMMENT, end_of_braces

Quote = Literal['"', "'", "{", "", "bare", "missing"]

_NAME = re.compile(r"</?[A-Za-z][^ \t\n\f\r/>]*+")
BETWEEN = re.compile(r"[ \t\n\f\r/]*+")
BETWEEN_IN_CODE = re.compile(rf"(?:\s|{COMMENT}|/(?![/*]))*+")
ATTRIBUTE_NAME = re.compile(r"=?[^ \t\n\f\r/>=]*+")
EQUALS = re.compile(r"[ \t\n\f\r]*+=[ \t\n\f\r]*+")
UNQUOTED = re.compile(r"[^ \t\n\f\r>]++")


@dataclass(slots=True)
class Attribute:
    """``text[start:end]`` is the attribute, ``text[value_start:value_end]`` what its quotes hold.

    ``quote`` is "bare" without a value, "missing" where nothing follows the equals sign, and "{"
    where the value is an expression of JSX, Svelte or Astro, braces included.
    """

    name: str
    start: int
    end: int
    value_start: int
    value_end: int
    quote: Quote


@dataclass(slots=True)
class StartTag:
    """A start tag; of attributes with the same name the first counts, as in browsers."""

    name: str
    start: int
    name_end: int
    end: int = 0
    attributes: dict[str, Attribute] = field(default_factory=dict)
    closed: bool = False  # ends with "/>"
    drawn: bool = False  # stands in an <svg> or <math>

    def add(self, attribute: Attribute) -> None:
        """Keep an attribute unless there is one of its name."""
        self.attributes.setdefault(attribute.name, attribute)


@dataclass(frozen=True, slots=True)
class EndTag:
    """An end tag."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """Text between tags, as in the source."""

    source: str


Token = StartTag | EndTag | Text


def read_tag(text: str, start: int, *, code: bool) -> StartTag | None:
    """The start or end tag whose ``<`` is at ``start``; None if the page ends inside it.

    ``code``: braces between and after attributes hold expressions of a program.
    """
    name = _NAME.match(text, start)
    if name is None:
        raise ValueError(f"no tag starts at {start}")
    tag = StartTag(name[0].lstrip("</").lower(), start, name.end())
    position = name.end()
    between = BETWEEN_IN_CODE if code else BETWEEN
    while True:
        gap = between.match(text, position)
        position = gap.end() if gap else position
        if position >= len(text):
            return None
        if text[position] == ">":
            tag.closed = gap is not None and gap[0].endswith("/")
            tag.end = position + 1
            return tag
        if code and text[position] == "{":
            end = end_of_braces(text, position)
            tag.add(Attribute(text[position:end], position, end, position, end, "{"))
        else:
            attribute = _read_attribute(text, position, code)
            if attribute is None:
                return None
            tag.add(attribute)
            end = attribute.end
        position = end


def _read_attribute(text: str, start: int, code: bool) -> Attribute | None:
    found = ATTRIBUTE_NAME.match(text, start)
    end = found.end() if found else start
    name = text[start:end].lower()
    equals = EQUALS.match(text, end)
    if equals is None:
        return Attribute(name, start, end, end, end, "bare")
    value = equals.end()
    if value >= len(text):
        return None
    opening = text[value]
    if opening == ">":
        return Attribute(name, start, value, value, value, "missing")
    if code and opening == "{":
        end = end_of_braces(text, value)
        return Attribute(name, start, end, value, end, "{")
    if opening in "\"'":
        close = text.find(opening, value + 1)
        if close < 0:
            return None
        quote: Quote = '"' if opening == '"' else "'"
        return Attribute(name, start, close + 1, value + 1, close, quote)
    unquoted = UNQUOTED.match(text, value)
    end = unquoted.end() if unquoted else value
    return Attribute(name, start, end, value, end, "")
