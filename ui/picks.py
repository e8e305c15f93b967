"""Photos of the library that were picked on one page to be asked about on the Chat page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

MOST = 8
"""So many photos are picked at most; a model looks at few at once."""


def pick(path: Path) -> bool:
    """Pick a photo, once; False where `MOST` are picked already."""
    kept = picks()
    if path not in kept:
        if len(kept) >= MOST:
            return False
        st.session_state["picks"] = (*kept, path)
    return True


def pick_or_tell(path: Path) -> None:
    """Pick a photo; where that is one too many, say so."""
    if not pick(path):
        st.toast(f"{MOST} photos are picked already. Ask about these first.")


def picks() -> tuple[Path, ...]:
    """The photos that are picked, the first one first."""
    kept: tuple[Path, ...] = st.session_state.get("picks", ())
    return kept


def drop_pick(path: Path) -> None:
    """Pick a photo no more."""
    st.session_state["picks"] = tuple(one for one in picks() if one != path)


def drop_picks() -> None:
    """Pick nothing."""
    st.session_state["picks"] = ()
