"""A page's tags and texts go in, in order; its images come out, each with what is around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from itertools import pairwise

from vlm.documents.character_references import attribute_text, readable, seen
from vlm.documents.encodings import Decoded
from vlm.documents.images import Edit, ImageInDocument
from vlm.documents.sources import local_path
from vlm.documents.surroundings import Place, Surroundings
from vlm.documents.tag_images import Found, TagReader
from vlm.documents.tags import EndTag, StartTag, Text, Token

_NO_PICTURE = {"area": "an area of an image map", "svg": "an inline drawing"}
_LINK_COMPONENTS = frozenset(["Link", "NavLink", "NuxtLink", "router-link", "nuxt-link"])


class Gathering:
    """The images of one page, while it is read."""

    def __init__(self, lang: str | None = None) -> None:
        self.surroundings = Surroundings(lang)
        self._found: list[Found] = []
        self._places: list[Place] = []
        self._base: str | None = None
        self._picture: list[str] = []

    def take(self, token: Token, reader: TagReader) -> None:
        """The next tag or text."""
        if isinstance(token, Text):
            self.surroundings.text(attribute_text(reader.masked.without(token.source)))
        elif isinstance(token, EndTag):
            name = "a" if token.name in _LINK_COMPONENTS else token.name
            if name == "picture":
                self._picture = []
            self.surroundings.close(name)
        else:
            self._open(token, reader)

    def _open(self, tag: StartTag, reader: TagReader) -> None:
        found = reader.image(tag, sources=self._picture)
        if found is not None:
            self.add(found)
        values = reader.values(tag)
        name = "a" if tag.name in _LINK_COMPONENTS else tag.name
        if name == "base" and self._base is None:
            self._base = values.get("href")
        elif name == "picture":
            self._picture = []
        elif name == "source" and values.get("srcset"):
            self._picture.append(values["srcset"])
        self.surroundings.open(name, values, closed=tag.closed)

    def add(self, found: Found) -> None:
        """An image that stands where the reading is now."""
        self._found.append(found)
        self._places.append(self.surroundings.place())

    def images(self, data: bytes, decoded: Decoded) -> Iterator[ImageInDocument]:
        """All images, once the whole page was read."""
        positions: set[int] = set()
        for found in self._found:
            positions.update((found.start, found.end))
            if found.change:
                positions.update((found.change.start, found.change.end))
        at = decoded.byte_offsets(positions)
        lines = _lines(decoded.text, sorted({found.start for found in self._found}))
        document = digest(data)
        contexts = self.surroundings.contexts(self._places)
        for found, context in zip(self._found, contexts, strict=True):
            local, not_local = local_path(readable(found.src), self._base or "")
            if found.kind in _NO_PICTURE:
                not_local = _NO_PICTURE[found.kind]
            elif found.src_is_template:
                local, not_local = None, "a template expression"
            yield ImageInDocument(
                context=replace(
                    context,
                    src=readable(found.src),
                    alt=found.alt if found.alt is None else readable(found.alt),
                    title=seen(found.title),
                    link=context.link if found.link is None else found.link,
                    button=context.button or found.button,
                    width=found.width,
                    height=found.height,
                    hidden=context.hidden or found.hidden,
                    lang=found.lang or context.lang,
                ),
                start=at[found.start],
                end=at[found.end],
                line=lines[found.start],
                kind=found.kind,
                local=local,
                not_local=not_local,
                edit=_edit(found, at, decoded),
                fixed=found.fixed,
                document=document,
            )


def digest(data: bytes) -> str:
    """Tells whether offsets belong to these bytes."""
    return blake2b(data, digest_size=16).hexdigest()


def _edit(found: Found, at: dict[int, int], decoded: Decoded) -> Edit | None:
    change = found.change
    if change is None:
        return None
    prefix = change.prefix.encode(decoded.codec, decoded.errors)
    suffix = change.suffix.encode(decoded.codec, decoded.errors)
    return Edit(
        at[change.start], at[change.end], prefix, suffix, change.syntax, codec=decoded.codec
    )


def _lines(text: str, positions: list[int]) -> dict[int, int]:
    """The line, from 1, of each of the sorted positions; line ends are LF, CR LF or CR."""
    lines, line = {}, 1
    for last, position in pairwise([0, *positions]):
        passed = text[last:position]
        line += passed.count("\n") + passed.count("\r") - passed.count("\r\n")
        lines[position] = line
    return lines
