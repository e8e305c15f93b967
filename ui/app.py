"""The browser app: page set-up and its table of contents. Started by `vlm chat`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.chat.conversation_list import conversation_list
from ui.sidebar import sidebar

HERE = Path(__file__).parent


def main() -> None:
    """Draw the page that the browser asks for."""
    st.set_page_config(
        page_title="vlm-assistant",
        page_icon=str(HERE / "icon.svg"),  # a :material: icon would be fetched from a server
        layout="wide",
        menu_items={"About": "Search, question and describe your own photos, on your own machine."},
    )
    page = st.navigation(
        [
            st.Page("views/search.py", title="Search", icon=":material/search:", default=True),
            st.Page("views/chat.py", title="Chat", icon=":material/chat:"),
            st.Page("views/describe.py", title="Describe", icon=":material/description:"),
            st.Page("views/review.py", title="Review", icon=":material/rate_review:"),
            st.Page("views/library.py", title="Library", icon=":material/photo_library:"),
            st.Page("views/models.py", title="Models", icon=":material/memory:"),
        ]
    )
    st.set_page_config(page_title=f"{page.title} · vlm-assistant")
    st.logo(HERE / "logo.svg", size="large")
    st.html(HERE / "style.css")
    st.html(HERE / "modes.css")
    st.html(HERE / "library_page" / "cards.css")
    if page.title == "Chat":
        conversation_list()
    sidebar()
    page.run()


if __name__ == "__main__":  # as Streamlit runs it
    main()
