"""Have a question answered: what is being done, the photos and the words, as they come."""

from __future__ import annotations

from functools import partial

import streamlit as st
from PIL.Image import Image

from ui import resources
from ui.chat import session
from ui.chat.announcing import say_changes
from ui.chat.found_photos import found_photos
from ui.chat.growing import Growing, document_of, picked_documents
from ui.chat.talk import Talk
from ui.conversations import Exchange
from ui.photo_tools import SettingsTools
from ui.plain import escaped
from vlm.assistant import Doing, Found, Past, Said, Turn, assistant
from vlm.errors import VlmError


def answer(talk: Talk) -> None:
    """Answer the last question of a conversation into the place where it is called.

    What was said until an error, a stop or a reload is kept and marked as such.
    """
    talk.waiting = False
    chosen = resources.settings()
    growing = Growing(talk, chosen.describer)
    try:
        with st.container(key="doing", horizontal=True, vertical_alignment="center"):
            doing = st.status("Looking\u2026", type="compact")
            st.button(
                "Stop",
                icon=":material/stop_circle:",
                key="stop",
                shortcut="Esc",
                on_click=partial(session.stop, talk),
            )
            say_changes("doing")
        words, photos = st.empty(), st.container()
        tools = SettingsTools(chosen) if resources.library_exists(chosen) else None
        describer = resources.describer(chosen)
        events = assistant(tools, describer).stream(_turn(talk))
        for event in growing.read(events, describer):
            if isinstance(event, Doing):
                doing.update(label=escaped(event.text))
            elif isinstance(event, Said):
                words.text(growing.exchange.reply)
            elif isinstance(event, Found):
                with photos:
                    found_photos(growing.exchange, len(talk.exchanges) - 1, can_open=False)
    except VlmError as error:
        growing.fail(str(error))
    finally:
        growing.close()
    session.announce(_announcement(talk))


def _turn(talk: Talk) -> Turn:
    *earlier, now = talk.exchanges
    images = _images(talk, now)
    return Turn(now.question, images, tuple(_past(talk, each) for each in earlier), now.picked)


def _past(talk: Talk, exchange: Exchange) -> Past:
    documents = tuple(document_of(photo) for photo in exchange.found)
    return Past(
        exchange.question,
        _images(talk, exchange),
        documents or picked_documents(exchange.picked),
        exchange.reply,
        exchange.focus,
        tuple(cited.path for cited in exchange.cited),
    )


def _images(talk: Talk, exchange: Exchange) -> tuple[Image, ...]:
    images = (talk.image(photo.digest) for photo in exchange.photos)
    return tuple(image for image in images if image is not None)


def _announcement(talk: Talk) -> str:
    """What a screen reader says: the answer with its number, so that equal ones are said too."""
    last, number = talk.exchanges[-1], len(talk.exchanges)
    if last.state == "failed":
        broken = f"broke off before its end: {last.reply}" if last.reply else "failed."
        return f"Answer {number} {broken} {' '.join(last.errors)}"
    return f"Answer {number}: {last.reply}"
