"""Search page: find photos by words, by a photo of one's own, and from one photo to the next."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from ui import resources, searches, services
from ui.cards import picked_photos
from ui.components import show_errors
from ui.focus import led_focus
from ui.plain import escaped, shown_name
from ui.query_help import query_help
from ui.search_page import address, states
from ui.search_page.filters import filters
from ui.search_page.newest import newest_photos
from ui.search_page.results import results
from ui.theme import MAX_UPLOAD_MB
from ui.uploads import Upload, read_added
from vlm.errors import VlmError
from vlm.registry import find_spec

WORDS, PHOTO = "Words", "A photo"


def main() -> None:
    """Draw the page."""
    st.title("Search your photos", anchor=False)
    chosen = resources.settings()
    try:
        held = resources.counts(chosen)
        if held is None or not held.photos:
            states.no_photos(chosen)
            return
        find_spec("embed", chosen.model)  # a name that is wrong is said before anything else
        searched = held.models.get(chosen.model, 0)
        if not searched:
            states.other_model(chosen, held.photos, held.models)
            return
        states.not_all(chosen, held.photos, searched)
        _search()
    except VlmError as error:
        show_errors([error])


def _search() -> None:
    opened = "search_by" not in st.session_state
    asked = searches.asked_for() or _from_address(opened=opened)
    if opened or asked is not None:
        st.session_state["search_by"] = WORDS
    by = st.segmented_control("Search by", [WORDS, PHOTO], required=True, key="search_by")
    upload = None
    if by == PHOTO:
        upload = st.file_uploader(
            "Photo that looks like what you want",
            max_upload_size=MAX_UPLOAD_MB,  # of any type: what is no photo is told below
            key="search_photo",
        )
    else:
        asked = _words(asked) or asked
    narrowing = st.container(horizontal=True, vertical_alignment="top", key="narrowing")
    help_place = st.container()
    picked_photos()
    with st.container(key="found"):
        try:
            _look(asked, upload)
        except VlmError as error:
            if not isinstance(asked, Path):  # else the photos are still there that led to it
                searches.forget_search()
            show_errors([error])
        last = searches.last_search()
        if last is not None and (last.photo is None) == (by == WORDS):
            results(last)
        elif last is None and by == WORDS and not asked:
            newest_photos()
    address.write(searches.known())
    led_focus()
    _title()
    # Filled last: what is there to choose from may have to be counted, and the photos come first.
    if by == WORDS:
        with narrowing:
            filters(st.session_state["query"])
            _recent()
        with help_place:
            query_help()


def _from_address(*, opened: bool) -> str | Path | None:
    """What the address asks for, where that is not what the page shows."""
    now = address.read()
    if now == searches.known() or (now is None and opened):
        return None  # opened again from another page: what was found is still there
    if now is None:
        searches.begin_anew()
        return None
    steps = searches.trail()
    if steps and steps[-1].address == now:
        searches.step_back()
        return None
    searches.know(now)
    st.session_state.pop("photos_asked", None)
    if now.kind == "q":
        return now.value
    try:
        return address.photo_of(resources.settings(), now)
    except VlmError as error:
        searches.forget_search()
        show_errors([error])
        return None


def _words(asked: str | Path | None) -> str:
    """The field for words; what was typed and sent, or ""."""
    last = searches.last_search()
    if isinstance(asked, str):
        st.session_state["query"] = asked
    elif "query" not in st.session_state:
        by_words = last is not None and last.photo is None and last.like is None
        st.session_state["query"] = last.result.query if last and by_words else ""
    with (
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        query = st.text_input(
            "What are you looking for?",
            placeholder="a cat, a sunset over the sea, …",
            icon=":material/search:",
            key="query",
        )
        if not st.form_submit_button("Search", type="primary", key="search_button"):
            return ""
    st.session_state.pop("photos_asked", None)
    return (query or "").strip()


def _look(asked: str | Path | None, upload: Upload | None) -> None:
    """Search for what is asked for now, and remember what was found."""
    if upload is not None:
        _look_for_upload(upload)
    elif isinstance(asked, Path):
        _walk(asked)
    elif asked:
        _find(asked)


def _find(query: str) -> None:
    chosen, count = resources.settings(), searches.photos_asked()
    searches.end_trail()
    searches.know(address.of_words(query))
    with st.spinner("Searching…"):
        resources.embedder(chosen)
        result = services.search(chosen, query, count)
    searches.remember_search(searches.Searched(result, count, address=address.of_words(query)))
    searches.remember(query)


def _walk(path: Path) -> None:
    """Go on to the photos that look like one that was found."""
    chosen, count, last = resources.settings(), searches.photos_asked(), searches.last_search()
    with st.spinner("Searching…"):
        resources.embedder(chosen)
        result = services.similar(chosen, path, count)
    if last is not None and last.like != path:
        searches.step_from(last)
    found = searches.Searched(result, count, like=path, address=address.of_photo(chosen, path))
    searches.remember_search(found)


def _look_for_upload(upload: Upload) -> None:
    photo, last = read_added(upload), searches.last_search()
    if last is None or last.photo is None or last.photo.digest != photo.digest:
        chosen = resources.settings()
        with st.spinner("Searching…"):
            resources.embedder(chosen)
            result = services.similar_to_image(chosen, photo.image, searches.FIRST)
        searches.end_trail()
        searches.remember_search(searches.Searched(result, photo=photo))


def _title() -> None:
    """The words in the title of the window too: a list of tabs and bookmarks tells them apart."""
    if (known := searches.known()) is not None and known.kind == "q":
        st.set_page_config(page_title=f"{shown_name(known.value)} · Search · vlm-assistant")


def _recent() -> None:
    """The last searches; before the first one, some to begin with."""
    queries = searches.recent()
    told = "Recent:" if queries else "Try:"
    with st.container(horizontal=True, key="recent-queries", vertical_alignment="center"):
        with st.container(key="quiet-recent", width="content"):
            st.text(told)
        for place, query in enumerate(queries or _EXAMPLES):
            label = query if len(query) <= 40 else query[:39] + "…"
            st.button(
                escaped(shown_name(label)),
                key=f"recent-{place}",
                on_click=partial(searches.ask_for, query),
            )


_EXAMPLES = ("people", "food", "flowers", "the sea", "a dog")

if __name__ == "__main__":  # as Streamlit runs it
    main()
