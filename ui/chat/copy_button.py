"""A button that copies a text, also with a key for the last answer."""

from __future__ import annotations

import streamlit as st

KEYS = "Alt+Shift+Y"
"""What copies; keys with C are the browser's and Streamlit's."""

_HTML = '<button type="button"></button><span role="status"></span>'

_CSS = """
button {
  font: inherit; font-size: 0.875rem; letter-spacing: inherit; word-spacing: inherit;
  color: var(--st-text-color); cursor: pointer;
  background: var(--st-background-color); border: 1px solid #7a8a88;
  border-radius: var(--st-button-radius); min-height: 2.5rem; padding: 0 0.75rem;
}
button:hover { color: var(--st-primary-color); border-color: var(--st-primary-color); }
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
span { font-size: 0.875rem; color: var(--st-text-color); margin-left: 0.5rem; }
"""

_SCRIPT = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const told = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  button.setAttribute("aria-label", data.about);
  button.toggleAttribute("aria-keyshortcuts", Boolean(data.keys));
  if (data.keys) button.setAttribute("aria-keyshortcuts", data.keys);
  // Of several boxes with a button each, the one that the focus is in is meant.
  const boxes = data.box && `[class*="st-key-${data.box}"]`;
  const box = boxes && (parentElement.getRootNode().host ?? parentElement).closest(boxes);
  const meant = () => {
    const focused = boxes && document.activeElement?.closest(boxes);
    return focused ? focused === box : data.last;
  };
  const copy = async () => {
    try {
      const field = box && data.field && box.querySelector(`[aria-label="${data.field}"]`);
      await navigator.clipboard.writeText(field ? field.value : data.text);
      told.textContent = "Copied";
    } catch {
      told.textContent = "The browser does not allow copying";
    }
    setTimeout(() => { told.textContent = ""; }, 10000);
  };
  button.onclick = copy;
  // This is called at every run of the page, and an answer is the last one only for a while.
  if (button.pressed) document.removeEventListener("keydown", button.pressed);
  button.pressed = (event) => {
    if (event.altKey && event.shiftKey && event.code === "KeyY" && meant()) {
      event.preventDefault();
      copy();
    }
  };
  if (data.keys) document.addEventListener("keydown", button.pressed);
  return () => document.removeEventListener("keydown", button.pressed);
}
"""


def copy_button(
    text: str, *, key: str, about: str, last: bool, box: str = "", field: str = ""
) -> None:
    """A button that puts a text on the clipboard; with `KEYS` too where it is the ``last``.

    Where each button is in a container whose key begins with ``box``, the keys copy the one with
    the focus in its container, and the ``last`` where none has it. Words in the field of this
    label in the container are copied as they are, not yet sent ones too.
    """
    button = st.components.v2.component("copy_button", html=_HTML, css=_CSS, js=_SCRIPT)
    data = {
        "text": text,
        "label": "Copy",
        "about": about,
        "keys": KEYS if last or box else "",
        "last": last,
        "box": box,
        "field": field,
    }
    button(data=data, key=key, width="content")
