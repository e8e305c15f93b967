"""Where things stand in an XMP packet, in bytes, so that a change touches nothing else.

The packet is read by expat, which says at which byte each event began. What has no place in an
honest packet, and what is written in a way that is not understood, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from index.metadata.writing.errors import Refusal
from index.metadata.writing.languages import LangAlt

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LANGUAGE = "http://www.w3.org/XML/1998/namespace}lang"
_LISTS = (f"{RDF}}}Alt", f"{RDF}}}Bag", f"{RDF}}}Seq")
_MAX_DEPTH = 100
_MAX_ELEMENTS = 200_000
_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>"']+)\s*=\s*(?:"[^"]*"|'[^']*')""")


class Place(NamedTuple):
    """A property: the bytes it takes, what it says, and whether it is an attribute."""

    start: int
    end: int
    values: LangAlt
    is_attribute: bool


@dataclass(slots=True)
class Layout:
    """``places`` by "namespace}name"; ``about`` is what the packet is about, mostly "".

    ``end_of_rdf`` is where a last node may go. Of an empty ``<rdf:RDF/>``, ``rdf_tag`` has the
    place of its slash, its end and its name; else it is None. ``rdf_known``: "rdf" is RDF's prefix.
    """

    places: dict[str, Place] = field(default_factory=dict)
    about: str = ""
    end_of_rdf: int = -1
    rdf_tag: tuple[int, int, bytes] | None = None
    rdf_known: bool = True


def layout_of(packet: bytes, wanted: Collection[str]) -> Layout:
    """Read a packet in UTF-8 and find these properties. Raises `Refusal`."""
    reader = _Reader(packet, wanted)
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartNamespaceDeclHandler = reader.namespace
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    reader.parser = parser
    try:
        parser.Parse(packet, True)
    except expat.ExpatError as error:
        raise Refusal(f"its XMP is broken: {expat.ErrorString(error.code)}") from None
    if reader.layout.end_of_rdf < 0:
        raise Refusal("its XMP has no rdf:RDF")
    return reader.layout


class _Reader:
    """Events of the parser in, the layout out."""

    def __init__(self, packet: bytes, wanted: Collection[str]) -> None:
        self.parser: expat.XMLParserType
        self.layout = Layout()
        self._packet = packet
        self._wanted = wanted
        self._path: list[str] = []
        self._empty: list[int] = []  # where an empty tag ends, 0 for others
        self._elements = 0
        self._root = 0
        self._property: tuple[str, int] | None = None
        self._values: list[tuple[str, str]] = []
        self._language: str | None = None
        self._text: list[str] = []
        self._listed = False

    def doctype(self, *_: object) -> None:
        """A document type is only there to define entities."""
        raise Refusal("its XMP has a document type")

    def namespace(self, prefix: str | None, uri: str | None) -> None:
        """Called before the tag that declares it."""
        if prefix == "rdf" and uri != RDF:
            self.layout.rdf_known = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Called at every opening tag."""
        name, prefix = _split(name)
        begin = self.parser.CurrentByteIndex
        tag = _TAG.match(self._packet, begin)
        if tag is None:  # cannot be: the parser has read it
            raise Refusal("its XMP is broken")
        self._path.append(name)
        self._empty.append(tag.end() if tag[0].endswith(b"/>") else 0)
        self._elements += 1
        if len(self._path) > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise Refusal("its XMP is too deep or too large")
        if not self._root:
            if name == f"{RDF}}}RDF":
                self._start_rdf(begin, tag.end(), prefix)
            return
        level = len(self._path) - self._root
        if level == 1:
            self._start_node(begin, tag[0], attributes)
        elif level == 2 and name in self._wanted:
            self._property = (name, begin)
            self._values, self._text, self._listed = [], [], False
            self._language = next(
                (value for key, value in attributes.items() if _split(key)[0] == _LANGUAGE), ""
            )
            if any(_split(key)[0].startswith(RDF) for key in attributes):
                raise Refusal("the text in its XMP is written in a way that is not understood")
        elif self._property is not None:
            self._start_value(level, name, attributes)

    def _start_rdf(self, begin: int, end: int, prefix: str) -> None:
        if self.layout.end_of_rdf >= 0:
            raise Refusal("its XMP has more than one rdf:RDF")
        self._root = len(self._path)
        self.layout.rdf_known &= prefix == "rdf"
        if self._empty[-1]:
            name = self._packet[begin + 1 : end].split(b"/")[0].split()[0]
            self.layout.rdf_tag = (end - 2, end, name)

    def _start_node(self, begin: int, tag: bytes, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            name, prefix = _split(key)
            if name in (f"{RDF}}}about", "about"):
                self.layout.about = self.layout.about or value
            elif name in self._wanted:
                raw = f"{prefix}:{name.rpartition('}')[2]}".encode()
                start, end = next(
                    found.span() for found in _ATTRIBUTE.finditer(tag) if found[1] == raw
                )
                values = (("", value.strip()),) if value.strip() else ()
                self._keep(name, Place(begin + start, begin + end, values, True))

    def _start_value(self, level: int, name: str, attributes: Mapping[str, str]) -> None:
        if level == 3 and name in _LISTS and not self._listed and not self._said():
            self._listed, self._language, self._text = True, None, []
        elif level == 4 and name == f"{RDF}}}li" and self._listed and not self._said():
            languages = [v for key, v in attributes.items() if _split(key)[0] == _LANGUAGE]
            if len(languages) != len(attributes):
                raise Refusal("the text in its XMP is written in a way that is not understood")
            self._language, self._text = (languages or [""])[0], []
        else:
            raise Refusal("the text in its XMP is written in a way that is not understood")

    def text(self, text: str) -> None:
        """Called for text between tags."""
        if self._property is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        """Called at every closing tag, and at the end of an empty one."""
        del name
        level = len(self._path) - self._root
        begin = self.parser.CurrentByteIndex
        end = self._empty.pop() or self._packet.index(b">", begin) + 1
        if self._property is not None:
            if self._language is None and self._said():
                raise Refusal("the text in its XMP is written in a way that is not understood")
            if self._language is not None and (level == 4 or not self._listed):
                self._values.append((self._language, self._said()))
                self._language = None
            self._text = []
            if level == 2:
                name, start = self._property
                self._keep(name, Place(start, end, tuple(v for v in self._values if v[1]), False))
                self._property = None
        if len(self._path) == self._root:
            self.layout.end_of_rdf = begin
            self._root = 0
        self._path.pop()

    def _said(self) -> str:
        return "".join(self._text).strip()

    def _keep(self, name: str, place: Place) -> None:
        if name in self.layout.places:
            raise Refusal("its XMP has the same text twice")
        self.layout.places[name] = place


def _split(name: str) -> tuple[str, str]:
    """ "namespace}name" and prefix of expat's triplets."""
    parts = name.split("}")
    return ("}".join(parts[:2]), parts[2]) if len(parts) == 3 else (name, "")
