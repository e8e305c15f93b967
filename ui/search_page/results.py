"""The photos that a search found: in words, in an order to choose, ticked and taken along."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from index.records import Hit
from ui import resources, searches
from ui.cards import Card, card_grid, tell_gone
from ui.components import show_photo, show_plain
from ui.live_region import live_region
from ui.plain import counted, escaped, shown_name
from ui.search_page.filtering import without_filters
from ui.search_page.selected_photos import selected_photos
from ui.searches import Searched

BEST, NEWEST, OLDEST = "Best first", "Newest first", "Oldest first"

_NEAREST = 12
"""So many photos are shown that do not match but are the nearest there are."""


def results(searched: Searched) -> None:
    """Draw what was found, or that nothing was."""
    if searched.photo is not None:
        show_photo(searched.photo.image, alt=f"Your photo: {searched.photo.name}", width=240)
    if searched.like is not None:
        _start_of_walk(searched.like)
    hits = searched.result.hits
    likely = [hit for hit in hits if hit.band != "weak"]
    rest = hits[len(likely) :][:_NEAREST]
    tell_gone([hit.path for hit in (*likely, *rest)])
    if likely:
        st.header("Results", anchor=False)
        _likely(searched, likely)
        if searched.may_have_more:
            st.button("Show more photos", key="more", on_click=searches.ask_for_more)
    else:
        _nothing(searched)
        selected_photos()
    if rest:
        label = f"{counted(len(rest), 'photo')} less likely" if likely else "The nearest photos"
        with st.expander(label, expanded=not likely):
            card_grid(_cards(rest), key="rest")
    spoken = _summary(searched, len(likely)) if likely else f"Nothing matches {_what(searched)}"
    with st.container(key="said-search"):
        live_region(shown_name(spoken.split(" · ")[0]), key="search_spoken")


def _likely(searched: Searched, hits: Sequence[Hit]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="over-results"):
        with st.container(key="quiet-summary"):
            st.text(f"{_summary(searched, len(hits))}{_bands(hits)}")
        order = st.selectbox(
            "Order", [BEST, NEWEST, OLDEST], key="order", width=160, label_visibility="collapsed"
        )
    selected_photos([hit.path for hit in hits])
    card_grid(_cards(in_order(hits, order)), key="likely")


def _bands(hits: Sequence[Hit]) -> str:
    """How many are how likely, where that differs."""
    strong = sum(hit.band == "strong" for hit in hits)
    unsure = len(hits) - strong
    matches = "match" if strong == 1 else "matches"
    return f" · {strong} strong {matches}, {unsure} maybe" if strong and unsure else ""


def in_order(hits: Sequence[Hit], order: str) -> list[Hit]:
    """The hits by date where that is asked for; those without a date come last."""
    if order == BEST:
        return list(hits)
    dated = [hit for hit in hits if hit.taken_at]
    dated.sort(key=lambda hit: hit.taken_at or "", reverse=order == NEWEST)
    return dated + [hit for hit in hits if not hit.taken_at]


def _cards(hits: Sequence[Hit]) -> list[Card]:
    return [Card(hit.path, hit.band, hit.taken_at) for hit in hits]


def _start_of_walk(path: Path) -> None:
    """The photo that the others look like, and the way back."""
    name = shown_name(path.name)
    with st.container(horizontal=True, vertical_alignment="center", key="walk"):
        st.button(
            "Back", icon=":material/arrow_back:", key="walk_back", on_click=searches.step_back,
        )  # fmt: skip
        st.image(resources.thumbnail(path), width=120, alt=f"Where you are: {name}")
        show_plain(f"Photos like {name}", key="walk-name")


def _what(searched: Searched) -> str:
    if searched.photo is not None:
        return searched.photo.name
    if searched.like is not None:
        return f"photos like {searched.like.name}"
    return f"“{searched.result.query}”"


def _summary(searched: Searched, count: int) -> str:
    like = searched.like is not None
    what = _what(searched).removeprefix("photos ") if like else f"for {_what(searched)}"
    best = "The best " if searched.may_have_more else ""
    return f"{best}{counted(count, 'photo')} {what} · {searched.result.seconds:.2f} s"


def _nothing(searched: Searched) -> None:
    what = escaped(shown_name(_what(searched)))
    if searched.photo is not None or searched.like is not None:
        st.header("No photo is much like it", anchor=False)
        st.info("These are the nearest in your library.", icon=":material/search_off:")
        return
    st.header("Nothing matches", anchor=False)
    advice = f"No photo in your library clearly matches {what}. Try other words, or fewer of them."
    st.info(escaped(searched.result.note) or advice, icon=":material/search_off:")
    words = without_filters(searched.result.query)
    if words and words != searched.result.query:
        st.button(
            escaped(shown_name(f"Search all photos for “{words}”")),
            icon=":material/filter_alt_off:",
            key="without_filters",
            on_click=partial(searches.ask_for, words),
        )
