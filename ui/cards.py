"""Photos of the library as cards: each opens large, leads to others like it, and is picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from index.records import Band
from ui import resources, searches
from ui.components import show_band, show_errors, show_plain
from ui.photo_facts import photo_facts
from ui.picks import drop_pick, pick_or_tell, picks
from ui.plain import counted, escaped, shown_name, shown_path
from vlm.errors import VlmError
from vlm.images import read_image

_LARGE = 1600
"""Pixels of the longer side in the dialogue."""


@dataclass(frozen=True, slots=True)
class Card:
    """A photo of the library as a grid shows it."""

    path: Path
    band: Band
    score: float


def card_grid(cards: Sequence[Card], *, key: str) -> None:
    """Photos side by side, as many in a row as there is room for."""
    resources.thumbnails().start(card.path for card in cards)
    with st.container(key=f"hits-{key}"):
        grid = st.grid(columns=4, min_column_width=145, gap="small")
        for place, card in enumerate(cards):
            with grid.cell(), st.container(key=f"card-{key}-{place}", gap="xxsmall"):
                _show(card, f"{key}-{place}")


def _show(card: Card, key: str) -> None:
    name = shown_name(card.path.name)
    try:
        st.image(resources.thumbnail(card.path), width="stretch", alt=name)
        opened = st.button(escaped(f"Open {name}"), key=f"large-{key}")  # lies over the picture
    except VlmError as error:
        show_errors([error])
        opened = False
    st.text(name, wrap=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        show_band(card.band)
        if card.score:  # nothing was compared for a query of filters only
            show_plain(f"similarity {card.score:.2f}", key=f"score-{key}")
    show_plain(shown_path(card.path.parent), key=f"folder-{key}")
    with st.container(key=f"actions-{key}", gap=None):
        _actions(card.path, key)
    if opened:
        large(card.path)


def _actions(path: Path, key: str) -> None:
    like = partial(searches.walk_to, path)
    st.button(
        "More like this", icon=":material/image_search:", type="tertiary", key=f"like-{key}",
        on_click=like,
    )  # fmt: skip
    if path in picks():
        st.button(
            "Picked: take back", icon=":material/check:", type="tertiary", key=f"drop-{key}",
            on_click=partial(drop_pick, path),
        )  # fmt: skip
    else:
        st.button(
            "Ask about this", icon=":material/chat_add_on:", type="tertiary", key=f"pick-{key}",
            on_click=partial(pick_or_tell, path),
        )  # fmt: skip


def picked_photos() -> None:
    """How many photos are picked for the chat, and the way there; nothing where none is."""
    if not picks():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="picked"):
        with st.container(key="quiet-picked", width="content"):
            st.text(f"{counted(len(picks()), 'photo')} picked for the chat")
        st.page_link("views/chat.py", label="Ask about them", icon=":material/chat:")


def large(path: Path) -> None:
    """Open a photo in a dialogue, with what is known of it."""
    st.dialog(escaped(shown_name(path.name)), width="large")(_large)(path)


def _large(path: Path) -> None:
    try:
        image = read_image(path, size=_LARGE)
        image.thumbnail((_LARGE, _LARGE))
        st.image(image, width="stretch", alt=shown_name(path.name), output_format="JPEG")
        with st.container(key="photo-facts", gap="xsmall"):
            for word, value in photo_facts(resources.settings(), path):
                st.text(f"{word}: {value}")
    except VlmError as error:
        show_errors([error])
    with st.container(horizontal=True):
        if st.button("More like this", icon=":material/image_search:", key="large_like"):
            searches.walk_to(path)
            st.switch_page("views/search.py")
        if st.button("Ask about this", icon=":material/chat_add_on:", key="large_pick"):
            pick_or_tell(path)
            st.switch_page("views/chat.py")
