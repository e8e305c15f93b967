"""Filters to choose from instead of typing them: what there is in the library, with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from index.overview import Overview
from ui import resources, searches
from ui.plain import counted, shown_name, shown_path
from ui.search_page.filtering import value_of, with_filter, without_filters

_MOST = 200
"""So many values are offered of each kind: those of most photos."""


def filters(query: str) -> None:
    """A button that opens the choices; each becomes a part of the query and is searched at once."""
    held = resources.contents(resources.settings()).overview
    kinds = {name: (label, counts) for name, label, counts in _kinds(held) if counts}
    if not kinds:
        return
    used = sum(value_of(query, name) is not None for name in kinds)
    label = f"Filters ({used})" if used else "Filters"
    with st.popover(label, icon=":material/tune:", key="filters"):
        for name, (label, counts) in kinds.items():
            _choice(query, name, label, counts)
        words = without_filters(query)
        st.button(
            "Clear filters", key="no_filters", type="tertiary",
            disabled=words == query or not words, on_click=partial(searches.ask_for, words),
        )  # fmt: skip


def _kinds(held: Overview) -> tuple[tuple[str, str, Mapping[str, int]], ...]:
    years = Counter[str]()
    for month, photos in held.months.items():
        years[month[:4]] += photos
    return (
        ("taken", "Year", dict(sorted(years.items(), reverse=True))),
        ("place", "Place", {spot.name: spot.photos for spot in held.spots if spot.name}),
        ("camera", "Camera", held.cameras),
        ("in", "Folder", held.folders),
    )


def _choice(query: str, name: str, label: str, counts: Mapping[str, int]) -> None:
    now = value_of(query, name)
    values = [value for value in counts if shown_name(value) == value][:_MOST]  # can be typed
    if now is not None and now not in values:
        values.insert(0, now)
    key = f"filter-{name}"
    st.session_state[key] = now
    st.selectbox(
        label, values, key=key, index=None, placeholder="Any",
        format_func=lambda value: _told(value, counts.get(value)),
        on_change=partial(_narrow, query, name, key),
    )  # fmt: skip


def _told(value: str, photos: int | None) -> str:
    name = shown_path(Path(value)) if value.startswith("/") else shown_name(value)
    return name + (f" · {counted(photos, 'photo')}" if photos else "")


def _narrow(query: str, name: str, key: str) -> None:
    """Search again with what was chosen; where nothing is left of the query, forget it."""
    narrowed = with_filter(query, name, st.session_state[key])
    if narrowed:
        searches.ask_for(narrowed)
    else:
        searches.begin_anew()
