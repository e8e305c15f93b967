"""An XMP packet taken apart: its top-level properties, with nothing built in memory but those.

The serialisation is that of XMP part 1, chapter 7 (RDF/XML): a property is an attribute or an
element of ``rdf:Description``; its value is a text or an ``rdf:Alt``, ``Bag`` or ``Seq`` of them.
Structures (the history, regions of faces) are passed over. A document type is refused, since it
is only there to define entities, and with it everything that grows while it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import ParseError, XMLParser

from index.metadata.plain_text import decoded

MAX_BYTES = 4 << 20
"""Packets with the brush strokes of an editor reach a few megabytes."""

_MAX_DEPTH = 100
_MAX_ELEMENTS = 200_000
_MAX_VALUES = 1000
_MAX_TEXT = 20_000

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_LISTS = (f"{_RDF}Alt", f"{_RDF}Bag", f"{_RDF}Seq")

Properties = Mapping[str, list[tuple[str, str]]]
"""Values by "{namespace}name"; each is a language ("" where none is given) and a text."""


def properties_of(packet: bytes) -> Properties:
    """What can be read; a packet that is damaged half way gives its first half. Never raises."""
    packet = packet.strip(b"\x00 \t\r\n")
    if not 0 < len(packet) <= MAX_BYTES:
        return {}
    found = _parsed(packet)
    if found or packet.startswith((b"\xff\xfe", b"\xfe\xff")):
        return found
    in_utf_8 = decoded(packet).encode()
    return found if in_utf_8 == packet else _parsed(in_utf_8)  # Latin-1 that calls itself UTF-8


def _parsed(packet: bytes) -> Properties:
    collector = _Collector()
    try:
        parser = XMLParser(target=collector)
        parser.feed(packet)
        parser.close()
    except (ParseError, _Refused, LookupError, ValueError):  # the latter two: odd encodings
        pass
    return collector.found


class _Refused(Exception):
    """The packet does what no honest packet does."""


class _Collector:
    """Events of the parser in, properties out."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[str, str]]] = {}
        self._elements = 0
        self._path: list[str] = []
        self._root = 0  # how deep rdf:RDF lies, 0 outside it
        self._property = ""
        self._language = ""
        self._text: list[str] | None = None

    def doctype(self, name: str, public: str, system: str) -> None:
        """The parser calls this at a document type."""
        raise _Refused

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """The parser calls this at every opening tag."""
        self._path.append(tag)
        self._elements += 1
        if len(self._path) > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise _Refused
        if not self._root:
            self._root = len(self._path) if tag == f"{_RDF}RDF" else 0
            return
        level = len(self._path) - self._root
        self._text = None
        if level == 1:
            for name, value in attributes.items():
                self._keep(name, "", value)
        elif level == 2:
            self._property, self._language, self._text = tag, "", []
        elif level == 4 and tag == f"{_RDF}li" and self._path[-2] in _LISTS:
            self._language, self._text = attributes.get(_LANGUAGE, ""), []

    def data(self, text: str) -> None:
        """The parser calls this for text between tags."""
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """The parser calls this at every closing tag."""
        if self._text is not None:
            self._keep(self._property, self._language, "".join(self._text))
            self._text = None
        if len(self._path) == self._root:
            self._root = 0
        self._path.pop()

    def close(self) -> None:
        """The parser asks for this method; nothing is left to do."""

    def _keep(self, name: str, language: str, text: str) -> None:
        text = text.strip()[:_MAX_TEXT]
        if not text:
            return
        values = self.found.setdefault(name, [])
        values.append((language, text))
        if len(values) > _MAX_VALUES or len(self.found) > _MAX_VALUES:
            raise _Refused
