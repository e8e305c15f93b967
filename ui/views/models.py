"""Models page: which models search and write, what others cost, and a choice for this session."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ui import resources
from ui.components import show_errors, show_plain
from ui.diagnosis import diagnose
from ui.models_page.choosing import model_cards, not_indexed, use_what_was_fetched
from ui.models_page.local import local_model
from ui.models_page.measuring import speeds
from ui.models_page.remote import remote_model
from ui.plain import escaped, shown_name
from ui.settings import Settings
from vlm.errors import LibraryMissing, VlmError

_ICONS = {"ok": ":material/check:", "note": ":material/info:", "broken": ":material/error:"}


def main() -> None:
    """Draw the page."""
    st.title("Models", anchor=False)
    chosen = resources.settings()
    st.text(
        "One model finds photos, another one writes about them. What you choose here holds for "
        "this browser session; nothing is downloaded before you say so."
    )
    use_what_was_fetched()
    _device()
    not_indexed(chosen)
    st.header("For searching", anchor=False)
    model_cards(chosen, "embed", _indexed(chosen))
    st.header("For descriptions and answers", anchor=False)
    model_cards(chosen, "describe", {})
    local_model(chosen)
    remote_model(chosen)
    speeds(chosen)
    _doctor(chosen)


def _device() -> None:
    try:
        show_plain(f"Models run on {resources.runtime().why}.", key="device")
    except VlmError as error:
        show_errors([error])


def _indexed(chosen: Settings) -> Mapping[str, int]:
    try:
        return resources.contents(chosen).counts.models
    except LibraryMissing:
        return {}
    except VlmError as error:
        show_errors([error])
        return {}


def _doctor(chosen: Settings) -> None:
    st.header("Is all well?", anchor=False)
    if not st.button("Check this machine", icon=":material/stethoscope:", key="check"):
        return
    with st.spinner("Checking…"):
        checks = list(diagnose(chosen))
    for check in checks:
        said = escaped(shown_name(check.detail))
        st.markdown(f"{_ICONS[check.state]} **{escaped(check.name)}**: {said}")


if __name__ == "__main__":  # as Streamlit runs it
    main()
