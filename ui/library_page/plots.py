"""Plots whose parts are buttons: for the pointer, the keyboard and screen readers alike.

They are drawn by the page itself; nothing is loaded from any server but this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

import streamlit as st

from index.overview import Spot
from ui.library_page.months import Bar, ticks
from ui.library_page.world import HIGH, WIDE, circles, dots, view_of
from ui.plain import counted

_HERE = Path(__file__).parent
_HTML = '<p class="readout" aria-hidden="true"></p><div class="plot" role="group"></div>'
_NAMED = 6
"""So many places have their names beside them."""


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def timeline(bars: Sequence[Bar]) -> str | None:
    """Photos by time; the query of the bar that was just chosen, or None."""
    items = [
        {"key": bar.query, "label": f"{bar.name}: {counted(bar.photos, 'photo')}"}
        | {"photos": bar.photos}
        for bar in bars
    ]
    data = {
        "kind": "bars",
        "label": "Photos by time",
        "hint": "Choose a bar to see its photos",
        "items": items,
        "most": max((bar.photos for bar in bars), default=1),
        "ticks": [{"text": text, "at": at} for text, at in ticks(bars)],
    }
    return _mounted(data, "timeline")


def world_map(spots: Sequence[Spot]) -> str | None:
    """Photos by place; the query of the circle that was just chosen, or None."""
    view = view_of(spots)
    drawn = circles(spots, view)
    most = max((circle.photos for circle in drawn), default=1)
    items = [
        {
            "key": circle.query,
            "label": f"{circle.name}: {counted(circle.photos, 'photo')}",
            "name": circle.name.split(",")[0] if place < _NAMED else "",
            "x": round(circle.x, 2),
            "y": round(circle.y, 2),
            "size": round(24 + 26 * sqrt(circle.photos / most)),
        }
        for place, circle in enumerate(drawn)
    ]
    data = {
        "kind": "map",
        "label": "Photos by place",
        "hint": "Choose a circle to see its photos",
        "items": items,
        "wide": WIDE,
        "high": HIGH,
        "dots": dots(view),
    }
    return _mounted(data, "map")


def _mounted(data: Mapping[str, Any], key: str) -> str | None:
    plot = st.components.v2.component(
        "plot", html=_HTML, css=_file("plots.css"), js=_file("plots.js")
    )
    chosen: str | None = plot(data=data, key=key, on_chosen_change=_nothing).chosen
    return chosen


def _nothing() -> None:
    """A trigger needs somebody who hears of it; the page looks at its value instead."""
