"""Images inside requests, as ``data:`` URLs: the only ones that are looked at.

Addresses are never fetched: this server would otherwise be a way into the network that it is in,
and it would leave the machine.
"""

from __future__ import annotations

import base64
import binascii
import re

from ui.serving.errors import RequestInvalid

_HEAD = re.compile(r"data:(?P<kind>[\w.+-]+/[\w.+-]+)?(?:;[\w.+-]+=[\w.+-]+)*;base64,", re.I)


def image_bytes(url: str) -> bytes:
    """The bytes in a ``data:`` URL. Raises `RequestInvalid` for any other URL.

    >>> image_bytes("data:image/png;base64,aGVsbG8=")
    b'hello'
    """
    head = _HEAD.match(url[:200])
    if head is None:
        scheme = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]{0,20}(?=:)", url)
        if scheme is None or scheme[0].lower() == "data":
            raise RequestInvalid(f"An image must be a URL that begins {_EXAMPLE}.")
        raise RequestInvalid(
            f"Images are not fetched from {scheme[0].lower()}: addresses. Send the image itself, "
            f"as a URL that begins {_EXAMPLE}."
        )
    if head["kind"] and not head["kind"].lower().startswith(("image/", "application/octet-")):
        raise RequestInvalid(f"{head['kind']} is no image.")
    data = url[head.end() :].encode("ascii", "replace").translate(None, b" \r\n\t")
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise RequestInvalid("The base64 text of an image is broken.") from None


_EXAMPLE = "data:image/jpeg;base64,"
