"""Have screen readers say what changes in a part of the page."""

from __future__ import annotations

import streamlit as st

_SCRIPT = """
export default function ({ data, parentElement }) {
  parentElement.closest(".st-key-" + data)?.setAttribute("role", "status");
}
"""


def say_changes(key: str) -> None:
    """Make the container of this key, inside which it is called, a polite live region."""
    script = st.components.v2.component(
        "say_changes", html="<span></span>", js=_SCRIPT, isolate_styles=False
    )
    script(data=key, key=f"say-{key}", width="content")
