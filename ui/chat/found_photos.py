"""The photos of the library that belong to an answer, small and with their numbers."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ui import resources
from ui.chat import session
from ui.components import show_errors
from ui.conversations import Exchange, FoundPhoto
from ui.plain import counted, escaped, shown_name
from vlm.errors import VlmError

_AT_ONCE = 4
"""So many photos are shown at once; the others are a click away."""


def found_photos(exchange: Exchange, turn: int, *, can_open: bool = True) -> None:
    """The photos found, the cited ones first in sight; each opens larger."""
    cited = max((cited.number for cited in exchange.cited), default=0)
    first = max(_AT_ONCE, cited)
    _grid(exchange.found[:first], 1, turn, can_open=can_open)
    if more := exchange.found[first:]:
        with st.expander(f"{counted(len(more), 'more photo')} found"):
            _grid(more, first + 1, turn, can_open=can_open)


def _grid(photos: tuple[FoundPhoto, ...], begin: int, turn: int, *, can_open: bool) -> None:
    if not photos:
        return
    with st.container(key=f"found-{turn}-{begin}"):
        grid = st.grid(columns=4, min_column_width=130, gap="small")
        for number, photo in enumerate(photos, begin):
            with grid.cell(), st.container(key=f"card-{turn}-{number}", gap="xxsmall"):
                _card(photo, number, turn, can_open=can_open)


def _card(photo: FoundPhoto, number: int, turn: int, *, can_open: bool) -> None:
    name = shown_name(photo.name)
    try:
        st.image(resources.thumbnail(photo.path), width="stretch", alt=name)
    except VlmError as error:
        show_errors([error])
    if can_open:
        st.button(
            f"{escaped(f'[{number}] {name}')}",
            key=f"open-{turn}-{number}",
            type="tertiary",
            help="Show this photo larger, with what is known of it",
            on_click=partial(session.open_photo, (turn, number)),
        )
    else:
        st.text(f"[{number}] {name}", wrap=False)
