"""Lead people to what is new on the page: screen readers say it, and it is scrolled into view."""

from __future__ import annotations

import streamlit as st

_SCRIPT = """
export default function ({ data, parentElement }) {
  const part = parentElement.closest(".st-key-" + data);
  if (!part || part.getAttribute("role") === "status") return;
  part.setAttribute("role", "status");
  part.scrollIntoView({ block: "center" });
}
"""

_END = """
let shown = "";
export default function ({ data, parentElement }) {
  if (shown === data) return;
  shown = data;
  setTimeout(() => parentElement.scrollIntoView({ block: "end" }), 300);
}
"""


def say_changes(key: str) -> None:
    """Make the container of this key, inside which it is called, a polite live region in view."""
    script = st.components.v2.component(
        "say_changes", html="<span></span>", js=_SCRIPT, isolate_styles=False
    )
    script(data=key, key=f"say-{key}", width="content")


def begin_at_end(conversation: str) -> None:
    """Scroll here, once for each conversation that is opened."""
    script = st.components.v2.component(
        "begin_at_end", html="<span></span>", js=_END, isolate_styles=False
    )
    script(data=conversation, key="end-of-conversation", width="content", height="content")
