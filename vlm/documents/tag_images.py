"""An image tag: what it says of the image, and where in it the alternative text stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from vlm.documents.character_references import attribute_text
from vlm.documents.images import Kind, Syntax
from vlm.documents.imports import file_of
from vlm.documents.sources import picture_of
from vlm.documents.surroundings import is_hidden
from vlm.documents.tags import Attribute, StartTag
from vlm.documents.templates import Masked

_KINDS: dict[str, Kind] = {
    "img": "img",
    "image": "img",  # what browsers make of it outside a drawing
    "input": "input",
    "area": "area",
    "amp-img": "amp-img",
    "svg": "svg",
}
_BOUND = re.compile(
    r"(?::|v-bind:|x-bind:|bind:|th:|data-th-|ng-attr-|attr\.|\[(?:attr\.)?)(alt|src)\]?(?:\.\w+)?"
    r"|(alt|src)\.bind|(?:ng-|data-ng-)(src)|\{\s*(alt|src)\s*\}"
)
_SPREAD = frozenset(["v-bind", "th:attr", "th:attrappend", "x-bind", "*bind"])
_LITERAL = re.compile(r"""\{\s*(?:(["'`])([^"'`\\$]*)\1|(\d+|true|false))\s*\}""")
_PIXELS = re.compile(r"\s*(\d{1,7})(?:\.\d+)?\s*(?:px\s*)?")
_TITLE = re.compile(r"\s*<title\b[^<>]*>([^<]{0,300})")


@dataclass(frozen=True, slots=True)
class Change:
    """An alternative text's place in the text of a page; the words go between the two strings."""

    start: int
    end: int
    prefix: str
    suffix: str
    syntax: Syntax


@dataclass(frozen=True, slots=True)
class Found:
    """An image by itself, without what is around it; positions are characters of the page."""

    kind: Kind
    start: int
    end: int
    src: str
    src_is_template: bool
    alt: str | None
    change: Change | None
    fixed: str
    title: str = ""
    width: int | None = None
    height: int | None = None
    hidden: bool = False
    lang: str | None = None
    link: str | None = None
    button: bool = False


@dataclass(frozen=True, slots=True)
class TagReader:
    """Reads tags of one ``text``, whose characters stand in the page ``where`` they are asked for.

    ``quoted_braces``: braces in quotes are expressions too, as in Svelte.
    """

    text: str
    page: str  # the whole page, not masked
    masked: Masked
    where: Callable[[int], int]
    quoted_braces: bool = False
    syntax: Syntax = "html"
    imports: dict[str, str] = field(default_factory=dict)  # files by their names in the program

    def values(self, tag: StartTag) -> dict[str, str]:
        """The attributes as a reader of the page has them; expressions as they are written."""
        return {self._name(a): self.value(a) for a in reversed(tag.attributes.values())}

    def value(self, attribute: Attribute) -> str:
        """One attribute's value."""
        raw = self.masked.restore(self.text[attribute.value_start : attribute.value_end])
        if attribute.quote == "{":
            literal = _LITERAL.fullmatch(raw)
            return (literal[2] or literal[3] or "") if literal else raw
        return attribute_text(raw)

    def is_template(self, attribute: Attribute) -> bool:
        """Whether the value is known only when the page is made."""
        raw = self.text[attribute.value_start : attribute.value_end]
        if attribute.quote == "{":
            return not _LITERAL.fullmatch(raw)
        return self.masked.is_template(raw) or (self.quoted_braces and "{" in raw)

    def image(self, tag: StartTag, *, sources: list[str]) -> Found | None:
        """The image that a tag shows, if it shows one.

        ``sources``: of the `<picture>` around it.
        """
        kind = _KINDS.get(tag.name)
        values = self.values(tag)
        if kind is None or (tag.drawn and tag.name in ("image", "svg")):
            return None
        if kind == "input" and values.get("type", "").lower() != "image":
            return None
        if kind == "svg" and values.get("role", "").lower() != "img":
            return None
        src, src_is_template = self._source(tag, values, sources)
        alt, change, fixed = self._alt(tag, values) if kind != "svg" else self._drawing(tag, values)
        role = values.get("role", "").lower()
        return Found(
            kind=kind,
            start=self.where(tag.start),
            end=self.where(tag.end - 1) + 1,
            src="" if kind in ("area", "svg") else src,
            src_is_template=src_is_template,
            alt=alt,
            change=change,
            fixed=fixed,
            title=values.get("title", ""),
            width=_pixels(values.get("width", "")),
            height=_pixels(values.get("height", "")),
            hidden=is_hidden(values) or role in ("presentation", "none"),
            lang=values.get("lang") or values.get("xml:lang") or None,
            link=values.get("href") if kind == "area" else None,
            button=kind == "input",
        )

    def _source(
        self, tag: StartTag, values: dict[str, str], sources: list[str]
    ) -> tuple[str, bool]:
        bound = self._bound(tag, "src")
        if bound is not None and not values.get("src"):
            return self.value(bound), True
        src = picture_of(values, sources)
        imported = file_of(src, self.imports) if src.startswith("{") else None
        if imported is not None:
            return imported, False
        templates = {self.value(a) for a in tag.attributes.values() if self.is_template(a)}
        return src, any(src and src in template for template in templates)

    def _alt(self, tag: StartTag, values: dict[str, str]) -> tuple[str | None, Change | None, str]:
        attribute = next((a for a in tag.attributes.values() if self._name(a) == "alt"), None)
        bound = self._bound(tag, "alt")
        if attribute is None and bound is not None:
            return self.value(bound), None, "its alt is an expression"
        pieces = [a for a in tag.attributes.values() if self.masked.without(a.name) != a.name]
        if attribute is not None:
            alt = self.value(attribute)
            if attribute.quote == "{" or self.is_template(attribute):
                return alt, None, "its alt is an expression"
            if any(piece.start <= attribute.start for piece in pieces):
                return alt, None, "its alt depends on a template"
            return alt, self._replacing(attribute), ""
        if any(self._spreads(a) for a in tag.attributes.values()):
            return None, None, "a template may add its alt"
        if values.get("aria-label", "").strip() or values.get("aria-labelledby", "").strip():
            return None, None, "its name is an aria-label"
        return None, self._inserting(tag, pieces), ""

    def _replacing(self, attribute: Attribute) -> Change:
        space = attribute.start
        while self.text[space - 1].isspace():
            space -= 1
        start, end = self.where(space), self.where(attribute.end - 1) + 1
        if attribute.quote in ('"', "'"):
            value, last = self.where(attribute.value_start - 1) + 1, self.where(attribute.value_end)
            return Change(start, end, self.page[start:value], self.page[last:end], self.syntax)
        name = self.where(attribute.start + len(attribute.name) - 1) + 1
        return Change(start, end, self.page[start:name] + '="', '"', self.syntax)

    def _inserting(self, tag: StartTag, pieces: list[Attribute]) -> Change:
        """After the source, where readers look for it, and in its quotes."""
        src = tag.attributes.get("src")
        at = tag.name_end
        if src and src.quote != "missing" and not any(piece.start < src.end for piece in pieces):
            at = src.end
        quotes = [a.quote for a in (src, *tag.attributes.values()) if a and a.quote in ('"', "'")]
        quote = quotes[0] if quotes else '"'
        here = self.where(at - 1) + 1
        return Change(here, here, f" alt={quote}", quote, self.syntax)

    def _drawing(self, tag: StartTag, values: dict[str, str]) -> tuple[str | None, None, str]:
        title = _TITLE.match(self.text, tag.end)
        name = values.get("aria-label") or (attribute_text(title[1]).strip() if title else None)
        return name or None, None, "an inline drawing is named by its <title> or aria-label"

    def _name(self, attribute: Attribute) -> str:
        return self.masked.without(attribute.name).strip()

    def _bound(self, tag: StartTag, name: str) -> Attribute | None:
        for attribute in tag.attributes.values():
            bound = _BOUND.fullmatch(attribute.name)
            if bound and name in bound.groups():
                return attribute
        return None

    def _spreads(self, attribute: Attribute) -> bool:
        spread = attribute.name.startswith("{") or attribute.name in _SPREAD
        return spread or self.masked.adds_attributes(attribute.name)


def _pixels(value: str) -> int | None:
    found = _PIXELS.fullmatch(value)
    return int(found[1]) if found else None
