"""Chat page: questions about photos that are dropped in, and about the whole library."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from ui import picks, resources
from ui.chat import session, turns
from ui.chat.announcing import scroll_here
from ui.chat.answering import answer
from ui.chat.model_switch import model_switch
from ui.chat.photo_dialog import photo_dialog
from ui.chat.talk import Talk
from ui.components import show_errors
from ui.focus import lead_focus, led_focus
from ui.live_region import live_region
from ui.plain import escaped, shown_name
from ui.theme import MAX_UPLOAD_MB
from ui.uploads import read_uploads
from vlm.errors import VlmError
from vlm.tasks import MAX_QUESTION

_EXAMPLES = (
    "Find my photos of people",
    "Photos of something red",
    "How many photos of a cat do I have?",
)


def main() -> None:
    """Draw the page."""
    st.html(Path(turns.__file__).with_name("chat.css"))
    talk = session.current()
    talk.catch_up()
    following = talk.follow()
    with st.container(key="only-said"):
        live_region(session.announcement(), key="chat_status")
        led_focus()
    _header(talk)
    _notices(talk)
    _ask(talk)
    if not talk.exchanges:
        _welcome()
    for turn in range(len(talk.exchanges)):
        turns.question(talk, turn)
        if turn == len(talk.exchanges) - 1 and talk.waiting:
            with turns.message("assistant", turn):
                answer(talk)
            st.rerun()
        turns.reply(talk, turn)
    if talk.exchanges:  # to the end when it is opened, and to the buttons of what has no answer
        broken = talk.exchanges[-1].state in ("stopped", "failed")
        scroll_here(f"{talk.id} {len(talk.exchanges) if broken else ''}")
    if following:
        _follow()
    place = session.photo_to_open()
    if place is not None and place[0] < len(talk.exchanges):
        photo_dialog(talk.exchanges[place[0]], place[1])


def _header(talk: Talk) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Chat with your photos", anchor=False, width="stretch")
        if talk.id:
            st.button(
                "Export and more",
                icon=":material/tune:",
                key="manage_this",
                help="Rename, keep the photos, export or delete this conversation",
                on_click=partial(session.manage, talk.id),
            )


def _notices(talk: Talk) -> None:
    if session.is_missing():
        st.info("That conversation is no longer there. Here is a new one.")
    if talk.problem:
        st.warning(escaped(shown_name(talk.problem)), icon=":material/warning:")


def _ask(talk: Talk) -> None:
    """The field for the next question, with the photos that were picked for it above it."""
    with st.bottom:
        _picked()
        asked = st.chat_input(
            "Ask about a photo, or search your library",
            accept_file="multiple",  # of any type: what is no photo is told in the answer
            max_upload_size=MAX_UPLOAD_MB,
            max_chars=MAX_QUESTION,
            key="message",
        )
        with st.container(key="answering-model", horizontal=True):
            model_switch()
    if asked is not None:
        photos, errors = read_uploads(asked.files)
        session.edit(on=False)
        talk.ask(
            asked.text.strip(),
            photos,
            picked=picks.picks(),
            errors=tuple(str(error) for error in errors),
        )
        picks.drop_picks()
        session.name_in_url(talk)
        st.rerun()


def _picked() -> None:
    chosen = picks.picks()
    if not chosen:
        return
    with st.container(key="picked", horizontal=True, gap="small"):
        for number, path in enumerate(chosen, 1):
            name = shown_name(path.name)
            with st.container(key=f"pick-{number}", width=110, gap="xxsmall"):
                try:
                    st.image(resources.thumbnail(path), alt=f"Asked about next: {name}")
                except VlmError as error:
                    show_errors([error])
                st.button(
                    f"Remove {escaped(name)}",
                    key=f"drop-{number}",
                    type="tertiary",
                    help=f"Do not ask about {escaped(name)}",
                    on_click=partial(_drop_pick, path),
                )


def _drop_pick(path: Path) -> None:
    picks.drop_pick(path)
    lead_focus()


def _welcome() -> None:
    with st.container(key="welcome"):
        grid = st.grid(columns=2, min_column_width=260, border=True)
        with grid.cell():
            st.header("Ask about a photo", anchor=False)
            st.text(
                "Add one in the box below, drop or paste it there, and ask what you want to know. "
                "Later questions are about the same photo."
            )
        with grid.cell():
            st.header("Ask your library", anchor=False)
            st.text(
                "Without a photo, your words are searched for. "
                "The answer names the photos that it rests on, and you can go on asking about them."
            )
            _begin_with()


def _begin_with() -> None:
    """Questions to begin with, or the way to a library."""
    try:
        photos = resources.photo_count(resources.settings())
    except VlmError:
        return  # said beside the page
    if not photos:
        st.page_link("views/library.py", label="Add photos", icon=":material/add_photo_alternate:")
        return
    with st.container(horizontal=True, gap="small"):
        for number, question in enumerate(_EXAMPLES):
            st.button(question, key=f"example-{number}", on_click=partial(session.ask, question))


@st.fragment(run_every=1.0)
def _follow() -> None:
    """Look whether the answer that another window is giving has come to its end."""
    if not session.current().follow():
        st.rerun()


if __name__ == "__main__":  # as Streamlit runs it
    main()
