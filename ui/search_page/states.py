"""What the Search page shows where nothing can be searched yet, and the step that changes that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from ui import chosen as session_choice
from ui.components import show_plain
from ui.index_command import index_command
from ui.plain import counted, escaped, shown_name
from ui.settings import Settings


def no_photos(chosen: Settings) -> None:
    """No library yet, or an empty one."""
    st.header("No photos yet", anchor=False)
    st.text("Name the folder with your photos. They stay where they are and are only read.")
    st.page_link("views/library.py", label="Add photos", icon=":material/add_photo_alternate:")
    _in_a_terminal(chosen)


def other_model(chosen: Settings, photos: int, models: Mapping[str, int]) -> None:
    """Photos that another search model has looked at, and this one has not."""
    name = shown_name(chosen.model)
    st.header(f"Your photos are new to {escaped(name)}", anchor=False)
    st.text(
        f"A search model has to look at each photo once, and {name} has looked at none of "
        f"your {counted(photos, 'photo')} yet."
    )
    st.page_link(
        "views/library.py", label="Look for changes on the Library page", icon=":material/sync:"
    )
    for place, (other, count) in enumerate(models.items()):
        if count:
            st.button(
                escaped(shown_name(f"Search {counted(count, 'photo')} with {other} instead")),
                icon=":material/swap_horiz:",
                key=f"use-{place}",
                on_click=partial(session_choice.choose, model=other),
            )
    _in_a_terminal(chosen)


def not_all(chosen: Settings, photos: int, searched: int) -> None:
    """Some photos that this model has not looked at yet."""
    if searched < photos:
        told = (
            f"{counted(photos - searched, 'photo')} of {photos:,} cannot be found with "
            f"{shown_name(chosen.model)} yet: choose Look for changes on the Library page."
        )
        show_plain(told, key="not-all")


def _in_a_terminal(chosen: Settings) -> None:
    st.text("Or in a terminal:")
    st.code(index_command(chosen), language=None, wrap_lines=True)
