"""Which picture an image tag shows, and which path its address is.

Sources: https://html.spec.whatwg.org/multipage/images.html and https://url.spec.whatwg.org/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_REMOTE = re.compile(r"(?:https?:|ftp:)|[/\\]{2}", re.IGNORECASE)
_IGNORED = re.compile(r"[\t\n\r]")


def picture_of(attributes: Mapping[str, str], picture_sources: Iterable[str] = ()) -> str:
    """The address of an image: ``src``, unless a script is to load another in its place.

    ``picture_sources``: the ``srcset`` of the ``<source>`` elements before it in a ``<picture>``.

    >>> picture_of({"src": "data:image/gif;base64,R0lGOD", "data-src": "barn.jpg"})
    'barn.jpg'
    >>> picture_of({"srcset": "a.jpg 1x, b.jpg 2x"})
    'a.jpg'
    """
    src = attributes.get("src", "")
    if src.strip() and not src.strip().lower().startswith("data:"):
        return src
    sets = [attributes.get(name, "") for name in _SETS]
    candidates = [attributes.get(name, "") for name in _LAZY]
    candidates += [first_candidate(each) for each in (*sets, *picture_sources)]
    usable = (each for each in candidates if each.strip() and not each.startswith("data:"))
    return next(usable, src)


def first_candidate(srcset: str) -> str:
    """The first address of a ``srcset``."""
    words = srcset.split(maxsplit=1)
    return words[0].strip(",") if words else ""


def local_path(src: str, base: str = "") -> tuple[str | None, str]:
    """An address as a path, or None and the reason: then it names no file of the site.

    ``base`` is the ``href`` of the page's ``<base>``. Backslashes are taken for slashes, as
    browsers do.

    >>> local_path("img/my%20barn.jpg?v=2#top"), local_path("//cdn.example/x.jpg")
    (('img/my barn.jpg', ''), (None, 'remote'))
    >>> local_path("barn.jpg", base="/holiday/")
    ('/holiday/barn.jpg', '')
    """
    address = _IGNORED.sub("", src).strip()
    reason = _elsewhere(address)
    if reason:
        return None, reason
    rooted = address.startswith(("/", "\\"))
    base = _IGNORED.sub("", base).strip()
    if base and not rooted:
        if _elsewhere(base):
            return None, "relative to a remote <base>"
        address = base[: base.replace("\\", "/").rfind("/") + 1] + address
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    decoded = unquote(path).replace("\\", "/")
    if not decoded or "\x00" in decoded:
        return None, "no file name"
    return decoded, ""


def _elsewhere(address: str) -> str:
    """Why an address cannot name a file of the site; empty if it can."""
    lower = address.lower()
    if not address:
        return "no source"
    if lower.startswith("data:"):
        return "inline data"
    if lower.startswith("file:"):
        return "a file: address"
    if _REMOTE.match(address):
        return "remote"
    scheme = _SCHEME.match(address)
    return f"a {scheme[0]} address" if scheme else ""
