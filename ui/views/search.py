"""Search page: find photos by words, by a photo of one's own, and from one photo to the next."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from ui import resources, searches, services, state
from ui.cards import Card, card_grid, picked_photos
from ui.components import show_errors, show_photo, show_plain
from ui.index_command import index_command
from ui.live_region import live_region
from ui.plain import counted, escaped, shown_name
from ui.query_help import query_help
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
    asked = searches.asked_for()
    if isinstance(asked, Path):
        _walk(asked)
    elif asked:
        searches.end_trail()
        _find(asked, 24)
    by = st.segmented_control(
        "Search by", [WORDS, PHOTO], default=WORDS, required=True, key="search_by"
    )
    if by == PHOTO:
        _by_photo()
    else:
        _by_words()
    # Drawn last: what is there as examples may have to be counted, and the photos come first.
    help_place = st.container()
    picked_photos()
    searched = state.last_search()
    if searched is not None and (searched.photo is None) == (by == WORDS):
        _results(searched)
    if by == WORDS:
        with help_place:
            query_help()


def _find(query: str, hits: int) -> None:
    with st.spinner("Searching…"):
        resources.embedder(resources.settings())
        result = services.search(resources.settings(), query, hits)
    state.remember_search(state.Searched(result))
    searches.remember(query)
    st.session_state["query"] = query


def _walk(path: Path) -> None:
    """Go on to the photos that look like one that was found."""
    with st.spinner("Searching…"):
        resources.embedder(resources.settings())
        result = services.similar(resources.settings(), path)
    searches.step_from(state.last_search())
    state.remember_search(state.Searched(result, like=path))


def _by_words() -> None:
    last = state.last_search()
    with (
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        typed = last.result.query if last and last.photo is None and last.like is None else ""
        if "query" not in st.session_state:
            st.session_state["query"] = typed
        query = st.text_input(
            "What are you looking for?",
            placeholder="a cat, a sunset over the sea, …",
            icon=":material/search:",
            key="query",
        )
        hits = st.selectbox("Photos to show", [12, 24, 48], key="hits", width=140)
        asked = st.form_submit_button("Search", type="primary", key="search_button")
    if asked and query and query.strip():
        searches.end_trail()
        with st.spinner("Searching…"):
            resources.embedder(resources.settings())
            result = services.search(resources.settings(), query.strip(), hits)
        state.remember_search(state.Searched(result))
        searches.remember(query.strip())
    _recent()


def _recent() -> None:
    queries = searches.recent()
    if not queries:
        return
    with st.container(horizontal=True, key="recent-queries", vertical_alignment="center"):
        with st.container(key="quiet-recent", width="content"):
            st.text("Recent:")
        for place, query in enumerate(queries):
            label = query if len(query) <= 40 else query[:39] + "…"
            st.button(
                escaped(shown_name(label)),
                key=f"recent-{place}",
                on_click=partial(searches.ask_for, query),
            )


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
        searches.end_trail()
        state.remember_search(state.Searched(result, photo))


def _results(searched: state.Searched) -> None:
    result = searched.result
    if searched.photo is not None:
        show_photo(searched.photo.image, alt=f"Your photo: {searched.photo.name}", width=240)
    if searched.like is not None:
        _start_of_walk(searched.like)
    cards = [Card(hit.path, hit.band, hit.score) for hit in result.hits]
    likely = [card for card in cards if card.band != "weak"]
    rest = cards[len(likely) :]
    if likely:
        st.header("Results", anchor=False)
        show_plain(_summary(searched, len(likely)), key="summary")
        card_grid(likely, key="likely")
    else:
        _nothing(searched)
    if rest:
        label = f"{counted(len(rest), 'photo')} less likely" if likely else "The nearest photos"
        with st.expander(label, expanded=not likely):
            card_grid(rest, key="rest")
    spoken = _summary(searched, len(likely)) if likely else f"Nothing matches {_what(searched)}"
    with st.container(key="said-search"):
        live_region(shown_name(spoken.split(" · ")[0]), key="search_spoken")


def _start_of_walk(path: Path) -> None:
    """The photo that the others look like, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center", key="walk"):
        st.button(
            "Back", icon=":material/arrow_back:", key="walk_back", on_click=searches.step_back,
            disabled=not searches.trail(),
        )  # fmt: skip
        thumbnail = resources.thumbnail(path)
        st.image(thumbnail, width=120, alt=f"Where you are: {shown_name(path.name)}")
        show_plain(f"Photos like {shown_name(path.name)}", key="walk-name")


def _what(searched: state.Searched) -> str:
    if searched.photo is not None:
        return searched.photo.name
    if searched.like is not None:
        return f"photos like {searched.like.name}"
    return f"“{searched.result.query}”"


def _summary(searched: state.Searched, count: int) -> str:
    like = searched.like is not None
    what = _what(searched).removeprefix("photos ") if like else f"for {_what(searched)}"
    found = f"{counted(count, 'photo')} {what}, best first"
    return f"{found} · {searched.result.seconds:.2f} s"


def _nothing(searched: state.Searched) -> None:
    st.header("Nothing matches", anchor=False)
    what = "your photo" if searched.photo is not None else _what(searched)
    advice = (
        f"No photo in your library clearly matches {escaped(shown_name(what))}. "
        "Try other words, or fewer of them."
    )
    st.info(escaped(searched.result.note) or advice, icon=":material/search_off:")


def _no_library() -> None:
    st.header("No photos yet", anchor=False)
    st.text("Make a library first. Your photos stay where they are; they are only read.")
    st.page_link("views/library.py", label="Add photos", icon=":material/add_photo_alternate:")
    st.text("Or in a terminal:")
    st.code(index_command(resources.settings()), language=None, wrap_lines=True)


if __name__ == "__main__":  # as Streamlit runs it
    main()
