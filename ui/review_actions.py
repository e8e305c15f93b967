"""What the buttons of the Review page do, and the line that tells what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from index.catalogue.catalogue import Catalogue
from index.library import Library
from ui import resources, state
from ui.alt.reviewing import Outcome, Proposal, accept, accept_as_decorative, reject
from ui.plain import counted, shown_name
from ui.review_desk import review_desk
from vlm.errors import VlmError

_DID = {
    "accepted": "Accepted.",
    "edited": "Accepted with your changes.",
    "decorative": "Marked as decorative.",
    "rejected": "Rejected.",
    "late": "Somebody has decided about this photo before.",
}

SHORTCUTS = "Shortcuts: A accepts, D marks as decorative, X rejects, S skips"


def actions(proposed: Proposal) -> None:
    """A button for each decision; their keys work outside of text fields, unless turned off."""
    buttons = st.container(horizontal=True)
    by_key = st.toggle(SHORTCUTS, value=True, key="single_keys", persist_state="session")
    each: list[tuple[str, str, Callable[[], None]]] = [
        ("Accept", "A", partial(_decide, proposed, _accept)),
        ("Decorative", "D", partial(_decide, proposed, accept_as_decorative)),
        ("Reject", "X", partial(_decide, proposed, reject)),
        ("Skip", "S", partial(_skip, proposed)),
    ]
    with buttons:
        for label, letter, act in each:
            st.button(
                label,
                type="primary" if label == "Accept" else "secondary",
                shortcut=letter if by_key else None,
                on_click=act,  # about the photo that was seen, whatever is next by now
                key=f"review_{label.lower()}",
            )


def field_key(proposed: Proposal, name: str) -> str:
    """The key of the text field for a part of a proposal, "alt" or "extended"."""
    return f"review_{name}_{proposed.digest.hex()}"


def _accept(catalogue: Catalogue, proposed: Proposal) -> Outcome:
    alt = state.typed(field_key(proposed, "alt"), proposed.alt)
    extended = state.typed(field_key(proposed, "extended"), proposed.extended)
    return accept(catalogue, proposed, alt, extended)


def _decide(proposed: Proposal, how: Callable[[Catalogue, Proposal], Outcome]) -> None:
    chosen = resources.settings()
    try:
        with Library.open(chosen.library) as library:
            outcome = how(library.catalogue, proposed)
    except VlmError as error:
        state.tell_review(state.Reviewed("Not done.", errors=(error,)))
        return
    review_desk(chosen).forget(proposed.digest)
    state.tell_review(state.Reviewed(_told(outcome), _lines(outcome)))


def _skip(proposed: Proposal) -> None:
    review_desk(resources.settings()).skip(proposed.digest)
    state.tell_review(state.Reviewed("Skipped."))


def _told(outcome: Outcome) -> str:
    told = _DID[outcome.did]
    if outcome.given_back:
        told += f" Taken out of {counted(outcome.given_back, 'place')}."
    if outcome.reworded:
        told += f" Written into {counted(outcome.reworded, 'place')}."
    return told


def _lines(outcome: Outcome) -> tuple[str, ...]:
    return tuple(f"{shown_name(str(left.path))}: {left.reason}" for left in outcome.left)
