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

from ui.library_page.months import Bar, levels, ticks
from ui.library_page.naming import Disc, sides
from ui.library_page.world import HIGH, WIDE, Circle, View, dots
from ui.plain import counted

_HERE = Path(__file__).parent
_HTML = '<p class="readout" aria-hidden="true"></p><div class="plot" role="group"></div>'


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
    most = max((bar.photos for bar in bars), default=1)
    data = {
        "kind": "bars",
        "label": "Photos by time",
        "hint": "Choose a bar to see its photos",
        "items": items,
        "most": most,
        "levels": [
            {"text": f"{number:,}", "at": round(100 * number / most, 2)} for number in levels(most)
        ],
        "ticks": [{"text": text, "at": at} for text, at in ticks(bars)],
    }
    return _mounted(data, "timeline")


def world_map(drawn: Sequence[Circle], view: View) -> str | None:
    """Photos by place; the query of the circle that was just chosen, or None."""
    most = max((circle.photos for circle in drawn), default=1)
    discs = [
        Disc(
            round(circle.x, 2),
            round(circle.y, 2),
            round(26 + 18 * sqrt(circle.photos / most)),
            circle.name.split(",")[0],
        )
        for circle in drawn
    ]
    items = [
        {
            "key": circle.query,
            "label": f"{circle.name}: {counted(circle.photos, 'photo')}",
            "name": disc.name if side else "",
            "side": side,
            "count": short(circle.photos),
            "x": disc.x,
            "y": disc.y,
            "size": disc.pixels,
        }
        for circle, disc, side in zip(drawn, discs, sides(discs), strict=True)
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


def short(number: int) -> str:
    """A count that fits into a circle.

    >>> short(7), short(1200), short(45_678)
    ('7', '1.2k', '46k')
    """
    if number < 1000:
        return str(number)
    return f"{number / 1000:.1f}k" if number < 9950 else f"{round(number / 1000)}k"


def _mounted(data: Mapping[str, Any], key: str) -> str | None:
    plot = st.components.v2.component(
        "plot", html=_HTML, css=_file("plots.css"), js=_file("plots.js")
    )
    chosen: str | None = plot(data=data, key=key, on_chosen_change=_nothing).chosen
    return chosen


def _nothing() -> None:
    """A trigger needs somebody who hears of it; the page looks at its value instead."""
