"""Beside every page: what is searched, which models answer, and where the photos go."""

from __future__ import annotations

import streamlit as st

from index.library import Library
from ui import resources
from ui.components import show_errors, show_plain
from ui.plain import counted
from ui.settings import Settings
from vlm.errors import LibraryMissing, VlmError


def sidebar() -> None:
    """Draw the side bar for the current settings."""
    chosen = resources.settings()
    with st.sidebar:
        with st.container(key="about-library", gap="xsmall"):
            st.markdown("**Library**")
            _library(chosen)
        with st.container(key="about-models", gap="xsmall"):
            st.markdown("**Models**")
            st.text(f"Search: {chosen.model}")
            st.text(f"Descriptions: {chosen.describer}")
            _runtime()
        with st.container(key="about-privacy", gap="xsmall"):
            st.markdown("**Privacy**")
            show_plain(_privacy(chosen), key="privacy")


def _library(chosen: Settings) -> None:
    try:
        with Library.open(chosen.library) as library:
            st.text(counted(library.count(chosen.model), "photo"))
    except LibraryMissing:
        st.text("No photos yet")
    except VlmError as error:
        show_errors([error])
    show_plain(str(chosen.library), key="library")
    with st.expander("Add photos"):
        st.text("In a terminal, name a folder of photos:")
        st.code(_index_command(chosen), language=None, wrap_lines=True)


def _index_command(chosen: Settings) -> str:
    model = "" if chosen.model == Settings.from_env().model else f" --model {chosen.model}"
    return f"vlm index PHOTO_FOLDER{model}"


def _runtime() -> None:
    try:
        show_plain(f"Runs on {resources.runtime().why}", key="runtime")
    except VlmError as error:
        show_errors([error])


def _privacy(chosen: Settings) -> str:
    if chosen.describer.startswith("openai:"):
        server = chosen.describer.partition("@")[2]
        return f"Photos you ask about are sent to {server}."
    return "Photos and questions stay on this machine."
