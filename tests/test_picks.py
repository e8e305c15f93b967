"""Photos that are picked to be asked about, and models that a session chose."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

PICKING = """
from pathlib import Path
import streamlit as st
from ui.picks import drop_pick, pick, picks

for name in ("a", "b", "a", *"cdefgh", "z"):
    st.text(f"{name} {pick(Path(name))}")
drop_pick(Path("b"))
st.text(" ".join(str(path) for path in picks()))
"""

CHOOSING = """
import streamlit as st
from ui import resources
from ui.chosen import choose

for _ in range(2):
    st.text(f"{resources.settings().model} {resources.settings().describer}")
    choose(describer="fake")
"""


def said(script: str) -> list[str]:
    return [text.value for text in AppTest.from_string(script, default_timeout=60).run().text]


def test_a_photo_is_picked_once_and_eight_at_most() -> None:
    lines = said(PICKING)
    assert lines.count("a True") == 2
    assert lines[-2:] == ["z False", "a c d e f g h"]


def test_chosen_models_win_over_those_of_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLM_MODEL", "clip-b32")
    assert said(CHOOSING) == ["clip-b32 starter", "clip-b32 fake"]
