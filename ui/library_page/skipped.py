"""Files that could not be read, with the reasons."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from index.records import Skipped
from ui.components import show_plain
from ui.plain import counted, escaped, shown_name, shown_path

MOST = 200
"""So many are listed; all are in the file."""


def skipped_files(files: Sequence[Skipped]) -> None:
    """List files by reason, and offer all of them as a table."""
    by_reason: defaultdict[str, list[Skipped]] = defaultdict(list)
    for one in files[:MOST]:
        by_reason[one.reason].append(one)
    for reason, those in sorted(by_reason.items(), key=lambda group: -len(group[1])):
        with st.expander(escaped(shown_name(f"{counted(len(those), 'file')}: {reason}"))):
            st.text("\n".join(shown_path(one.path) for one in those))
    if len(files) > MOST:
        show_plain(f"The first {MOST} of {len(files):,} are listed.", key="skipped-more")
    st.download_button(
        "Download the list as CSV",
        data=lambda: as_csv(files),  # made when it is asked for: there may be thousands
        file_name="skipped-files.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download_skipped",
    )


def as_csv(files: Sequence[Skipped]) -> bytes:
    r"""The files with their reasons, for a spreadsheet; nothing in it is a formula.

    >>> from pathlib import Path
    >>> as_csv([Skipped(Path("/a.jpg"), "cut short")]).decode("utf-8-sig")
    'path,reason\r\n/a.jpg,cut short\r\n'
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("path", "reason"))
    table.writerows((_cell(shown_name(str(one.path))), _cell(one.reason)) for one in files)
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
