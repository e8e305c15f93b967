"""Pieces that several pages show: a photo with its alternative text, a grid of hits, errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st
from PIL.Image import Image

from index.records import Band
from ui import resources
from ui.plain import escaped, shown_name, shown_path
from vlm.errors import VlmError

if TYPE_CHECKING:
    from langchain_core.documents import Document

_BANDS: dict[Band, tuple[str, Literal["green", "orange", "gray"]]] = {
    "strong": ("Strong match", "green"),
    "maybe": ("Maybe", "orange"),
    "weak": ("Weak match", "gray"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A photo of the library as a grid shows it; ``number`` is what a reply cites it by."""

    path: Path
    alt: str
    band: Band
    score: float
    number: int | None = None


def card_of(document: Document, number: int) -> Card:
    """A document of the retriever as a card with the number that a reply cites."""
    data = document.metadata
    return Card(Path(data["path"]), document.page_content, data["band"], data["score"], number)


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


def hit_grid(cards: Sequence[Card], *, key: str, detailed: bool = True) -> None:
    """Photos of the library side by side, as many in a row as there is room for.

    ``detailed`` adds the similarity and the folder.
    """
    with st.container(key=f"hits-{key}"):
        grid = st.grid(columns=4, min_column_width=145, gap="small")
        for place, card in enumerate(cards):
            with grid.cell(), st.container(key=f"card-{key}-{place}", gap="xxsmall"):
                _show_card(card, f"{key}-{place}", detailed)


def show_band(band: Band) -> None:
    """How well a photo matches, as a badge."""
    label, colour = _BANDS[band]
    st.badge(label, color=colour)


def _show_card(card: Card, key: str, detailed: bool) -> None:
    try:
        st.image(resources.thumbnail(card.path), width="stretch", alt=shown_name(card.alt))
    except VlmError as error:
        show_errors([error])
    number = "" if card.number is None else f"[{card.number}] "
    st.text(number + shown_name(card.path.name), wrap=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_band(card.band)
        if detailed and card.score:  # nothing was compared for a query of filters only
            show_plain(f"similarity {card.score:.2f}", key=f"score-{key}")
    if detailed:
        show_plain(shown_path(card.path.parent), key=f"folder-{key}")
