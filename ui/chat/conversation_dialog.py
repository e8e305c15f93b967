"""Rename, keep the photos of, export and delete one conversation."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import streamlit as st

from ui.chat import session
from ui.chat.photos import QUALITY, SIDE
from ui.components import show_errors
from ui.conversations import Conversation, Exchange
from ui.conversations.errors import ConversationsError
from ui.conversations.export import Kind, export, export_name, mime_of
from ui.small_jpegs import small_jpeg
from vlm.errors import VlmError
from vlm.images import read_image

_KEEP_HELP = (
    "Otherwise photos that you added are deleted when the app is started again, "
    "and after 12 hours. Photos of your library stay where they are in any case."
)


def conversation_dialog(conversation: Conversation) -> None:
    """Open the dialogue for a conversation."""
    st.dialog("This conversation")(_show)(conversation)


def _show(conversation: Conversation) -> None:
    if session.is_done():  # a change was made: draw the whole page, and close the dialogue
        st.rerun()
    _title(conversation)
    st.checkbox(
        "Keep the photos with this conversation",
        conversation.keep_photos,
        help=_KEEP_HELP,
        key=f"keep-{conversation.id}",
        on_change=partial(session.keep_photos, conversation.id),
    )
    try:
        _files(conversation)
    except ConversationsError as error:
        show_errors([error])
    with st.expander("Delete\u2026", icon=":material/delete:"):
        st.text("It is deleted for good, with the photos you added. Your library stays as it is.")
        st.button(
            "Delete for good",
            type="primary",
            key="delete",
            on_click=partial(session.delete, conversation.id),
        )


def _title(conversation: Conversation) -> None:
    with st.form("rename", border=False):
        st.text_input("Title", conversation.title, max_chars=200, key="title")
        st.form_submit_button(
            "Rename", key="rename", on_click=partial(session.rename, conversation.id)
        )


def _files(conversation: Conversation) -> None:
    exchanges = session.store().exchanges(conversation.id)
    st.text("Export, with the photos you added and small copies of those that are cited:")
    kinds: tuple[tuple[Kind, str], ...] = (("md", "Markdown"), ("json", "JSON"))
    with st.container(horizontal=True):
        for kind, label in kinds:
            st.download_button(
                label,
                partial(_exported, conversation, exchanges, kind),  # made when it is asked for
                export_name(conversation, exchanges, kind),
                mime_of(exchanges, kind),
                key=f"export-{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def _exported(conversation: Conversation, exchanges: tuple[Exchange, ...], kind: Kind) -> bytes:
    store = session.store()
    added: dict[str, bytes] = {}
    cited: dict[Path, bytes] = {}
    for exchange in exchanges:
        for photo in exchange.photos:
            with suppress(ConversationsError):
                if jpeg := store.photo(conversation.id, photo.digest):
                    added[photo.digest] = jpeg
        for one in exchange.cited:
            with suppress(VlmError):  # of a photo that is gone, its path is in the file
                image = read_image(one.path, size=SIDE)
                cited[one.path] = small_jpeg(image, (SIDE, SIDE), quality=QUALITY)
    return export(conversation, exchanges, kind, added, cited)
