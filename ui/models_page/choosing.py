"""Models as cards: what each is for and what it costs, and a button to use it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ui import resources
from ui.chosen import choose
from ui.components import show_errors, show_plain
from ui.library_page.running import job_status
from ui.models_page.fetched import Fetched
from ui.models_page.fetching import fetching
from ui.models_page.words import download, gigabytes, languages, licence_note, memory, speed
from ui.plain import counted, escaped
from ui.settings import Settings
from vlm.errors import VlmError
from vlm.extras import missing_packages
from vlm.hub import is_cached
from vlm.models import MODELS, ModelSpec, Role


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
    job = resources.downloads().last()
    mine = job is not None and job.what == _downloading(spec)
    if mine:
        job_status(resources.downloads())  # here, where the button was that began it
    if missing:
        st.code(f"pip install 'vlm-assistant[{spec.extra}]'", language=None, wrap_lines=True)
    elif not here:
        if not (mine and job is not None and job.runs):
            _download_button(spec, key)
    elif not in_use:
        _use_button(spec, key)


def _use_button(spec: ModelSpec, key: str) -> None:
    label = "Search with it" if spec.role == "embed" else "Use it"
    if st.button(label, key=f"use-{key}"):
        _use(spec)


def _download_button(spec: ModelSpec, key: str) -> None:
    job = resources.downloads().last()
    if st.button(
        f"Download {gigabytes(spec.disk_gb)} and use it",
        key=f"use-{key}",
        icon=":material/download:",
        disabled=job is not None and job.runs,
    ):
        if resources.downloads().start(_downloading(spec), fetching(spec)):
            st.session_state["use_when_here"] = spec
            st.rerun()
        st.warning("Another model is being downloaded.", icon=":material/hourglass_top:")


def _downloading(spec: ModelSpec) -> str:
    return f"Downloading {spec.name}"


def use_what_was_fetched() -> None:
    """Choose the model that this session waited for, once its download is complete."""
    wanted: ModelSpec | None = st.session_state.get("use_when_here")
    job = resources.downloads().last()
    if wanted is None or job is None or job.runs:
        return
    del st.session_state["use_when_here"]
    if isinstance(job.result, Fetched) and job.result.name == wanted.name:
        _use(wanted)


def _use(spec: ModelSpec) -> None:
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
