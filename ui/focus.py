"""Put the keyboard's focus where it makes sense once the button that had it is gone."""

from __future__ import annotations

import secrets

import streamlit as st

MESSAGE = ".st-key-message textarea"
"""The field for the next question."""

_SCRIPT = """
export default function ({ data }) {
  if (!data.occasion || data.occasion === globalThis.focusLed) return;
  globalThis.focusLed = data.occasion;
  const from = document.activeElement;
  const lost = () => !document.activeElement || document.activeElement === document.body;
  const ends = Date.now() + 30000;
  let again = data.always ? 4 : 1;  // a dialogue that closes gives the focus back a little later
  const timer = setInterval(() => {
    const target = document.querySelector(data.target);
    const moved = !data.always && !lost() && document.activeElement !== from;
    if (moved || again === 0 || Date.now() > ends) {
      clearInterval(timer);
    } else if (target && !document.querySelector('[role="dialog"]') && (data.always || lost())) {
      // On a touch screen a field with the focus brings up the keyboard.
      if (data.always || !matchMedia("(pointer: coarse)").matches) target.focus();
      again -= 1;
    }
  }, 100);
}
"""


def lead_focus(target: str = MESSAGE, *, always: bool = False) -> None:
    """On the next run, focus the element of a selector when what has the focus now is gone.

    ``always``: also where nothing is gone, such as a field that a person asked for by a press. In
    both cases an open dialogue is waited for.
    """
    st.session_state["focus"] = {
        "target": target,
        "always": always,
        "occasion": secrets.token_hex(4),
    }


def led_focus() -> None:
    """Draw what leads the focus; on every run, at the same place."""
    script = st.components.v2.component(
        "lead_focus", html="<span></span>", js=_SCRIPT, isolate_styles=False
    )
    script(data=st.session_state.get("focus", {"occasion": ""}), key="only-said-focus")
