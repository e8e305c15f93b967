"""The mode of the Describe page in which the camera runs."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

import streamlit as st

from ui import resources, state
from ui.camera.frame import read_frame
from ui.components import show_plain
from ui.settings import Settings
from ui.speech import read_aloud
from ui.speech.scripts import with_voice
from vlm import tasks
from vlm.errors import UnknownModel, VlmError
from vlm.remote_name import parse_name

_KEY = "camera"
_HERE = Path(__file__).parent

_HTML = """
<div class="camera" role="group" aria-label="Camera">
  <video autoplay playsinline muted aria-label="What the camera sees"></video>
  <div class="row">
    <button type="button" class="now" disabled>Describe now</button>
    <span class="field">
      <label for="every">Describe a picture</label>
      <select id="every" class="every">
        <option value="0">when I ask</option>
        <option value="5">every 5 seconds</option>
        <option value="15">every 15 seconds</option>
        <option value="60">every minute</option>
      </select>
    </span>
    <label><input type="checkbox" class="aloud"> Say it aloud</label>
  </div>
  <p class="said" role="status"></p>
  <p class="told" role="alert"></p>
</div>
"""


@cache
def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def camera_mode() -> None:
    """A switch; the camera runs while it is on, and each new description is announced."""
    if not st.toggle("Describe what the camera sees", key="camera_on"):
        state.forget_seen()
        return
    with st.container(border=True, key="camera-box"):
        show_plain(_privacy(resources.settings()), key="camera")
        _camera()


@st.fragment
def _camera() -> None:
    component = st.components.v2.component(
        "camera", html=_HTML, css=_source("camera.css"), js=with_voice(_source("camera.js"))
    )
    seen = state.seen()
    component(
        data={"number": seen.number, "said": seen.said, "told": seen.told},
        key=_KEY,
        on_frame_change=_describe,
    )
    read_aloud(seen.said, key="seen", about="last description")


def _describe() -> None:
    """Describe the picture that the browser has just sent; nothing but the words is kept."""
    number = state.seen().number + 1
    try:
        image = read_frame(st.session_state[_KEY].frame)
        said = tasks.caption(image, resources.describer(resources.settings()))
        state.remember_seen(state.Seen(number, said=said))
    except VlmError as error:
        state.remember_seen(state.Seen(number, told=str(error)))


def _privacy(chosen: Settings) -> str:
    what = "The camera is on until you switch this off or leave the page. Pictures are not stored"
    if chosen.describer.startswith("openai:"):
        with suppress(UnknownModel):
            _, server = parse_name(chosen.describer)
            return f"{what}; those that are described are sent to {server}."
    return f"{what} and stay with this server."
