"""An XMP packet with other texts in two of its properties, and every other byte as it was.

The properties are those for accessibility of the IPTC Photo Metadata Standard 2021.1, both Lang
Alt. A property that is there is written again where it stands; one that is not comes in a node of
its own at the end of ``rdf:RDF`` (XMP part 1, 7.4 allows several nodes about one thing).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from index.metadata.writing.errors import Refusal
from index.metadata.writing.languages import LangAlt, with_language
from index.metadata.writing.layout import RDF, Layout, layout_of
from index.metadata.writing.splices import Splice, applied
from index.metadata.xmp_packet import MAX_BYTES

ALT = "AltTextAccessibility"
EXTENDED = "ExtDescrAccessibility"
PROPERTIES = (ALT, EXTENDED)

_IPTC = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
_NAMES = {f"{_IPTC}}}{name}": name for name in PROPERTIES}
_NEW = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="vlm-assistant">\n'
    f'<rdf:RDF xmlns:rdf="{RDF}">\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
).encode()
_ENCODING = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_PADDING = re.compile(rb"[ \t\r\n]{2,}(?=<\?xpacket end=[\"']w[\"']\?>\s*\Z)")
_UTF_16 = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
}


def texts_in(packet: bytes) -> dict[str, LangAlt]:
    """What the two properties say, by name; those that are not there are left out.

    Raises `Refusal` for a packet that could not be written either.
    """
    if not packet.strip(b"\x00 \t\r\n"):
        return {}
    return _texts(layout_of(_in_utf_8(packet)[0].rstrip(b"\x00"), _NAMES))


def with_texts(packet: bytes, texts: Mapping[str, str], language: str) -> bytes:
    """Say these texts, by property name, in a language; an empty packet becomes a new one.

    Texts in other languages stay. What says so already comes back as it is. Raises `Refusal`.
    """
    said = texts_in(packet)
    values = {n: with_language(said.get(n, ()), language, text) for n, text in texts.items()}
    return with_values(packet, values)


def with_values(packet: bytes, values: Mapping[str, LangAlt]) -> bytes:
    """As `with_texts`, but all the texts of a property at once; none removes it."""
    utf_8, encoding = _in_utf_8(packet if packet.strip(b"\x00 \t\r\n") else _NEW)
    body = utf_8.rstrip(b"\x00")
    after = applied(body, _changes(body, values)) + utf_8[len(body) :]
    if len(after) > MAX_BYTES:
        raise Refusal("its XMP is too large")
    return after if encoding == "utf-8" else after.decode().encode(encoding)


def without_padding(packet: bytes) -> bytes:
    """Leave out the white space that other programs keep free for later changes in place."""
    return _PADDING.sub(b"\n", packet)


def _changes(body: bytes, values: Mapping[str, LangAlt]) -> list[Splice]:
    layout = layout_of(body, _NAMES)
    said = _texts(layout)
    changes = []
    new = []
    for full, name in _NAMES.items():
        wanted = values.get(name, said.get(name, ()))
        if wanted == said.get(name, ()):
            continue
        element = _element(name, wanted, layout) if wanted else b""
        place = layout.places.get(full)
        if place is None or place.is_attribute:
            new.append(element)
            element = b""
        if place is not None:
            changes.append(Splice(place.start, place.end, element))
    if any(new):
        changes.append(_node(b"\n".join(filter(None, new)), layout))
    return sorted(changes)


def _texts(layout: Layout) -> dict[str, LangAlt]:
    return {_NAMES[full]: place.values for full, place in layout.places.items() if place.values}


def _element(name: str, values: LangAlt, layout: Layout) -> bytes:
    items = "".join(
        f"<rdf:li xml:lang={quoteattr(tag)}>{escape(text)}</rdf:li>"
        if tag
        else f"<rdf:li>{escape(text)}</rdf:li>"
        for tag, text in values
    )
    rdf = "" if layout.rdf_known else f' xmlns:rdf="{RDF}"'
    tag = f"Iptc4xmpCore:{name}"
    return f'<{tag} xmlns:Iptc4xmpCore="{_IPTC}"{rdf}><rdf:Alt>{items}</rdf:Alt></{tag}>'.encode()


def _node(elements: bytes, layout: Layout) -> Splice:
    rdf = "" if layout.rdf_known else f' xmlns:rdf="{RDF}"'
    opening = f"<rdf:Description{rdf} rdf:about={quoteattr(layout.about)}>\n".encode()
    node = opening + elements + b"\n</rdf:Description>\n"
    if layout.rdf_tag is None:
        return Splice(layout.end_of_rdf, layout.end_of_rdf, node)
    slash, end, name = layout.rdf_tag
    return Splice(slash, end, b">" + node + b"</" + name + b">")


def _in_utf_8(packet: bytes) -> tuple[bytes, str]:
    encoding = next((name for mark, name in _UTF_16.items() if packet.startswith(mark)), "utf-8")
    try:
        body = packet.decode(encoding).encode()
    except UnicodeError:
        raise Refusal(f"its XMP is broken: not {encoding.upper()}") from None
    declared = _ENCODING.search(body, 0, 200)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"utf-16", b"us-ascii"):
        raise Refusal(f"its XMP is in {declared[1].decode(errors='replace')[:20]}")
    return body, encoding
