"""What is in the library: how much of what, in figures and in pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from index.overview import Spot
from index.query.tokens import written_value
from ui import resources, searches
from ui.components import show_plain
from ui.library_page.months import by_month, by_year, fits_months
from ui.library_page.plots import timeline, world_map
from ui.library_page.world import View, circles, degrees, view_of
from ui.plain import counted, escaped, shown_name, shown_path
from ui.settings import Settings

_LISTED = 6
_PARTS = 20
_ROWS = 200


def figures(chosen: Settings, contents: resources.Contents) -> None:
    """The counts that matter most, side by side."""
    held = contents.overview
    searched = contents.counts.models.get(chosen.model, 0)
    with st.container(horizontal=True, key="figures"):
        st.metric("Photos", f"{held.photos:,}")
        if held.first and held.last:
            first, last = held.first[:4], held.last[:4]
            st.metric("Taken", first if first == last else f"{first} to {last}")
        if places := len(held.spots):
            st.metric("Places", f"{places:,}")
        st.metric("Text read in", _share(contents.counts.read, held.photos))
        st.metric("Captions for", _share(contents.counts.captioned, held.photos))
    if searched < held.photos:
        st.info(
            f"{held.photos - searched:,} of them are not indexed for the search model "
            f"{chosen.model}: choose “Look for changes”.",
            icon=":material/info:",
        )


def when(contents: resources.Contents) -> None:
    """The photos by time; a bar that is chosen searches its photos."""
    held = contents.overview
    st.header("When", anchor=False)
    if not held.months:
        show_plain("No photo says when it was taken.", key="no-dates")
        return
    choices = ["By month", "By year"]
    start = choices[0] if fits_months(held.months) else choices[1]
    by = st.segmented_control(
        "Timeline", choices, default=start, required=True, key="timeline_by",
        label_visibility="collapsed",
    )  # fmt: skip
    bars = by_month(held.months) if by == choices[0] else by_year(held.months)
    _go(timeline(bars))
    if held.file_dated:
        show_plain(
            f"{counted(held.file_dated, 'photo')} without a date of their own: "
            "that of the file counts, which may be the day it was copied.",
            key="file-dated",
        )
    if held.undated:
        show_plain(f"{counted(held.undated, 'photo')} without a date.", key="undated")
    with st.expander("Show as table"):
        rows = [bar for bar in reversed(bars) if bar.photos]
        st.table(
            {"Time": [bar.name for bar in rows], "Photos": [bar.photos for bar in rows]},
            hide_index=True,
        )


def where(contents: resources.Contents) -> None:
    """The photos by place; a circle that is chosen searches its photos."""
    held = contents.overview
    st.header("Where", anchor=False)
    if not held.spots:
        show_plain("No photo says where it was taken.", key="no-places")
        return
    view = _part(held.spots)
    _go(world_map(circles(held.spots, view), view))
    if held.unplaced:
        show_plain(f"{counted(held.unplaced, 'photo')} without a place.", key="unplaced")
    with st.expander("Show as table"):
        first = held.spots[:_ROWS]
        st.table(
            {
                "Place": [spot.name or degrees(spot) for spot in first],
                "Photos": [spot.photos for spot in first],
            },
            hide_index=True,
        )
        if len(held.spots) > _ROWS:
            show_plain(f"The first {_ROWS} of {len(held.spots):,} places.", key="more-places")


def _part(spots: Sequence[Spot]) -> View:
    """The part of the world that is shown: around all places, or those of one circle."""
    whole = view_of(spots)
    several = [circle for circle in circles(spots, whole) if len(circle.spots) > 1][:_PARTS]
    if not several:
        return whole
    around: dict[str, Sequence[Spot]] = {"All places": spots}
    around |= {circle.name: circle.spots for circle in several}
    chosen = st.selectbox("Part of the map", list(around), key="map_part")
    return view_of(around[chosen])


def holdings(chosen: Settings, contents: resources.Contents) -> None:
    """Folders, cameras and models, those of most photos first; each can be searched."""
    held = contents.overview
    st.header("What is in it", anchor=False)
    grid = st.grid(columns=3, min_column_width=240, gap="medium")
    with grid.cell(), st.container(gap="xsmall"):
        st.subheader("Folders", anchor=False)
        _listed(held.folders, "in", key="folder")
    with grid.cell(), st.container(gap="xsmall"):
        st.subheader("Cameras", anchor=False)
        _listed(held.cameras, "camera", key="camera")
    with grid.cell(), st.container(gap="xsmall"):
        st.subheader("Search models", anchor=False)
        for name, count in contents.counts.models.items():
            st.text(f"{shown_name(name)}: {counted(count, 'photo')}")
        show_plain(shown_path(chosen.library), key="library-folder")


def _listed(counts: Mapping[str, int], operator: str, *, key: str) -> None:
    if not counts:
        show_plain("None is named in the photos.", key=f"no-{key}")
    for place, (name, count) in enumerate(list(counts.items())[:_LISTED]):
        query = f"{operator}:{written_value(name)}"
        label = shown_path(Path(name)) if operator == "in" else shown_name(name)
        with st.container(key=f"fact-{key}-{place}", gap=None):
            if st.button(escaped(f"{label} · {count:,}"), type="tertiary", key=f"{key}_{place}"):
                _go(query)
    if len(counts) > _LISTED:
        show_plain(f"and {len(counts) - _LISTED:,} more", key=f"more-{key}")


def _share(part: int, whole: int) -> str:
    if not part:
        return "none"
    return "all" if part >= whole else f"{max(1, 100 * part // whole)} %"


def _go(query: str | None) -> None:
    if query:
        searches.ask_for(query)
        st.switch_page("views/search.py")
