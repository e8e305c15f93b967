"""Text that can be written down as UTF-8, whatever bytes a file name holds or a client escapes."""

from __future__ import annotations

from typing import Any


def well_formed(value: Any) -> Any:
    r"""A JSON document with U+FFFD for each half of a character, as names beside UTF-8 have them.

    >>> well_formed({"path": "caf\udce9.jpg", "hits": ["a", 1, None]})
    {'path': 'caf�.jpg', 'hits': ['a', 1, None]}
    """
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {well_formed(name): well_formed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [well_formed(one) for one in value]
    return value
