"""Text out of photo files, in whatever encoding, as one clean line of bounded length."""

from __future__ import annotations

from vlm.untrusted_text import printable

SHORT = 300
"""Characters kept of a title, a name or a keyword."""

LONG = 5000
"""Characters kept of a description."""


def decoded(data: bytes) -> str:
    r"""Text of bytes that do not say how they are encoded: UTF-8, else what Windows wrote.

    >>> decoded("Café".encode()), decoded("Café".encode("latin-1")), decoded(b"\x81")
    ('Café', 'Café', '�')
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def plain(value: object, limit: int = SHORT) -> str | None:
    r"""One line of text, or None where there is none. Bytes are decoded first.

    >>> plain("  two\r lines\x00 "), plain(b"Caf\xe9"), plain(" \x00"), plain(7)
    ('two lines', 'Café', None, None)
    """
    if isinstance(value, bytes):
        value = decoded(value[: 4 * limit])
    if not isinstance(value, str):
        return None
    words = value[: 2 * limit].replace("\x00", " ").split()  # line ends of old Macs too
    return " ".join(printable(" ".join(words)).split())[:limit].rstrip() or None
