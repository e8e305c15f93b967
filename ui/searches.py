"""What a browser session remembers of its searches: the last ones, and the walk between photos."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import state

_RECENT = 6


def ask_for(query: str) -> None:
    """Let the Search page search for this when it is drawn next."""
    st.session_state["asked_for"] = query


def walk_to(path: Path) -> None:
    """Let the Search page show photos like this one when it is drawn next."""
    st.session_state["asked_for"] = path


def asked_for() -> str | Path | None:
    """What the Search page is to search for, once."""
    asked: str | Path | None = st.session_state.pop("asked_for", None)
    return asked


def recent() -> tuple[str, ...]:
    """The last queries of this session, the newest first."""
    kept: tuple[str, ...] = st.session_state.get("recent_queries", ())
    return kept


def remember(query: str) -> None:
    """Put a query before the others."""
    others = [one for one in recent() if one != query]
    st.session_state["recent_queries"] = (query, *others[: _RECENT - 1])


def trail() -> tuple[state.Searched, ...]:
    """The searches that the walk came by, the first one first."""
    kept: tuple[state.Searched, ...] = st.session_state.get("trail", ())
    return kept


def step_from(searched: state.Searched | None) -> None:
    """Lengthen the trail by a search that is left behind."""
    if searched is not None:
        st.session_state["trail"] = (*trail(), searched)


def step_back() -> None:
    """Show the search before this one again."""
    steps = trail()
    if steps:
        st.session_state["trail"] = steps[:-1]
        state.remember_search(steps[-1])


def end_trail() -> None:
    """Begin anew."""
    st.session_state["trail"] = ()
