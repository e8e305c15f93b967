"""A heading over each message that is there for screen readers: who said it, and which it is."""

from __future__ import annotations

import streamlit as st

_HTML = "<h2></h2>"

_SCRIPT = """
export default function ({ data, parentElement }) {
  const heading = parentElement.querySelector("h2");
  heading.textContent = data.heading;
  heading.id = data.id;
  const message = heading.closest('[role="group"]');
  if (message) message.setAttribute("aria-labelledby", data.id);
}
"""


def said_by(heading: str, *, key: str) -> None:
    """Head the message inside which it is called, and name the message so."""
    script = st.components.v2.component("said_by", html=_HTML, js=_SCRIPT, isolate_styles=False)
    script(data={"heading": heading, "id": f"said-{key}"}, key=f"only-said-{key}")
