"""What can be typed on the Search page, with examples from the library itself."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from index.query.tokens import written_value
from ui import resources
from ui.plain import shown_name
from vlm.errors import VlmError


def query_help() -> None:
    """A closed box with the ways to narrow a search down."""
    with st.expander("Ways to narrow it down"):
        st.table(
            {
                "Type": [typed for typed, _ in examples()],
                "to find": [found for _, found in examples()],
            },
            hide_index=True,
        )


def examples() -> list[tuple[str, str]]:
    """Queries and what they find; with a camera, a place and a folder that the library has."""
    camera, place, folder, year = "x-t5", "Rome, Italy", "holiday", "2023"
    with suppress(VlmError):
        held = resources.contents(resources.settings()).overview
        camera = next(iter(held.cameras), camera)
        place = next((spot.name for spot in held.spots if spot.name), place)
        folder = next(iter(held.folders), folder).rpartition("/")[2] or folder
        year = (held.last or year)[:4]
    written = {name: shown_name(written_value(name)) for name in (camera, place, folder)}
    return [
        ("a dog -beach", "dogs, but not at the beach"),
        ('text:"happy birthday"', "photos in which these words can be read"),
        (f"taken:{year}", f"photos of {year}; also taken:summer-{year}, taken:yesterday"),
        (f"place:{written[place]}", "photos taken there"),
        (f"camera:{written[camera]}", "photos of this camera"),
        (f"in:{written[folder]}", "photos below a folder of this name"),
        ("sunset rating:4..", "sunsets with at least four stars"),
        ('caption:"red boat"', "photos whose caption has these words"),
    ]
