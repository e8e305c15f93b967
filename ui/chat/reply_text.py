"""An answer as text in which each ``[number]`` is a button that opens its photo.

Words of a model are set as the text of elements, so they are never markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from ui.chat.stopped import CITATION

_HTML = '<p class="reply"></p>'

_CSS = """
.reply { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.55; }
.reply button {
  font: inherit; font-weight: 600; color: var(--st-primary-color); background: none; border: 0;
  border-radius: 0.25rem; padding: 0 0.15rem; min-width: 1.5rem; min-height: 1.5rem;
  cursor: pointer; text-decoration: underline; text-underline-offset: 0.15em;
}
.reply button:hover { background: var(--st-secondary-background-color); }
.reply button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
"""

_SCRIPT = """
export default function ({ data, parentElement, setTriggerValue }) {
  const reply = parentElement.querySelector(".reply");
  reply.open = (number) => setTriggerValue("opened", number);
  const drawn = JSON.stringify(data);
  if (reply.dataset.drawn === drawn) return;  // a button that has the focus keeps it
  reply.dataset.drawn = drawn;
  reply.replaceChildren(...data.map((part) => {
    if (part.number === undefined) return document.createTextNode(part.text);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = part.text;
    button.setAttribute("aria-label", part.label);
    button.onclick = () => reply.open(part.number);
    return button;
  }));
}
"""

Part = dict[str, str | int]


def reply_parts(reply: str, names: Mapping[int, str]) -> list[Part]:
    """The pieces of a reply: text, and numbers that have a photo with its name.

    >>> reply_parts("A dog [1], [7].", {1: "rex.png"})[1]
    {'text': '[1]', 'number': 1, 'label': '[1] Open photo rex.png'}
    """
    parts: list[Part] = []
    end = 0
    for match in CITATION.finditer(reply):
        number = int(match[1])
        if number not in names:
            continue
        label = f"{match[0]} Open photo {names[number]}"
        parts.append({"text": reply[end : match.start()]})
        parts.append({"text": match[0], "number": number, "label": label})
        end = match.end()
    parts.append({"text": reply[end:]})
    return [part for part in parts if part["text"]]


def reply_text(
    reply: str, names: Mapping[int, str], *, key: str, on_open: Callable[[int], None]
) -> None:
    """Show a reply; ``on_open`` is called with the number of a photo that is opened."""
    parts = reply_parts(reply, names)
    if all("number" not in part for part in parts):
        st.text(reply)
        return
    # Not isolated: a dialogue that closes gives the focus back to no button in a shadow tree.
    component = st.components.v2.component(
        "reply_text", html=_HTML, css=_CSS, js=_SCRIPT, isolate_styles=False
    )

    def opened() -> None:
        number = st.session_state[key]["opened"]
        if number is not None:
            on_open(int(number))

    component(data=parts, key=key, on_opened_change=opened)
