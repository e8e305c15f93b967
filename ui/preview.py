"""One photo of several, large, in a dialogue: to the next and the one before, and what is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from ui import resources, searches
from ui.components import show_errors
from ui.live_region import live_region
from ui.photo_facts import photo_facts
from ui.photo_words import photo_words
from ui.picks import pick_or_tell
from ui.plain import escaped, shown_name
from vlm.errors import VlmError
from vlm.images import read_image

_LARGE = 1600
"""Pixels of the longer side."""


def open_large(paths: Sequence[Path], at: int) -> None:
    """Open one of the photos; the arrow keys go through the others."""
    st.session_state["preview_at"] = at
    st.dialog("Photo", width="large")(_large)(tuple(paths))


def _large(paths: tuple[Path, ...]) -> None:
    at = min(int(st.session_state.get("preview_at", 0)), len(paths) - 1)
    path = paths[at]
    name = shown_name(path.name)
    if len(paths) > 1:
        _steps(at, len(paths))
    left, right = st.columns([2, 1], gap="medium")
    with left, st.container(key="preview"):
        _picture(path, name)
    with right:
        with st.container(key="preview-name"):
            st.subheader(escaped(name), anchor=False)
        _facts(path)
        _actions(path)
    with st.container(key="said-preview"):
        live_region(f"{name}, photo {at + 1} of {len(paths)}", key="preview_spoken")


def _picture(path: Path, name: str) -> None:
    try:
        alt = photo_words(resources.settings(), [path]).get(path, name)
        if path.exists():
            image = read_image(path, size=_LARGE)
            image.thumbnail((_LARGE, _LARGE))
            st.image(image, width="stretch", alt=alt, output_format="JPEG")
        else:
            st.image(resources.thumbnail(path), width="stretch", alt=alt)
            st.text("The file is not there now; this small picture was kept.")
    except VlmError as error:
        show_errors([error])


def _steps(at: int, count: int) -> None:
    """On top, where they stay in place whatever the shape of the photo."""
    with st.container(horizontal=True, vertical_alignment="center", key="preview-steps"):
        st.button(
            "Previous", key="preview_back", shortcut="Left",
            disabled=at == 0, on_click=partial(_go_to, at - 1),
        )  # fmt: skip
        st.text(f"{at + 1} of {count}", width="content")
        st.button(
            "Next", key="preview_on", shortcut="Right",
            disabled=at == count - 1, on_click=partial(_go_to, at + 1),
        )  # fmt: skip


def _go_to(at: int) -> None:
    st.session_state["preview_at"] = at


def _actions(path: Path) -> None:
    with st.container(gap="small"):
        if st.button("More like this", icon=":material/image_search:", key="large_like"):
            searches.walk_to(path)
            st.switch_page("views/search.py")
        if st.button("Ask about this", icon=":material/chat_add_on:", key="large_pick"):
            pick_or_tell(path)
            st.switch_page("views/chat.py")
        if path.is_file():
            st.download_button(
                "Download", data=path.read_bytes, file_name=shown_name(path.name),
                icon=":material/download:", key="large_download", on_click="ignore",
            )  # fmt: skip


def _facts(path: Path) -> None:
    with st.container(key="photo-facts", gap="xsmall"):
        try:
            for word, value in photo_facts(resources.settings(), path):
                st.text(f"{word}: {value}")
        except VlmError as error:
            show_errors([error])
