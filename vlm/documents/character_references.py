"""Character references (`&amp;`), read as browsers do and written so that every reader agrees.

Source: https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

from vlm.documents.images import Syntax
from vlm.untrusted_text import printable

_REFERENCE = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]*;?=?)")
_BREAKS = re.compile(r"[\s\x1c-\x1f]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_BRACES = {"{": "&#123;", "}": "&#125;"}
_MARKDOWN = re.compile(r"[\\\[\]*_`<>|~$]|&(?=#?\w+;)")


def attribute_text(raw: str) -> str:
    """What an attribute's source means; unlike in text, ``&copy=`` in it is no reference.

    >>> attribute_text("?a=1&copy=2&amp;b"), attribute_text("Tom &amp Ann &#233;")
    ('?a=1&copy=2&b', 'Tom & Ann é')
    """
    if "\r" in raw or "\x00" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return _REFERENCE.sub(_in_attribute, raw) if "&" in raw else raw


def _in_attribute(found: re.Match[str]) -> str:
    source = found[0]
    return unescape(source) if source[1] == "#" or source[1:] in html5 else source


def seen(text: str) -> str:
    """Text as a reader sees it: white space collapsed."""
    return readable(" ".join(text.split()))


def readable(text: str) -> str:
    """Text that can be saved: the lone surrogates of undecodable bytes are shown as such."""
    return _SURROGATES.sub("\ufffd", text)


def one_line(alt: str) -> str:
    r"""An alternative text as it can stand in a page: no line breaks, no control characters.

    >>> one_line(" a red\r\n barn\x00 ")
    'a red barn'
    """
    return _BREAKS.sub(" ", printable(_BREAKS.sub(" ", alt))).strip()


def escaped(alt: str, syntax: Syntax) -> str:
    r"""An alternative text as source, for an attribute in any quotes or a Markdown label.

    Braces are written as references everywhere: template languages and JSX would read them.

    >>> escaped('5 < 6 & "x"', "html"), escaped("a [b] {{c}}", "markdown")
    ('5 &lt; 6 &amp; &quot;x&quot;', 'a \\[b\\] &#123;&#123;c&#125;&#125;')
    """
    alt = one_line(alt)
    if syntax != "markdown":
        words = "".join(_HTML.get(char) or _BRACES.get(char, char) for char in alt)
        return words if syntax == "html" else words.replace("|", "&#124;")  # it would end a cell
    alt = _MARKDOWN.sub(lambda found: "&amp;" if found[0] == "&" else "\\" + found[0], alt)
    return "".join(_BRACES.get(char, char) for char in alt)
