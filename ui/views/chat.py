"""Chat page: questions about photos that are dropped in, and about the whole library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st
from langchain_core.documents import Document
from streamlit.delta_generator import DeltaGenerator

from ui import resources, state
from ui.components import card_of, hit_grid, show_errors, show_photo, stream_plain
from ui.photo_tools import SettingsTools
from ui.theme import MAX_UPLOAD_MB
from ui.uploads import PHOTO_TYPES, Photo, read_uploads
from vlm.assistant import Answered, Event, Found, Said, Turn, assistant
from vlm.errors import VlmError
from vlm.tasks import MAX_QUESTION

_PERSON, _ASSISTANT = ":material/person:", ":material/photo_library:"


def main() -> None:
    """Draw the page."""
    earlier = list(state.conversation())
    asked = st.chat_input(
        "Ask about a photo, or search your library",
        accept_file="multiple",
        file_type=PHOTO_TYPES,
        max_upload_size=MAX_UPLOAD_MB,
        max_chars=MAX_QUESTION,
        submit_mode="stop",
        key="message",
    )
    _header(empty=not earlier and asked is None)
    for number, exchange in enumerate(earlier):
        _question(exchange)
        with st.chat_message("assistant", avatar=_ASSISTANT):
            st.text(exchange.reply)
            _photos_found(exchange.documents, number)
            show_errors(exchange.errors)
    if asked is not None:
        photos, errors = read_uploads(asked.files)
        exchange = state.Exchange(asked.text.strip(), photos, errors=errors)
        state.conversation().append(exchange)
        _question(exchange)
        with st.chat_message("assistant", avatar=_ASSISTANT):
            _answer(exchange, earlier)
            show_errors(exchange.errors)


def _header(*, empty: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Chat with your photos", anchor=False, width="stretch")
        st.button(
            "New conversation",
            icon=":material/add_comment:",
            disabled=empty,
            on_click=state.fresh_conversation,
            key="new_conversation",
        )
    if empty:
        _welcome()


def _welcome() -> None:
    with st.container(key="welcome"):
        grid = st.grid(columns=2, min_column_width=260, border=True)
        with grid.cell():
            st.header("Ask about a photo", anchor=False)
            st.text(
                "Add one in the box below, or drop it there, and ask what you want to know. "
                "Later questions are about the same photo."
            )
        with grid.cell():
            st.header("Ask your library", anchor=False)
            st.text(
                "Without a photo, your words are searched for: “photos of a cat”. "
                "The reply names the photos that it rests on."
            )


def _question(exchange: state.Exchange) -> None:
    with st.chat_message("user", avatar=_PERSON):
        if exchange.photos:
            _photos_asked_about(exchange.photos)
        if exchange.question:
            st.text(exchange.question)


def _photos_asked_about(photos: Sequence[Photo]) -> None:
    with st.container(horizontal=True):
        for photo in photos:
            show_photo(photo.image, alt=f"Your photo: {photo.name}", width=220)


def _answer(exchange: state.Exchange, earlier: Sequence[state.Exchange]) -> None:
    """Stream the reply; what was said until an error or a stop is kept."""
    if exchange.errors and not exchange.photos:
        return  # a question about photos that could not be read is no search for its words
    words, photos = st.container(), st.container()
    history = tuple(past.past() for past in earlier)
    images = tuple(photo.image for photo in exchange.photos)
    turn = Turn(exchange.question, images, history)
    try:
        with words, st.spinner("Looking…"):
            replies = _replies(turn)
            for piece in stream_plain(_said(replies, exchange, photos, len(earlier))):
                exchange.reply += piece
    except VlmError as error:
        exchange.errors = (*exchange.errors, error)


def _replies(turn: Turn) -> Iterator[Event]:
    chosen = resources.settings()
    tools = SettingsTools(chosen) if resources.library_exists(chosen) else None
    return assistant(tools, resources.describer(chosen)).stream(turn)


def _said(
    events: Iterator[Event], exchange: state.Exchange, photos: DeltaGenerator, number: int
) -> Iterator[str]:
    """The words of the reply; photos are shown on the way, as soon as they are found."""
    for event in events:
        if isinstance(event, Found):
            exchange.documents = event.documents
            with photos:
                _photos_found(event.documents, number)
        elif isinstance(event, Said):
            yield event.text
        elif isinstance(event, Answered):
            exchange.citations, exchange.focus = event.citations, event.focus


def _photos_found(documents: Sequence[Document], turn: int) -> None:
    if documents:
        cards = [card_of(document, number) for number, document in enumerate(documents, 1)]
        hit_grid(cards, key=f"turn-{turn}", detailed=False)


main()
