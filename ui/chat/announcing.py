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
const seen = new Set();
export default function ({ data, parentElement }) {
  if (seen.has(data)) return;
  seen.add(data);
  const main = parentElement.closest('[data-testid="stMain"]');
  let at = -1;
  const down = () => {
    if (at >= 0 && Math.abs(main.scrollTop - at) > 2) return;  // the person is elsewhere by now
    main.scrollTop = main.scrollHeight;
    at = main.scrollTop;
  };
  for (const later of [300, 900, 1800]) setTimeout(down, later);  // pictures come one by one
}
"""


def say_changes(key: str) -> None:
    """Make the container of this key, inside which it is called, a polite live region in view."""
    script = st.components.v2.component(
        "say_changes", html="<span></span>", js=_SCRIPT, isolate_styles=False
    )
    script(data=key, key=f"say-{key}", width="content")


def scroll_here(occasion: str) -> None:
    """Scroll to where this is called, once for each occasion."""
    script = st.components.v2.component(
        "scroll_here", html="<span></span>", js=_END, isolate_styles=False
    )
    script(data=occasion, key="scroll_here", width="content", height="content")
