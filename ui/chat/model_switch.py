"""Which model answers, to be changed in the middle of a conversation."""

from __future__ import annotations

import re
from functools import cache

import streamlit as st

from ui import resources
from ui.chosen import choose
from ui.settings import Settings
from vlm.extras import missing_packages
from vlm.registry import MODELS


def model_switch() -> None:
    """A field with the models whose packages are installed; the chosen one gives the next answer.

    One whose weights are not on this machine yet is downloaded when it is asked.
    """
    chosen = resources.settings()
    names = answering_models(chosen)
    st.selectbox(
        "Model that answers",
        names,
        index=names.index(chosen.describer),
        format_func=lambda name: f"Answered by {shown_model(name)}",
        key="answered_by",
        on_change=_change,
        label_visibility="collapsed",
        width=280,
    )


def shown_model(name: str) -> str:
    """The name of a model for the page: of one on a server, without the address of the server.

    >>> shown_model("starter"), shown_model("openai:qwen3-vl@http://localhost:8000/v1")
    ('starter', 'qwen3-vl on a server')
    """
    found = re.fullmatch(r"openai:(?P<model>\S+?)@https?://\S+", name)
    return f"{found['model']} on a server" if found else name


def answering_models(chosen: Settings) -> list[str]:
    """Names of the models that can be asked here, and the one that is chosen in any case."""
    names = [
        spec.name
        for spec in MODELS
        if spec.role == "describe" and spec.tier != "test" and _is_installed(spec.extra)
    ]
    return names if chosen.describer in names else [chosen.describer, *names]


@cache
def _is_installed(extra: str) -> bool:
    return not missing_packages(extra)


def _change() -> None:
    choose(describer=st.session_state["answered_by"])
