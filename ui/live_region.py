"""A line that screen readers say aloud when it changes, wherever the focus is.

The words are set as the text of an element that stays, so they are never markup.
"""

from __future__ import annotations

import streamlit as st

_HTML = '<p role="status" aria-live="polite" data-testid="live-region"></p>'

_SCRIPT = """
export default function ({ data, parentElement }) {
  const region = parentElement.querySelector('[role="status"]');
  if (region.textContent !== data) region.textContent = data;
}
"""


def live_region(text: str, *, key: str) -> None:
    """Show a line, and have it said where it is another than before; draw it on every run."""
    region = st.components.v2.component("live_region", html=_HTML, js=_SCRIPT, isolate_styles=False)
    region(data=text, key=key)
