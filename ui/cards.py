"""Photos of the library as cards: each opens large, is ticked, and leads to others like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from index.records import Band
from ui import resources, searches
from ui.components import show_band, show_errors
from ui.photo_words import photo_words
from ui.picks import pick_or_tell, picks
from ui.plain import counted, escaped, shown_date, shown_name, shown_path
from ui.preview import open_large
from ui.selection import tick_box
from vlm.errors import PathMissing, VlmError


@dataclass(frozen=True, slots=True)
class Card:
    """A photo of the library as a grid shows it; ``taken_at`` is ISO 8601.

    ``band`` is None where nothing was searched for.
    """

    path: Path
    band: Band | None = None
    taken_at: str | None = None


def card_grid(cards: Sequence[Card], *, key: str) -> None:
    """Photos side by side, as many in a row as there is room for."""
    paths = [card.path for card in cards]
    resources.thumbnails().start(paths)
    words = photo_words(resources.settings(), paths)
    with st.container(key=f"hits-{key}"):
        grid = st.grid(columns=4, min_column_width=145, gap="small")
        for place, card in enumerate(cards):
            with grid.cell(), st.container(key=f"card-{key}-{place}", gap="xxsmall"):
                if _show(card, f"{key}-{place}", words):
                    open_large(paths, place)


def _show(card: Card, key: str, words: Mapping[Path, str]) -> bool:
    """Draw a card; whether it is to be opened."""
    name = shown_name(card.path.name)
    opened = False
    try:
        thumbnail = resources.thumbnail(card.path)
        st.image(thumbnail, width="stretch", alt=words.get(card.path, name))
        opened = st.button(escaped(f"Open {name}"), key=f"large-{key}")  # lies over the picture
    except PathMissing:
        with st.container(key=f"gone-{key}"):
            st.text("The file is not there now")
    except VlmError as error:
        show_errors([error])
    with st.container(key=f"corner-{key}"):
        tick_box(card.path)
    st.text(name, wrap=False)
    if card.band is not None:
        show_band(card.band)
    with st.container(key=f"quiet-where-{key}"):
        st.text(_where(card), wrap=False)
    with st.container(key=f"actions-{key}", gap=None):
        _actions(card.path, key)
    return opened


def _where(card: Card) -> str:
    """When and in which folder, in one line, so that cards are of one height."""
    folder = shown_name(card.path.parent.name)
    return f"{shown_date(card.taken_at)} · {folder}" if card.taken_at else folder


def _actions(path: Path, key: str) -> None:
    st.button(
        "More like this", icon=":material/image_search:", type="tertiary", key=f"like-{key}",
        on_click=partial(searches.walk_to, path),
    )  # fmt: skip
    asked = st.button(
        "Ask about this", icon=":material/chat_add_on:", type="tertiary", key=f"pick-{key}"
    )
    if asked:
        pick_or_tell(path)
        st.switch_page("views/chat.py")


def tell_gone(paths: Sequence[Path]) -> None:
    """Say once what may be wrong where files are not there: a disk that is not connected."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        folders = list(dict.fromkeys(shown_path(path.parent) for path in missing))
        others = f" and {counted(len(folders) - 1, 'other folder')}" if len(folders) > 1 else ""
        told = (
            f"{len(missing):,} of these photos cannot be reached, in {folders[0]}"
            f"{others}. If they are on a disk that is not connected, connect it and search again. "
            "If they were moved or deleted, choose Look for changes on the Library page."
        )
        st.warning(escaped(told), icon=":material/hard_drive:")


def picked_photos() -> None:
    """How many photos are picked for the chat, and the way there; nothing where none is."""
    if not picks():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="picked"):
        with st.container(key="quiet-picked", width="content"):
            st.text(f"{counted(len(picks()), 'photo')} picked for the chat")
        st.page_link("views/chat.py", label="Ask about them", icon=":material/chat:")
