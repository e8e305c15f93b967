"""Which conversation this browser session has open: the one that its URL names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from ui.chat.talk import Talk, opened
from ui.conversations import Conversations
from ui.conversations.place import conversations_file
from ui.focus import MESSAGE, lead_focus
from ui.picks import pick_or_tell

_PARAMETER = "conversation"
_EDITED = ".st-key-edited_question textarea"


def store() -> Conversations:
    """The conversations of the person who is logged in, or of everybody without accounts."""
    return Conversations(conversations_file(), owner=_owner())


def current() -> Talk:
    """The open conversation; the URL names it from here on."""
    talk: Talk | None = st.session_state.get("talk")
    asked = st.query_params.get(_PARAMETER, "")
    if talk is None or (asked and asked != talk.id):
        talk = opened(store(), asked)
        st.session_state["talk"] = talk
        st.session_state["conversation_missing"] = bool(asked) and not talk.id and not talk.problem
    if talk.id != asked:
        name_in_url(talk)
    return talk


def name_in_url(talk: Talk) -> None:
    """Put the id of a conversation into the URL, so that a reload brings it back."""
    if talk.id:
        st.query_params[_PARAMETER] = talk.id
    else:
        st.query_params.pop(_PARAMETER, None)


def is_missing() -> bool:
    """Whether the URL named a conversation that is not there; asked once."""
    return bool(st.session_state.pop("conversation_missing", False))


def open_conversation(conversation: str = "") -> None:
    """Open another conversation, or a new one."""
    talk = opened(store(), conversation)
    st.session_state["talk"] = talk
    name_in_url(talk)
    edit(on=False)
    open_photo(None)
    lead_focus()
    announce(f"Opened: {talk.conversation.title}" if talk.conversation else "New conversation")


def stop(talk: Talk) -> None:
    """End the answer that is being given; what was said is kept."""
    talk.stop()
    if talk.exchanges[-1].state == "stopped":  # else it had come to its end before
        kept = "What was said is kept." if talk.exchanges[-1].reply else "Nothing was said yet."
        announce(f"Answer {len(talk.exchanges)} was stopped. {kept}")
    lead_focus()


def ask(question: str) -> None:
    """Ask a question that was not typed."""
    current().ask(question)
    lead_focus()


def ask_again(talk: Talk, question: str | None = None) -> None:
    """Have the last question answered anew, or another one in its place."""
    talk.ask_again(question)
    announce("")
    lead_focus()


def edit(*, on: bool) -> None:
    """Begin or end to change the last question."""
    if on:
        lead_focus(_EDITED, always=True)
    elif is_editing():
        lead_focus(MESSAGE)
    st.session_state["editing"] = on


def is_editing() -> bool:
    """Whether the last question is being changed."""
    return bool(st.session_state.get("editing", False))


def open_photo(place: tuple[int, int] | None) -> None:
    """Have a photo shown large on the next run: number of the exchange, number of the photo."""
    st.session_state["opened_photo"] = place


def photo_to_open() -> tuple[int, int] | None:
    """The photo to be shown large; asked once, since closing it runs nothing."""
    place: tuple[int, int] | None = st.session_state.pop("opened_photo", None)
    return place


def _owner() -> str:
    user = st.user
    if not user.get("is_logged_in", False):
        return ""
    return str(user.get("email") or user.get("sub") or "")


def announce(text: str) -> None:
    """Have screen readers say something on the next run."""
    st.session_state["chat_announcement"] = text


def announcement() -> str:
    """What screen readers were last told."""
    return str(st.session_state.get("chat_announcement", ""))


def manage(conversation: str) -> None:
    """Have the dialogue of a conversation opened on the next run."""
    st.session_state["managed_conversation"] = conversation


def conversation_to_manage() -> str:
    """The conversation whose dialogue is to be opened; asked once."""
    return str(st.session_state.pop("managed_conversation", ""))


def keep_photos(conversation: str) -> None:
    """Whether the photos of a conversation stay, as the checkbox of its dialogue says."""
    keep = bool(st.session_state[f"keep-{conversation}"])
    talk = current()
    talk.kept(lambda store: store.keep_photos(conversation, keep=keep))
    if talk.id == conversation and talk.conversation is not None:
        talk.conversation = replace(talk.conversation, keep_photos=keep)


def rename(conversation: str) -> None:
    """Give a conversation the title that was typed into its dialogue."""
    title = str(st.session_state["title"])
    talk = current()
    talk.kept(lambda store: store.rename(conversation, title))
    announce(talk.problem or f"Renamed: {' '.join(title.split())}")
    done()


def delete(conversation: str) -> None:
    """Delete a conversation for good; a new one takes its place if it is open."""
    talk = current()
    talk.kept(lambda store: store.delete(conversation))
    if talk.id == conversation and not talk.problem:
        open_conversation()
    announce(talk.problem or "The conversation was deleted.")
    lead_focus()
    done()


def ask_about(path: Path) -> None:
    """Pick a photo of the library for the next question."""
    pick_or_tell(path)
    lead_focus(MESSAGE, always=True)
    done()


def done() -> None:
    """What a dialogue was opened for is done: it closes."""
    st.session_state["dialog_done"] = True


def is_done() -> bool:
    """Whether the open dialogue is to close; asked once."""
    return bool(st.session_state.pop("dialog_done", False))
