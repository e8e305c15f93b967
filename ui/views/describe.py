"""Describe page: a caption, an alternative text and answers for each photo that is added."""

from __future__ import annotations

import streamlit as st

from ui import resources, state
from ui.alt.table import alt_csv
from ui.camera import camera_mode
from ui.chat.copy_button import KEYS, copy_button
from ui.components import show_errors, show_photo, show_plain
from ui.focus import led_focus
from ui.live_region import live_region
from ui.plain import counted, escaped, shown_name
from ui.speech import read_aloud
from ui.theme import MAX_UPLOAD_MB
from ui.uploads import MAX_PHOTOS
from vlm.alt.wording import MAX_LENGTH
from vlm.errors import VlmError
from vlm.tags import tags
from vlm.tasks import MAX_QUESTION, answer, extended_description

_ALT_TEXT = "Alternative text"


def main() -> None:
    """Draw the page."""
    desk = state.desk()
    st.title("Describe photos", anchor=False)
    show_plain(
        f"Each photo gets a caption, and an alternative text that you can edit, and copy with "
        f"{KEYS}. Up to {MAX_PHOTOS} photos at a time.",
        key="intro",
    )
    key = f"describe_upload_{desk.uploads}"
    st.file_uploader(
        "Photos to describe",
        accept_multiple_files=True,  # of any type: what is no photo is told below, and stays told
        max_upload_size=MAX_UPLOAD_MB,
        on_change=state.add_to_desk,
        args=(key,),
        key=key,
    )
    show_errors(desk.errors)
    camera_mode()
    if desk.photos:
        actions = st.container(horizontal=True, vertical_alignment="center")
        new = [each for each in desk.photos.values() if not each.caption and each.error is None]
        for place, described in enumerate(desk.photos.values()):
            _photo(described, first=place == 0)
        if new:
            desk.told = _told(new)
        with actions:
            _actions(desk)
    with st.container(key="only-said"):
        live_region(desk.told, key="told")
        led_focus()


def _told(new: list[state.Described]) -> str:
    """What screen readers say when new photos are described."""
    done = [described for described in new if described.error is None]
    if len(done) == 1:
        return f"{shown_name(done[0].photo.name)}: {done[0].alt}"
    return f"{counted(len(done), 'photo')} described." if done else ""  # errors are alerts


def _photo(described: state.Described, *, first: bool) -> None:
    photo = described.photo
    with st.container(border=True, key=f"photo-{photo.digest}"):
        left, right = st.columns([2, 3], gap="medium")
        with left:
            picture = st.empty()
        with right:
            st.header(escaped(shown_name(photo.name)), anchor=False)
            for number, note in enumerate(photo.notes):
                show_plain(shown_name(note), key=f"note-{photo.digest}-{number}")
            _write(described)
            if described.caption:
                st.text(described.caption)
                _read_aloud(described, described.caption, "caption")
            _alt_text(described, first=first)
            _more(described)
            _questions(described)
            if described.error is not None:
                show_errors([described.error])
        with picture:
            show_photo(photo.image, alt=described.alt or photo.name)


def _write(described: state.Described) -> None:
    """Caption and alternative text, once for each photo."""
    if described.caption or described.error:
        return
    chosen = resources.settings()
    try:
        with st.spinner("Describing…"):
            described.caption = resources.caption(chosen, described.photo, described.photo.digest)
            described.alt = resources.alt_text(chosen, described.photo, described.photo.digest)
    except VlmError as error:
        described.error = error


def _alt_text(described: state.Described, *, first: bool) -> None:
    digest = described.photo.digest
    described.alt = st.text_area(_ALT_TEXT, described.alt, height=90, key=f"alt_{digest}") or ""
    length = len(described.alt)
    count = f"{length} of {MAX_LENGTH} characters"
    if length > MAX_LENGTH:
        count += ". Some screen readers pause or cut here: shorten it if you can."
    show_plain(count, key=f"count-{digest}")
    if described.alt:
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"alt-buttons-{digest}"
        ):
            copy_button(
                described.alt,
                key=f"copy-{digest}",
                about=f"Copy the alternative text of {shown_name(described.photo.name)}",
                last=first,
                box="photo-",
                field=_ALT_TEXT,
            )
            _read_aloud(described, described.alt, "alternative text")


def _more(described: state.Described) -> None:
    """A longer description and tags, when they are asked for: they take a while."""
    digest = described.photo.digest
    if described.tags is None:
        if not st.button("Longer description and tags", key=f"more_{digest}"):
            return
        try:
            with st.spinner("Looking closer…"):
                _look_closer(described)
        except VlmError as error:
            described.error = error
            return
    if described.extended:
        with st.container(key=f"longer-{digest}", gap="xsmall"):
            st.markdown("**Longer description**")
            st.text(described.extended)
            _read_aloud(described, described.extended, "longer description")
    else:
        show_plain("This model writes no longer descriptions.", key=f"no-longer-{digest}")
    named = ", ".join(tag.name for tag in described.tags or ())
    st.text(f"Tags: {named or 'none'}")


def _read_aloud(described: state.Described, text: str, what: str) -> None:
    photo = described.photo
    read_aloud(
        text,
        key=f"{what.replace(' ', '-')}-{photo.digest}",
        about=f"{what} of {shown_name(photo.name)}",
    )


def _look_closer(described: state.Described) -> None:
    model = resources.describer(resources.settings())
    image = described.photo.image
    if model.prompts.extended is not None:
        described.extended = extended_description(image, model)
    described.tags = tags(image, model)
    state.desk().told = described.extended


def _questions(described: state.Described) -> None:
    digest = described.photo.digest
    with (
        st.form(f"ask_{digest}", clear_on_submit=True, border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        question = st.text_input(
            "Question about this photo", max_chars=MAX_QUESTION, key=f"question_{digest}"
        )
        asked = st.form_submit_button("Ask", key=f"ask_button_{digest}")
    if asked:
        described.error = None
        try:
            with st.spinner("Looking…"):
                model = resources.describer(resources.settings())
                said = answer(described.photo.image, question or "", model)
            described.answers.append(((question or "").strip(), said))
            state.desk().told = f"Answer: {said}"
        except VlmError as error:
            described.error = error
    for number, (question, said) in enumerate(described.answers):
        show_plain(question, key=f"asked-{digest}-{number}")
        st.text(said)
        _read_aloud(described, said, f"answer {number + 1}")


def _actions(desk: state.Desk) -> None:
    rows = [(described.photo.name, described.alt) for described in desk.photos.values()]
    st.text(counted(len(rows), "photo"), width="stretch")
    st.download_button(
        "Download alt texts (CSV)",
        data=alt_csv(rows),
        file_name="alt-texts.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download_alt",
    )
    st.button("Remove all", icon=":material/delete:", on_click=state.clear_desk, key="remove_all")


if __name__ == "__main__":  # as Streamlit runs it
    main()
