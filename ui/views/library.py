"""Library page: make it, keep it up to date, and see what is in it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from index.duplicates.groups import Duplicates
from index.records import Report, Skipped
from ui import resources
from ui.components import show_errors, show_plain
from ui.filling_notes import Noted
from ui.library_page import facts
from ui.library_page.adding import add_folder, begin, more_to_do
from ui.library_page.doubles import groups
from ui.library_page.running import job_status
from ui.library_page.skipped import skipped_files
from ui.library_page.work import comparing
from ui.plain import shown_path
from ui.settings import Settings
from vlm.errors import LibraryMissing, VlmError


def main() -> None:
    """Draw the page."""
    st.title("Your photo library", anchor=False)
    chosen = resources.settings()
    job_status(resources.jobs())
    job = resources.jobs().last()
    busy = job is not None and job.runs
    try:
        contents = resources.contents(chosen)
    except LibraryMissing:
        _first_photos(chosen, busy=busy)
        return
    except VlmError as error:
        show_errors([error])
        return
    if contents.overview.photos:
        facts.figures(chosen, contents)
        st.header("Add photos", anchor=False)
        add_folder(chosen, busy=busy)
        more_to_do(chosen, contents, busy=busy)
        facts.when(contents)
        facts.where(contents)
        facts.holdings(chosen, contents)
        _doubles(chosen, busy=busy)
    else:
        _first_photos(chosen, busy=busy)
    _skipped(contents)


def _first_photos(chosen: Settings, *, busy: bool) -> None:
    st.header("No photos yet", anchor=False)
    st.text("Name a folder of photos, and all photos in and below it can be searched.")
    add_folder(chosen, busy=busy)
    show_plain(f"The library itself is kept in {shown_path(chosen.library)}", key="kept-in")


def _doubles(chosen: Settings, *, busy: bool) -> None:
    st.header("Photos that are there more than once", anchor=False)
    job = resources.jobs().last()
    found = job.result if job is not None and isinstance(job.result, Duplicates) else None
    label = "Look again" if found else "Look for duplicates"
    if st.button(label, icon=":material/filter_none:", key="find_duplicates", disabled=busy):
        begin("Comparing photos", lambda: comparing(chosen))
    if found is not None and found.groups:
        groups(chosen, found)
    elif found is not None:
        st.text("No photo is there twice.")


def _skipped(contents: resources.Contents) -> None:
    """What the library knows that it cannot read, and what the last job left out besides."""
    known: dict[Path, Skipped] = {one.path: one for one in contents.refused}
    job = resources.jobs().last()
    if job is not None and isinstance(job.result, Report | Noted):
        known |= {one.path: one for one in job.result.skipped}
    if known:
        st.header("Files that were skipped", anchor=False)
        skipped_files(list(known.values()))


if __name__ == "__main__":  # as Streamlit runs it
    main()
