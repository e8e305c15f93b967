"""A model from a folder of this machine: a checkpoint that somebody downloaded or trained."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.chosen import choose
from ui.components import show_errors, show_plain
from ui.library_page.work import named_folder
from ui.plain import shown_path
from ui.settings import Settings
from vlm.errors import PathMissing, VlmError
from vlm.extras import missing_packages
from vlm.models import Role
from vlm.registry import find_spec

_USES: dict[str, Role] = {"Searching": "embed", "Descriptions and answers": "describe"}


def local_model(chosen: Settings) -> None:
    """Draw the fields for a checkpoint folder; nothing is loaded before it is needed."""
    st.header("A model from a folder", anchor=False)
    st.text(
        "A folder of safetensors weights that open_clip or sentence-transformers (for searching) "
        "or transformers (for answers) wrote. No code in it is run."
    )
    if missing_packages("torch"):
        st.code("pip install 'vlm-assistant[torch]'", language=None, wrap_lines=True)
        return
    with st.form("local", border=False):
        typed = st.text_input("Folder of the model", placeholder="~/models/clip", key="local_path")
        use = st.radio("For", list(_USES), horizontal=True, key="local_use")
        asked = st.form_submit_button("Use this folder", key="use_local")
    if asked and not typed.strip():
        st.warning("Name a folder first.", icon=":material/folder_off:")
    elif asked:
        _use(typed, _USES[use])
    for use, name in (("searching", chosen.model), ("answers", chosen.describer)):
        if Path(name).is_dir():
            show_plain(f"In use for {use}: {shown_path(Path(name))}", key=f"local-{use}")


def _use(typed: str, role: Role) -> None:
    folder = named_folder(typed)
    try:
        if not folder.is_dir():
            raise PathMissing(folder)
        find_spec(role, str(folder))
    except VlmError as error:
        show_errors([error])
        return
    if role == "embed":
        choose(model=str(folder))
    else:
        choose(describer=str(folder))
    st.rerun()
