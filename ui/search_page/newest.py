"""The newest photos, shown to those who have not searched yet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from index.library import Library
from ui import resources
from ui.cards import Card, card_grid, tell_gone
from ui.search_page.selected_photos import selected_photos

_MOST = 8


def newest_photos() -> None:
    """Draw the photos that were taken last, then others where few have a date of their own."""
    chosen = resources.settings()
    cards = _newest(chosen.library, resources.changed(chosen.library))
    tell_gone([card.path for card in cards])
    cards = [card for card in cards if card.path.exists()]
    if cards:
        dated = all(card.taken_at for card in cards)
        st.header("Newest photos" if dated else "Some of your photos", anchor=False)
        selected_photos()
        card_grid(cards, key="newest")


@st.cache_resource(show_spinner=False, max_entries=4)
def _newest(folder: Path, changed: tuple[tuple[int, int], ...]) -> list[Card]:
    """Dates of files do not count: they tell when a photo was copied."""
    del changed  # a part of the key
    with Library.open(folder) as library:
        newest = library.catalogue.newest(_MOST)
    return [Card(path, taken_at=taken_at) for path, taken_at in newest]
