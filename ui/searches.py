"""What a browser session remembers of its searches: the last ones, and the walk between photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from index.records import SearchResult
from ui.focus import lead_focus
from ui.search_page.address import Address, write
from ui.uploads import Photo

FIRST = 24
"""So many photos are asked for at first, and so many more each time."""

_RECENT = 6


@dataclass(frozen=True, slots=True)
class Searched:
    """A search: with words, an uploaded ``photo``, or for what looks ``like`` a file.

    ``asked`` photos were asked for; where it stands in the address, that is its ``address``.
    """

    result: SearchResult
    asked: int = FIRST
    photo: Photo | None = None
    like: Path | None = None
    address: Address | None = None

    @property
    def may_have_more(self) -> bool:
        """Whether photos that match may have been left out, for no more were asked for."""
        hits = self.result.hits
        return len(hits) >= self.asked and hits[-1].band != "weak"


def ask_for(query: str) -> None:
    """Let the Search page search for this when it is drawn next."""
    st.session_state["asked_for"] = query
    st.session_state["photos_asked"] = FIRST


def walk_to(path: Path) -> None:
    """Let the Search page show photos like this one when it is drawn next."""
    st.session_state["asked_for"] = path
    lead_focus(".st-key-walk_back button")
    st.session_state["photos_asked"] = FIRST


def ask_for_more() -> None:
    """Let the Search page search for the same again, and show more photos."""
    last = last_search()
    if last is not None:
        st.session_state["photos_asked"] = last.asked + FIRST
        st.session_state["asked_for"] = last.like or last.result.query


def asked_for() -> str | Path | None:
    """What the Search page is to search for, once."""
    asked: str | Path | None = st.session_state.pop("asked_for", None)
    return asked


def photos_asked() -> int:
    """How many photos are to be shown."""
    asked: int = st.session_state.get("photos_asked", FIRST)
    return asked


def last_search() -> Searched | None:
    """The last search with its hits, so that they are there when the page is opened again."""
    kept: Searched | None = st.session_state.get("searched")
    return kept


def remember_search(searched: Searched | None) -> None:
    """Keep a search, or forget the last one."""
    st.session_state["searched"] = searched
    know(searched.address if searched else None)


def forget_search() -> None:
    """Show no photos; what the address says stays, since it may be mended there."""
    st.session_state["searched"] = None


def known() -> Address | None:
    """What the address of the page was last made to say, or is to say."""
    kept: Address | None = st.session_state.get("search_address")
    return kept


def know(address: Address | None) -> None:
    """This is what the address is to say: if it says another thing, the user went elsewhere."""
    st.session_state["search_address"] = address


def recent() -> tuple[str, ...]:
    """The last queries of this session, the newest first."""
    kept: tuple[str, ...] = st.session_state.get("recent_queries", ())
    return kept


def remember(query: str) -> None:
    """Put a query before the others."""
    others = [one for one in recent() if one != query]
    st.session_state["recent_queries"] = (query, *others[: _RECENT - 1])


def trail() -> tuple[Searched, ...]:
    """The searches that the walk came by, the first one first."""
    kept: tuple[Searched, ...] = st.session_state.get("trail", ())
    return kept


def step_from(searched: Searched | None) -> None:
    """Lengthen the trail by a search that is left behind."""
    if searched is not None:
        st.session_state["trail"] = (*trail(), searched)


def step_back() -> None:
    """Show the search before this one again, or none where the walk began with a photo."""
    steps = trail()
    if steps:
        st.session_state["trail"] = steps[:-1]
        remember_search(steps[-1])
        write(known())
    else:
        begin_anew()
    lead_focus(".st-key-query input")


def end_trail() -> None:
    """The next search begins a walk of its own."""
    st.session_state["trail"] = ()


def begin_anew() -> None:
    """Show no search, as when the page was first opened."""
    end_trail()
    remember_search(None)
    st.session_state["query"] = ""
    write(None)
