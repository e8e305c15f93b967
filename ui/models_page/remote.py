"""A model on a server that speaks OpenAI's protocol: which one, and what is sent there."""

from __future__ import annotations

import streamlit as st

from ui.chosen import choose
from ui.components import show_errors, show_plain
from ui.plain import escaped
from ui.settings import Settings
from vlm.errors import VlmError
from vlm.extras import missing_packages
from vlm.remote_name import api_key, parse_name, server_of


def remote_model(chosen: Settings) -> None:
    """Draw the fields for a server; nothing is sent before a photo is asked about."""
    st.header("A model on another server", anchor=False)
    st.text(
        "Any server with OpenAI's protocol can write descriptions and answers: vLLM, Ollama, "
        "llama.cpp, LM Studio, or a service."
    )
    if missing_packages("remote"):
        st.code("pip install 'vlm-assistant[remote]'", language=None, wrap_lines=True)
        return
    st.warning(
        "The photos you ask about, and your questions, are sent to that server. "
        "Searching stays on this machine.",
        icon=":material/lock_open:",
    )
    with st.form("remote", border=False):
        model = st.text_input("Model", placeholder="qwen3-vl", key="remote_model")
        url = st.text_input("Address", placeholder="http://localhost:8000/v1", key="remote_url")
        asked = st.form_submit_button("Use this server", key="use_remote")
    show_plain(
        "A key is never typed here: start vlm chat with VLM_OPENAI_API_KEY set.", key="key-note"
    )
    if asked:
        _use(f"openai:{model.strip()}@{url.strip()}")
    if chosen.describer.startswith("openai:"):
        _told(chosen.describer)


def _use(name: str) -> None:
    try:
        parse_name(name)
    except VlmError as error:
        show_errors([error])
        return
    choose(describer=name)
    st.rerun()


def _told(name: str) -> None:
    try:
        model, url = parse_name(name)
    except VlmError as error:
        show_errors([error])
        return
    server = server_of(url)
    key = "with the key of the environment" if api_key(server) != "none" else "without a key"
    st.info(f"In use: {escaped(model)} at {escaped(server)}, {key}.", icon=":material/dns:")
