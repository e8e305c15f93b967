"""Models as cards: what each is for and what it costs, and a button to use it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ui import resources
from ui.chosen import choose
from ui.components import show_errors, show_plain
from ui.models_page.words import download, gigabytes, languages, licence_note, memory, speed
from ui.plain import counted, escaped
from ui.settings import Settings
from vlm.errors import VlmError
from vlm.extras import missing_packages
from vlm.hub import is_cached
from vlm.models import MODELS, ModelSpec, Role
from vlm.registry import load_describer, load_embedder


def model_cards(chosen: Settings, role: Role, indexed: Mapping[str, int]) -> None:
    """The models of a role; those for tests only where one of them is in use."""
    used = chosen.model if role == "embed" else chosen.describer
    shown = [s for s in MODELS if s.role == role and (s.tier != "test" or s.name == used)]
    grid = st.grid(columns=3, min_column_width=260, gap="small")
    for spec in shown:
        with (
            grid.cell(),
            st.container(border=True, key=f"model-{role}-{_safe(spec.name)}", gap="xsmall"),
        ):
            _card(spec, in_use=spec.name == used, photos=indexed.get(spec.name, 0))


def _card(spec: ModelSpec, *, in_use: bool, photos: int) -> None:
    missing = missing_packages(spec.extra)
    here = not spec.hub_id or is_cached(spec)
    st.subheader(escaped(spec.name), anchor=False)
    with st.container(horizontal=True, gap="xsmall"):
        if in_use:
            st.badge("In use", color="green", icon=":material/check:")
        if missing:
            st.badge("Needs an extra", color="gray")
        else:
            st.badge("On this machine" if here else "To download", color="blue")
    st.text(spec.note)
    key = f"{spec.role}-{_safe(spec.name)}"
    lines = [speed(spec), languages(spec), memory(spec), *([] if here else [download(spec)])]
    show_plain("\n".join([*lines, f"Licence: {spec.licence}"]), key=f"facts-{key}")
    if note := licence_note(spec):
        show_plain(note, key=f"licence-{key}")
    if spec.role == "embed":
        done = f"Has looked at {counted(photos, 'photo')}" if photos else "Has seen no photo yet"
        show_plain(done, key=f"indexed-{key}")
    if missing:
        st.code(f"pip install 'vlm-assistant[{spec.extra}]'", language=None, wrap_lines=True)
    elif not in_use:
        _button(spec, key, here=here)


def _button(spec: ModelSpec, key: str, *, here: bool) -> None:
    use = "Search with it" if spec.role == "embed" else "Use it"
    label = use if here else f"Download {gigabytes(spec.disk_gb)} and use it"
    if st.button(label, key=f"use-{key}", icon=None if here else ":material/download:"):
        try:
            if not here:
                with st.spinner(f"Downloading {gigabytes(spec.disk_gb)}…"):
                    (load_embedder if spec.role == "embed" else load_describer)(spec.name)
        except VlmError as error:
            show_errors([error])
            return
        if spec.role == "embed":
            choose(model=spec.name)
        else:
            choose(describer=spec.name)
        st.rerun()


def not_indexed(chosen: Settings) -> None:
    """Say so where the search model has not looked at the photos, and what to do."""
    try:
        count = resources.photo_count(chosen)
    except VlmError as error:
        show_errors([error])
        return
    if count == 0:
        st.info(
            f"{escaped(chosen.model)} has not looked at your photos yet. On the Library page, "
            "choose “Look for changes”; or go back to the model of before.",
            icon=":material/info:",
        )
        st.page_link("views/library.py", label="To the library", icon=":material/photo_library:")


def _safe(name: str) -> str:
    return name.replace(".", "-")
