"""The text of a page, and where each character of it stands in the page's bytes.

Follows the Encoding Standard (https://encoding.spec.whatwg.org/) and HTML's "determining the
character encoding": a byte order mark, then what the page says of itself, then UTF-8 if its
bytes are that, then windows-1252. Decoding loses nothing: encoding gives the same bytes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vlm.documents.errors import DocumentUnreadable

_SNIFFED = 4096  # bytes; browsers look at 1024, generated pages push the declaration further down
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)"""
    rb"""|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]+)""",
    re.IGNORECASE,
)
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LABELS = {
    **dict.fromkeys(
        ["ascii", "us-ascii", "latin1", "iso-8859-1", "iso8859-1", "x-cp1252"], "cp1252"
    ),
    **dict.fromkeys(["utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "unicode"], "utf-8"),
    **dict.fromkeys(["gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"], "gb18030"),
    **dict.fromkeys(["shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"], "cp932"),
    **dict.fromkeys(["euc-kr", "ks_c_5601-1987", "windows-949", "korean"], "cp949"),
    **dict.fromkeys(["big5", "big5-hkscs", "x-x-big5"], "big5hkscs"),
    **dict.fromkeys(["iso-8859-9", "latin5", "windows-1254"], "cp1254"),
    **dict.fromkeys(["iso-8859-11", "tis-620", "windows-874"], "cp874"),
    **{f"windows-125{n}": f"cp125{n}" for n in range(9) if n != 4},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{name: name for name in ("euc-jp", "koi8-r", "koi8-u")},
    "macintosh": "mac-roman",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the codec it came by; bytes that mean nothing in it are lone surrogates."""

    text: str
    codec: str
    errors: str

    def byte_offsets(self, positions: Iterable[int]) -> dict[int, int]:
        """Where characters start in the bytes; a position may be the end of the text."""
        offsets, last, total = {}, 0, 0
        for position in sorted(set(positions)):
            total += len(self.text[last:position].encode(self.codec, self.errors))
            offsets[position] = total
            last = position
        return offsets


def decode(data: bytes) -> Decoded:
    """Text of a page's bytes. Raises `DocumentUnreadable` where no codec gives them back.

    >>> decode("café".encode("cp1252")).text, decode("café".encode()).codec
    ('café', 'utf-8')
    """
    codec = _codec(data)
    errors = "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"
    try:
        decoded = Decoded(data.decode(codec, errors), codec, errors)
        kept = decoded.text.encode(codec, errors) == data
    except UnicodeError:
        kept = False
    if not kept:
        raise DocumentUnreadable(f"its bytes are not the {codec} text they are said to be")
    return decoded


def _codec(data: bytes) -> str:
    for mark, codec in _MARKS.items():
        if data.startswith(mark):
            return codec
    declared = _DECLARED.search(data[:_SNIFFED])
    if declared:
        label = (declared[1] or declared[2]).decode("ascii").lower()
        if label in _LABELS:
            return _LABELS[label]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
