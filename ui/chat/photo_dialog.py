"""A photo that an answer rests on, shown large, with what is known of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from ui import resources
from ui.chat import session
from ui.chat.framing import with_region
from ui.chat.photos import QUALITY, SIDE
from ui.components import show_band, show_errors
from ui.conversations import Cited, Exchange, FoundPhoto
from ui.photo_facts import photo_facts
from ui.plain import escaped, shown_name, shown_path
from ui.small_jpegs import small_jpeg
from vlm.errors import VlmError
from vlm.images import read_image

_SHOWN = (1200, 540)
"""Pixels at most, so that the photo and what is known of it are in sight at once."""


def photo_dialog(exchange: Exchange, number: int) -> None:
    """Open the photo of this number of an exchange; nothing happens where there is none."""
    cited = next((cited for cited in exchange.cited if cited.number == number), None)
    found = exchange.found[number - 1] if 0 < number <= len(exchange.found) else None
    path = cited.path if cited else found.path if found else None
    if path is None:
        return
    if found is not None and found.path != path:
        found = None
    title = f"Photo {number}: {escaped(shown_name(path.name))}"
    show = st.dialog(title, width="large")(_show)
    show(path, found, cited)


def _show(path: Path, found: FoundPhoto | None, cited: Cited | None) -> None:
    if session.is_done():
        st.rerun()
    chosen = resources.settings()
    name = shown_name(path.name)
    region = cited.region if cited else None
    photo, facts = st.columns([3, 2], gap="medium")
    with photo:
        try:
            image = with_region(read_image(path, size=SIDE), region)
            alt = f"{name}, with a frame around the part that is meant" if region else name
            st.image(small_jpeg(image, _SHOWN, quality=QUALITY), alt=alt)
        except VlmError as error:
            show_errors([error])
    with facts:
        if found is not None:
            show_band(found.band)
        with st.container(key="about-photo", gap="xsmall"):
            try:
                for word, value in photo_facts(chosen, path):
                    st.text(f"{word}: {value}")
            except VlmError as error:
                st.text(f"File: {shown_path(path)}")
                show_errors([error])
        st.button(
            "Ask about this photo",
            icon=":material/chat:",
            type="primary",
            key="ask_about",
            on_click=partial(session.ask_about, path),
        )
