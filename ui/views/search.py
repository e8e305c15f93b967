"""Search page: find photos of the library by words, or by a photo that looks like them."""

from __future__ import annotations

import streamlit as st

from ui import resources, services, state
from ui.components import Card, hit_grid, show_errors, show_photo, show_plain
from ui.index_command import index_command
from ui.plain import counted, escaped
from ui.uploads import PHOTO_TYPES, read_upload
from vlm.errors import VlmError

WORDS, PHOTO = "Words", "A photo"


def main() -> None:
    """Draw the page."""
    st.title("Search your photos", anchor=False)
    try:
        if resources.photo_count(resources.settings()) is None:
            _no_library()
            return
        _search()
    except VlmError as error:
        state.remember_search(None)
        show_errors([error])


def _search() -> None:
    by = st.segmented_control(
        "Search by", [WORDS, PHOTO], default=WORDS, required=True, key="search_by"
    )
    if by == PHOTO:
        _by_photo()
    else:
        _by_words()
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
    show_plain("Narrow it down with in:FOLDER, taken:2023, keyword:NAME, -WORD, …", key="filters")
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
    cards = [Card(hit.path, hit.path.name, hit.band, hit.score) for hit in result.hits]
    likely = [card for card in cards if card.band != "weak"]
    rest = cards[len(likely) :]
    if likely:
        st.header("Results", anchor=False)
        show_plain(_summary(searched, len(likely)), key="summary")
        hit_grid(likely, key="likely")
    else:
        _nothing(searched)
    if rest:
        label = f"{counted(len(rest), 'photo')} less likely" if likely else "The nearest photos"
        with st.expander(label, expanded=not likely):
            hit_grid(rest, key="rest")


def _summary(searched: state.Searched, count: int) -> str:
    result = searched.result
    what = f"“{result.query}”" if searched.photo is None else searched.photo.name
    return f"{counted(count, 'photo')} for {what}, best first · {result.seconds:.2f} s"


def _nothing(searched: state.Searched) -> None:
    st.header("Nothing matches", anchor=False)
    what = f" “{escaped(searched.result.query)}”" if searched.photo is None else " your photo"
    advice = f"No photo in your library clearly matches{what}. Try other words, or fewer of them."
    st.info(escaped(searched.result.note) or advice, icon=":material/search_off:")


def _no_library() -> None:
    st.header("No photos yet", anchor=False)
    st.text("Make a library first. Your photos stay where they are; they are only read.")
    st.code(index_command(resources.settings()), language=None, wrap_lines=True)


main()
