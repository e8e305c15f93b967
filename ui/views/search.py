"""Search page: find photos of the library by words, or by a photo that looks like them."""

from __future__ import annotations

import streamlit as st

from index.records import SearchResult
from ui import resources, services, state
from ui.components import Card, hit_grid, show_errors, show_photo, show_plain
from ui.plain import counted, escaped
from ui.uploads import PHOTO_TYPES, read_upload
from vlm.errors import LibraryMissing, VlmError

WORDS, PHOTO = "Words", "A photo"


def main() -> None:
    """Draw the page."""
    st.title("Search your photos", anchor=False)
    by = st.segmented_control(
        "Search by", [WORDS, PHOTO], default=WORDS, required=True, key="search_by"
    )
    try:
        if by == PHOTO:
            _by_photo()
        else:
            _by_words()
    except LibraryMissing:
        state.remember_search(None)
        _no_library()
        return
    except VlmError as error:
        state.remember_search(None)
        show_errors([error])
        return
    searched = state.last_search()
    if searched is not None and (searched.photo is None) == (by == WORDS):
        _results(searched)


def _by_words() -> None:
    last = state.last_search()
    with (
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        query = st.text_input(
            "What are you looking for?",
            value=last.result.query if last and last.photo is None else "",
            placeholder="a cat, a sunset over the sea, …",
            icon=":material/search:",
            key="query",
        )
        hits = st.selectbox("Photos to show", [12, 24, 48], key="hits", width=140)
        asked = st.form_submit_button("Search", type="primary", key="search_button")
    show_plain("Narrow it down with in:FOLDER or type:png.", key="filters")
    if asked and query and query.strip():
        with st.spinner("Searching…"):
            resources.embedder(resources.settings())
            result = services.search(resources.settings(), query.strip(), hits)
        state.remember_search(state.Searched(result))


def _by_photo() -> None:
    upload = st.file_uploader(
        "Photo that looks like what you want", type=PHOTO_TYPES, key="search_photo"
    )
    last = state.last_search()
    if upload is None:
        return
    photo = read_upload(upload)
    if last is None or last.photo is None or last.photo.digest != photo.digest:
        with st.spinner("Searching…"):
            resources.embedder(resources.settings())
            result = services.similar_to_image(resources.settings(), photo.image)
        state.remember_search(state.Searched(result, photo))


def _results(searched: state.Searched) -> None:
    result = searched.result
    if searched.photo is not None:
        show_photo(searched.photo.image, alt=f"Your photo: {searched.photo.name}", width=240)
    if result.answer == "nothing":
        _nothing(result)
        return
    st.header("Results", anchor=False)
    show_plain(_summary(searched), key="summary")
    cards = [Card(hit.path, hit.path.name, hit.band, hit.score) for hit in result.hits]
    likely = [card for card in cards if card.band != "weak"]
    hit_grid(likely, key="likely")
    if len(likely) < len(cards):
        with st.expander(f"{len(cards) - len(likely)} more that are less likely"):
            hit_grid(cards[len(likely) :], key="weak")


def _summary(searched: state.Searched) -> str:
    result = searched.result
    what = f"“{result.query}”" if searched.photo is None else searched.photo.name
    likely = sum(hit.band != "weak" for hit in result.hits)
    return f"{counted(likely, 'photo')} for {what}, best first · {result.seconds:.2f} s"


def _nothing(result: SearchResult) -> None:
    st.header("Nothing matches", anchor=False)
    what = f" “{escaped(result.query)}”" if result.query else ""
    st.info(
        f"No photo in your library matches{what}. Try other words, or fewer of them.",
        icon=":material/search_off:",
    )


def _no_library() -> None:
    st.header("No photos yet", anchor=False)
    st.text("Make a library first. Your photos stay where they are; they are only read.")
    st.code("vlm index PHOTO_FOLDER", language=None)


main()
