"""Pieces that several pages show: a photo with its alternative text, a band, errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import streamlit as st
from PIL.Image import Image

from index.records import Band
from ui.plain import escaped, shown_name
from vlm.errors import VlmError

_BANDS: dict[Band, tuple[str, Literal["green", "orange", "gray"]]] = {
    "strong": ("Strong match", "green"),
    "maybe": ("Maybe", "orange"),
    "weak": ("Weak match", "gray"),
}


def show_errors(errors: Iterable[VlmError]) -> None:
    """Each error as a box with its message: what, which file, what to do."""
    for error in errors:
        st.error(escaped(shown_name(str(error))), icon=":material/error:")


def show_plain(text: str, *, key: str) -> None:
    """Quiet text that is shown as it is, such as a folder."""
    with st.container(key=f"quiet-{key}"):
        st.text(text)


def stream_plain(pieces: Iterable[str]) -> Iterator[str]:
    """Show a reply while it grows and pass its pieces on. Words of a model are never Markdown."""
    place = st.empty()
    said = ""
    for piece in pieces:
        said += piece
        place.text(said)
        yield piece


def show_photo(image: Image, *, alt: str, width: int | Literal["stretch"] = "stretch") -> None:
    """A photo in memory with its alternative text."""
    st.image(image, width=width, alt=alt, output_format="JPEG")


def show_band(band: Band) -> None:
    """How well a photo matches, as a badge."""
    label, colour = _BANDS[band]
    st.badge(label, color=colour)
