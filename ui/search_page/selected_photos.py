"""What can be done with the photos that are ticked: ask about them, or take them along."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from ui import resources, state
from ui.photo_words import photo_words
from ui.picks import MOST, drop_picks, pick
from ui.plain import counted, shown_name
from ui.search_page.exporting import MOST_BYTES, LibraryFile, as_csv, as_zip, size_of
from ui.selection import clear_selection, select_all, selected


def selected_photos(shown: Sequence[Path] = ()) -> None:
    """How many are ticked, and the ways on; those that are ``shown`` can be ticked at once."""
    chosen = selected()
    if not chosen and not shown:
        return
    row = "selected" if chosen else "none-selected"
    with st.container(horizontal=True, vertical_alignment="center", key=row, gap="small"):
        if not chosen:
            st.button(
                "Select all", icon=":material/check_box:", key="select_all",
                on_click=partial(select_all, shown),
            )  # fmt: skip
            return
        st.text(f"{len(chosen):,} selected", width="content")
        _ask(chosen)
        _describe(chosen)
        with st.popover("Download", icon=":material/download:", key="download_selected"):
            _ways(chosen)
        st.button("Clear", icon=":material/close:", key="clear", on_click=clear_selection)


def _ask(chosen: Sequence[Path]) -> None:
    too_many = len(chosen) > MOST
    label = f"Ask about {MOST} at most" if too_many else "Ask about them"
    if st.button(label, icon=":material/chat:", key="ask_selected", disabled=too_many):
        drop_picks()
        for path in chosen:
            pick(path)
        clear_selection()
        st.switch_page("views/chat.py")


def _describe(chosen: Sequence[Path]) -> None:
    if st.button("Describe them", icon=":material/description:", key="describe_selected"):
        state.put_on_desk([LibraryFile(path) for path in chosen])
        clear_selection()
        st.switch_page("views/describe.py")


def _ways(chosen: Sequence[Path]) -> None:
    size = size_of(chosen)
    if size > MOST_BYTES:
        st.text(
            f"These photos are {size / 1e6:,.0f} MB, more than the {MOST_BYTES / 1e6:.0f} MB that "
            "go into one ZIP file. Select fewer, or copy their paths."
        )
    elif size:
        st.download_button(
            f"Photos as a ZIP file ({max(size / 1e6, 0.1):,.1f} MB)",
            data=partial(as_zip, chosen), file_name="photos.zip", mime="application/zip",
            icon=":material/folder_zip:", key="download_zip", on_click="ignore",
        )  # fmt: skip
    st.download_button(
        "List as CSV, with captions",
        data=as_csv(chosen, photo_words(resources.settings(), chosen)),
        file_name="photos.csv", mime="text/csv",
        icon=":material/table:", key="download_list", on_click="ignore",
    )  # fmt: skip
    st.text(f"{counted(len(chosen), 'path')} to copy:")
    with st.container(key="copy-paths"):
        paths = "\n".join(shown_name(str(path)) for path in chosen)
        st.code(paths, language=None, height=160 if len(chosen) > 5 else None)
