"""One exchange on the page: the question with its photos, the answer, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Literal

import streamlit as st

from ui import resources
from ui.chat import session
from ui.chat.copy_button import copy_button
from ui.chat.found_photos import found_photos
from ui.chat.reply_text import reply_text
from ui.chat.said_by import said_by
from ui.chat.talk import Talk
from ui.components import show_errors, show_plain
from ui.conversations import Exchange
from ui.plain import counted, escaped, shown_name
from ui.speech import read_aloud
from vlm.errors import VlmError
from vlm.tasks import MAX_QUESTION

_AVATARS = {"user": ":material/person:", "assistant": ":material/photo_library:"}
_HEADINGS = {"user": "Question", "assistant": "Answer"}


@contextmanager
def message(who: Literal["user", "assistant"], turn: int) -> Iterator[None]:
    """The frame of a message, with its heading for screen readers."""
    with st.chat_message(who, avatar=_AVATARS[who]):
        said_by(f"{_HEADINGS[who]} {turn + 1}", key=f"{who}-{turn}")
        yield


def question(talk: Talk, turn: int) -> None:
    """What the person said, with the photos it is about; or a form while it is changed."""
    exchange = talk.exchanges[turn]
    with message("user", turn):
        _photos(talk, exchange)
        for number, note in enumerate(exchange.notes):
            show_plain(shown_name(note), key=f"note-{turn}-{number}")
        if turn == len(talk.exchanges) - 1 and session.is_editing() and not talk.waiting:
            _edit_form(talk, exchange)
        elif exchange.question:
            st.text(exchange.question)


def reply(talk: Talk, turn: int) -> None:
    """The answer with its photos, what it took, and buttons."""
    exchange, last = talk.exchanges[turn], turn == len(talk.exchanges) - 1
    with message("assistant", turn):
        names = {cited.number: shown_name(cited.path.name) for cited in exchange.cited}
        if exchange.reply:
            reply_text(
                exchange.reply,
                names,
                key=f"reply-{turn}",
                on_open=lambda number: session.open_photo((turn, number)),
            )
        found_photos(exchange, turn)
        _not_whole(exchange)
        for error in exchange.errors:
            st.error(escaped(shown_name(error)), icon=":material/error:")
        _actions(talk, exchange, turn, last=last)
        if exchange.reply:
            show_plain(_spent(exchange), key=f"spent-{turn}")


def _not_whole(exchange: Exchange) -> None:
    """Say so where an answer has no end."""
    kept = "What was said is kept." if exchange.reply else "Nothing was said yet."
    if exchange.state == "answering":
        st.caption(":material/hourglass_top: This answer is still being given.")
    elif exchange.state == "stopped":
        st.caption(f":material/stop_circle: This answer was stopped before its end. {kept}")
    elif exchange.state == "failed" and exchange.reply:
        st.caption(f":material/link_off: This answer broke off before its end. {kept}")


def _photos(talk: Talk, exchange: Exchange) -> None:
    if not exchange.photos and not exchange.picked:
        return
    with st.container(horizontal=True, gap="small"):
        for photo in exchange.photos:
            name = shown_name(photo.name)
            jpeg = talk.jpeg(photo.digest)
            if jpeg is None:
                st.caption(f":material/hide_image: {escaped(name)} was not kept")
            else:
                st.image(jpeg, width=220, alt=f"Your photo: {name}")
        for path in exchange.picked:
            try:
                alt = f"Photo of the library: {shown_name(path.name)}"
                st.image(resources.thumbnail(path), width=220, alt=alt)
            except VlmError as error:
                show_errors([error])


def _edit_form(talk: Talk, exchange: Exchange) -> None:
    with st.form("edit_question", border=False):
        text = st.text_area(
            "Your question", exchange.question, max_chars=MAX_QUESTION, key="edited_question"
        )
        with st.container(horizontal=True):
            asked = st.form_submit_button("Ask again", type="primary", key="ask_edited")
            cancelled = st.form_submit_button("Cancel", key="cancel_edit")
    if asked or cancelled:
        session.edit(on=False)
        if asked and (text.strip() or exchange.photos or exchange.picked):
            session.ask_again(talk, text.strip())
        st.rerun()


def _actions(talk: Talk, exchange: Exchange, turn: int, *, last: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"act-{turn}"):
        if exchange.reply:
            copy_button(
                exchange.reply, key=f"copy-{turn}", about=f"Copy answer {turn + 1}", last=last
            )
        if last:
            if exchange.state != "failed" or exchange.model:  # else no photo could be read
                st.button(
                    "Answer again",
                    icon=":material/refresh:",
                    key="answer_again",
                    on_click=partial(session.ask_again, talk),
                )
            st.button(
                "Edit question",
                icon=":material/edit:",
                key="edit",
                on_click=partial(session.edit, on=True),
            )
        if exchange.reply:
            read_aloud(exchange.reply, key=f"answer-{turn}", about=f"answer {turn + 1}")


def _spent(exchange: Exchange) -> str:
    """Who answered, how long it took, and how many tokens it cost where the model tells.

    >>> from ui.conversations import Spent
    >>> _spent(Exchange("", model="fake", spent=Spent(0.21, 1.26, 300, 1)))
    'fake \u00b7 first word after 0.2 s, whole answer 1.3 s \u00b7 300 tokens read, 1 written'
    """
    spent, parts = exchange.spent, [exchange.model] if exchange.model else []
    times = []
    if spent.first_word is not None:
        times.append(f"first word after {spent.first_word:.1f} s")
    if spent.seconds is not None:
        times.append(f"whole answer {spent.seconds:.1f} s")
    parts += [", ".join(times)] if times else []
    if spent.read or spent.written:
        parts.append(f"{counted(spent.read, 'token')} read, {spent.written:,} written")
    return " \u00b7 ".join(parts)
