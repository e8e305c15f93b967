"""Make the library, or bring it up to date: a folder is named, or those it has are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from index.overview import top_folders
from index.scanning.missing import is_gone
from ui import resources
from ui.components import show_errors, show_plain
from ui.library_page.jobs import Work
from ui.library_page.work import indexing, named_folder, noting
from ui.plain import counted, shown_path
from ui.settings import Settings
from vlm.errors import VlmError

_NAMED = 3


def add_folder(chosen: Settings, *, busy: bool) -> None:
    """Draw the field for a folder; its photos are indexed where they lie."""
    with (
        st.form("add_folder", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        typed = st.text_input(
            "Folder with photos on this machine",
            placeholder="~/Pictures",
            icon=":material/folder:",
            key="folder",
        )
        asked = st.form_submit_button(
            "Add photos", type="primary", icon=":material/add:", key="add_button", disabled=busy
        )
    show_plain(
        "Your photos stay where they are and are only read. You can stop at any time: "
        "the next run goes on.",
        key="add-note",
    )
    if asked and not typed.strip():
        st.warning("Name a folder first.", icon=":material/folder_off:")
    elif asked:
        folder = named_folder(typed)
        begin(f"Indexing {shown_path(folder)}", lambda: indexing(chosen, [folder]))


def more_to_do(chosen: Settings, contents: resources.Contents, *, busy: bool) -> None:
    """Draw what else can be done to a library that has photos."""
    tops = top_folders(contents.overview.folders)
    folders = [folder for folder in tops if folder.is_dir()]
    gone = [folder for folder in tops if is_gone(folder)]
    with st.container(horizontal=True):
        if st.button(
            "Look for changes",
            icon=":material/sync:",
            help="Looks for new, changed and missing photos in the folders of the library.",
            key="refresh",
            disabled=busy or not tops,
        ):
            what = f"Looking for changes in {_named(tops)}"
            begin(what, lambda: indexing(chosen, folders, gone))
        if st.button(
            "Read text in photos",
            icon=":material/text_fields:",
            help="So that words on signs, menus and tickets are found.",
            key="read_text",
            disabled=busy,
        ):
            begin("Reading text", lambda: noting(chosen, "ocr"))
        if st.button(
            "Note captions",
            icon=":material/notes:",
            help=f"{chosen.describer} says a line about each photo, which is searched too.",
            key="note_captions",
            disabled=busy,
        ):
            begin("Captioning", lambda: noting(chosen, "caption"))

    if gone:
        named = ", ".join(shown_path(folder) for folder in gone[:_NAMED])
        named += f" and {counted(len(gone) - _NAMED, 'more folder')}" if len(gone) > _NAMED else ""
        show_plain(
            f"Not there any more: {named}. “Look for changes” takes the photos out of the search, "
            "unless they are on a disk that is not connected.",
            key="gone-folders",
        )


def begin(what: str, make: Callable[[], Work]) -> None:
    """Start a job and draw the page again, or say why it cannot begin."""
    try:
        work = make()
    except VlmError as error:
        show_errors([error])
        return
    if resources.jobs().start(what, work):
        st.rerun()
    st.warning(
        "Something else is being done. Wait until it has ended, or stop it first.",
        icon=":material/hourglass_top:",
    )


def _named(folders: Sequence[Path]) -> str:
    return shown_path(folders[0]) if len(folders) == 1 else counted(len(folders), "folder")
