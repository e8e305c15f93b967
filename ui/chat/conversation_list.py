"""Beside the chat: the conversations, newest first, and a field that searches their words."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ui.chat import session
from ui.conversations import Conversation
from ui.conversations.errors import ConversationsError
from ui.plain import escaped, shown_name

_AT_ONCE = 12
"""So many are listed until more are asked for."""


def conversation_list() -> None:
    """Draw the list into the side bar."""
    talk = session.current()
    session.is_done()  # whatever was done, no dialogue is open when the page is drawn
    with st.sidebar, st.container(key="conversations", gap="xsmall"):
        st.markdown("**Conversations**")
        st.button(
            "New conversation",
            icon=":material/add_comment:",
            key="new_conversation",
            width="stretch",
            disabled=not talk.exchanges,
            on_click=session.open_conversation,
        )
        many = bool(st.session_state.get("all_conversations", False))
        try:
            words = str(st.session_state.get("conversation_words", ""))
            listed = session.store().newest(words, limit=500 if many else _AT_ONCE + 1)
        except ConversationsError:
            return  # the page says what is wrong
        if listed or words:
            st.text_input(
                "Search conversations", key="conversation_words", icon=":material/search:"
            )
        if not listed and words:
            st.text("No conversation has these words.")
        for conversation in listed if many else listed[:_AT_ONCE]:
            _row(conversation, open_now=conversation.id == talk.id)
        if len(listed) > _AT_ONCE and not many:
            st.button("Show all", key="show_all", type="tertiary", on_click=_show_all)
    if (name := session.conversation_to_manage()) and (chosen := _find(name)):
        from ui.chat.conversation_dialog import conversation_dialog

        conversation_dialog(chosen)


def _row(conversation: Conversation, *, open_now: bool) -> None:
    title = shown_name(conversation.title)
    with st.container(horizontal=True, gap="xxsmall", key=f"row-{conversation.id}"):
        st.button(
            escaped(title),
            key=f"open-{conversation.id}",
            type="secondary" if open_now else "tertiary",
            width="stretch",
            help=f"{'Open now, last' if open_now else 'Last'} changed {conversation.changed[:10]}",
            on_click=partial(session.open_conversation, conversation.id),
        )
        st.button(
            f"Manage {escaped(title)}",
            icon=":material/more_vert:",
            key=f"manage-{conversation.id}",
            type="tertiary",
            on_click=partial(session.manage, conversation.id),
        )


def _show_all() -> None:
    st.session_state["all_conversations"] = True


def _find(name: str) -> Conversation | None:
    try:
        return session.store().find(name)
    except ConversationsError:
        return None
