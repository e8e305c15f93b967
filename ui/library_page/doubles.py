"""Photos that are there more than once, side by side; nothing is moved from the page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import streamlit as st

from index.catalogue.records import Content
from index.duplicates.groups import Duplicates, Group
from ui import resources
from ui.components import show_errors, show_plain
from ui.duplicate_lists import summary
from ui.plain import counted, escaped, shown_name, shown_path
from ui.settings import Settings, default_library
from vlm.errors import VlmError

_PAGE = 10
_TITLES = {"exact": "Exact copies", "near": "Copies", "burst": "Shots of one moment"}


def groups(chosen: Settings, found: Duplicates) -> None:
    """The groups, some at a time, and the command that moves copies."""
    show_plain(summary(found.groups).replace("; --move-to FOLDER moves them away", ""), key="dup")
    if any(group.redundant for group in found.groups):
        st.text("To move the copies to a folder of your choice, and to bring them back later:")
        st.code(move_command(chosen), language=None, wrap_lines=True)
    pages = -(-len(found.groups) // _PAGE)
    page = st.pagination(pages, key="groups_page") if pages > 1 else 1
    for place, group in enumerate(found.groups[(page - 1) * _PAGE : page * _PAGE]):
        with st.container(border=True, key=f"group-{place}"):
            _group(group, f"{place}")


def move_command(chosen: Settings) -> str:
    """What to type in a terminal.

    >>> move_command(Settings(default_library()))
    'vlm duplicates --move-to FOLDER'
    """
    where = "" if chosen.library == default_library() else shlex.quote(str(chosen.library))
    return "vlm duplicates --move-to FOLDER" + (f" --library {where}" if where else "")


def _group(group: Group, key: str) -> None:
    st.subheader(f"{_TITLES[group.kind]}: {counted(len(group.photos), 'photo')}", anchor=False)
    grid = st.grid(columns=4, min_column_width=145, gap="small")
    for place, photo in enumerate(_best_first(group)):
        with grid.cell(), st.container(key=f"card-dup-{key}-{place}", gap="xxsmall"):
            _photo(photo, group, f"{key}-{place}")


def _best_first(group: Group) -> Sequence[Content]:
    return (group.best, *(photo for photo in group.photos if photo != group.best))


def _photo(photo: Content, group: Group, key: str) -> None:
    try:
        thumbnail = resources.thumbnail(photo.path)
        st.image(thumbnail, width="stretch", alt=shown_name(photo.path.name))
    except VlmError as error:
        show_errors([error])
    st.text(shown_name(photo.path.name), wrap=False)
    if photo == group.best:
        st.badge(escaped(f"Keep: {group.reason}"), color="green")
    elif group.redundant:
        st.badge("Copy", color="orange")
    size = f"{photo.width} × {photo.height} · {photo.size / 1e6:.1f} MB"  # noqa: RUF001
    show_plain(size, key=f"dup-size-{key}")
    show_plain(shown_path(photo.path.parent), key=f"dup-folder-{key}")
