"""What stands behind the ? in the address of the Search page: a search that can be shared.

``?q=`` has the words, ``?like=`` the SHA-256 of a photo of the library; never a path. The browser's
own buttons for back and forward, reloading and bookmarks work because of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import streamlit as st

from index.library import Library
from ui.errors import PhotoUnknown
from ui.settings import Settings

_LONGEST = 1000
"""Longer queries are searched for and do not stand in the address."""


class Address(NamedTuple):
    """Words, or a photo that others are to look like."""

    kind: Literal["q", "like"]
    value: str


def of_words(query: str) -> Address | None:
    """The address of a search for words, where they are not too many for one.

    >>> of_words("a dog")
    Address(kind='q', value='a dog')
    """
    return Address("q", query) if len(query) <= _LONGEST else None


def of_photo(chosen: Settings, path: Path) -> Address | None:
    """The address of the photos like one, where that one is in the library."""
    with Library.open(chosen.library) as library:
        digest = library.catalogue.digests([path]).get(path)
    return None if digest is None else Address("like", digest.hex())


def photo_of(chosen: Settings, address: Address) -> Path:
    """The photo of the library that an address names. Raises `PhotoUnknown`."""
    try:
        digest = bytes.fromhex(address.value)
    except ValueError:
        raise PhotoUnknown from None
    with Library.open(chosen.library) as library:
        paths = [state.path for state, _ in library.catalogue.photos_with(digest)]
    if not paths:
        raise PhotoUnknown
    return next((path for path in paths if path.exists()), paths[0])


def read() -> Address | None:
    """What the address asks for now."""
    query, photo = st.query_params.get("q", "").strip(), st.query_params.get("like", "")
    if query:
        return of_words(query)
    return Address("like", photo) if photo else None


def write(address: Address | None) -> None:
    """Let the address say this; the browser can go back to what it said before."""
    if address == read():
        return
    others = {name: value for name, value in st.query_params.items() if name not in ("q", "like")}
    st.query_params.from_dict(others | ({address.kind: address.value} if address else {}))
