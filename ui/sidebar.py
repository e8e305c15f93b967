"""Beside every page: what is searched, which models answer, and where the photos go."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from ui import resources
from ui.components import show_errors, show_plain
from ui.plain import counted, shown_name, shown_path
from ui.settings import Settings
from vlm.errors import UnknownModel, VlmError
from vlm.registry import find_spec
from vlm.remote_name import parse_name


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
            _runtime(chosen)
        with st.container(key="about-privacy", gap="xsmall"):
            st.markdown("**Privacy**")
            show_plain(_privacy(chosen), key="privacy")


def _library(chosen: Settings) -> None:
    try:
        held = resources.counts(chosen)
        if held is None or not held.photos:
            st.text("No photos yet")
            count = 0
        else:
            count = held.models.get(chosen.model, 0)
            told = counted(count or held.photos, "photo")
            unseen = f", none searched by {shown_name(chosen.model)} yet"
            st.text(told if count else told + unseen)
        if count and (noted := resources.noted_share(chosen)):
            st.text(noted)
    except VlmError as error:
        show_errors([error])
    show_plain(shown_path(chosen.library), key="library")
    for kind, jobs in (("job", resources.jobs()), ("download", resources.downloads())):
        job = jobs.last()
        if job is not None and job.runs:
            show_plain(f"{shown_name(job.what)}…", key=f"{kind}-runs")


def _runtime(chosen: Settings) -> None:
    try:
        specs = find_spec("embed", chosen.model)[0], find_spec("describe", chosen.describer)[0]
        # Only torch knows its devices, and importing it takes seconds: others do not wait for it.
        needs_torch = any(spec.extra == "torch" for spec in specs)
        why = resources.runtime().why if needs_torch else "the CPU"
        show_plain(f"Runs on {why}", key="runtime")
    except VlmError as error:
        show_errors([error])


def _privacy(chosen: Settings) -> str:
    if chosen.describer.startswith("openai:"):
        with suppress(UnknownModel):  # said above, and nothing is sent
            _, server = parse_name(chosen.describer)
            return f"Photos you ask about are sent to {server}."
    return "Photos and questions stay on this machine."
