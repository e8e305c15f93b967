"""The models that one browser session chose, on top of the settings `vlm chat` was started with."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ui.settings import Settings


def settings() -> Settings:
    """The settings of this session: those of the start, with the models that were chosen."""
    started = Settings.from_env()
    chosen: dict[str, str] = st.session_state.get("chosen_models", {})
    return replace(
        started,
        model=chosen.get("model", started.model),
        describer=chosen.get("describer", started.describer),
    )


def choose(*, model: str | None = None, describer: str | None = None) -> None:
    """Search with another model, or have another one write, for the rest of this session.

    None leaves the choice as it is. Nothing is loaded here: what is wrong with a model is said
    where it is used first.
    """
    chosen: dict[str, str] = dict(st.session_state.get("chosen_models", {}))
    chosen |= {"model": model} if model else {}
    chosen |= {"describer": describer} if describer else {}
    st.session_state["chosen_models"] = chosen
