"""The control under a text that reads it aloud."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ui.speech.espeak import LONGEST, speaker, wav
from ui.speech.scripts import source, with_voice
from ui.speech.sentences import sentences

_HTML = """
<div class="read-aloud" role="group">
  <button type="button" class="say"></button>
  <button type="button" class="stop" hidden>Stop</button>
  <span class="told" role="status"></span>
</div>
"""


def read_aloud(text: str, *, key: str, language: str = "en", about: str = "text") -> None:
    """Read aloud, Pause and Stop for a text, with a sound file where espeak-ng is installed.

    The browser speaks, with a voice of the machine it runs on; voices that send the text to a
    server are never used. ``about`` says in a word or two what is read, for screen readers.
    """
    if not text.strip():
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"aloud-{key}"
    ):
        control = st.components.v2.component(
            "read_aloud",
            html=_HTML,
            css=source("read_aloud.css"),
            js=with_voice(source("read_aloud.js")),
        )
        control(
            data={"sentences": sentences(text), "language": language, "about": about},
            key=f"aloud_{key}",
            width="content",
        )
        if speaker() is not None and len(text) <= LONGEST:
            st.download_button(
                "Download as WAV",
                data=partial(wav, text, language),
                file_name="speech.wav",
                mime="audio/wav",
                on_click="ignore",
                type="tertiary",
                key=f"wav_{key}",
            )
