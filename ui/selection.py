"""Photos of the library that are ticked on the Search page, over several searches."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import streamlit as st

from ui.focus import lead_focus
from ui.plain import shown_name

_MARKUP = re.compile(r"[^\w .-]")


def selected() -> tuple[Path, ...]:
    """The photos that are ticked, in the order in which they were."""
    kept: tuple[Path, ...] = st.session_state.get("selected", ())
    return kept


def select(paths: Iterable[Path]) -> None:
    """Tick photos, each once."""
    st.session_state["selected"] = tuple(dict.fromkeys((*selected(), *paths)))


def select_all(paths: Iterable[Path]) -> None:
    """Tick all that are shown; the focus goes on to what can be done with them."""
    select(paths)
    lead_focus(".st-key-download_selected button")


def clear_selection() -> None:
    """Tick nothing."""
    st.session_state["selected"] = ()
    lead_focus(".st-key-select_all button")


def tick_box(path: Path) -> None:
    """The box that ticks a photo; the label is for screen readers.

    They get it as it stands, though it is Markdown too: nothing in it may need an escape.
    """
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    key = f"tick-{digest}"
    st.session_state[key] = path in selected()
    label = " ".join(_MARKUP.sub(" ", f"Select {shown_name(path.name)}").split())
    st.checkbox(label, key=key, label_visibility="collapsed", on_change=partial(_turn, path))


def _turn(path: Path) -> None:
    if path in selected():
        st.session_state["selected"] = tuple(one for one in selected() if one != path)
    else:
        select([path])
