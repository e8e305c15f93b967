"""The newest photos, shown to those who have not searched yet."""

from __future__ import annotations

from heapq import nlargest
from pathlib import Path

import streamlit as st

from index.library import Library
from ui import resources
from ui.cards import Card, card_grid, tell_gone
from ui.search_page.selected_photos import selected_photos

_MOST = 8


def newest_photos() -> None:
    """Draw the photos that were taken last; nothing where no photo has a date of its own."""
    chosen = resources.settings()
    cards = _newest(chosen.library, resources.changed(chosen.library))
    tell_gone([card.path for card in cards])
    cards = [card for card in cards if card.path.exists()]
    if cards:
        st.header("Newest photos", anchor=False)
        selected_photos()
        card_grid(cards, key="newest")


@st.cache_resource(show_spinner=False, max_entries=4)
def _newest(folder: Path, changed: tuple[tuple[int, int], ...]) -> list[Card]:
    """Dates of files are left out: they tell when a photo was copied."""
    del changed  # a part of the key
    with Library.open(folder) as library:
        dated = (
            (photo.taken_at, photo.path)
            for photo in library.catalogue.filterable()
            if photo.taken_at and photo.taken_from != "mtime"
        )
        return [Card(Path(path), taken_at=taken_at) for taken_at, path in nlargest(_MOST, dated)]
