"""Review page: a person decides about the texts that models proposed, one photo after another."""

from __future__ import annotations

from functools import partial
from typing import Literal

import streamlit as st

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Concern
from index.library import Library
from ui import resources, state
from ui.alt.reviewed import as_file, reviewed
from ui.alt.reviewing import Proposal, advice, proposal
from ui.components import show_errors, show_plain
from ui.live_region import live_region
from ui.plain import escaped, shown_name
from ui.review_actions import actions, field_key
from ui.review_desk import ReviewDesk, review_desk
from ui.review_places import evidence, places
from ui.speech import read_aloud
from vlm.alt.wording import MAX_LENGTH
from vlm.errors import LibraryMissing, VlmError

_WHY: dict[Concern, str] = {
    "review": "Check this one: the model itself or the checks doubt it.",
    "unsaid": "Written nowhere yet, perhaps since nothing could be said.",
    "hedge": "Check this one: something in it is doubtful.",
    "new": "Nobody has looked at this text yet.",
}


def main() -> None:
    """Draw the page."""
    st.title("Review alternative texts", anchor=False)
    chosen = resources.settings()
    try:
        with Library.open(chosen.library) as library:
            _queue(library.catalogue, review_desk(chosen))
    except LibraryMissing:
        _nothing_waits()
    except VlmError as error:
        show_errors([error])


def _queue(catalogue: Catalogue, desk: ReviewDesk) -> None:
    with catalogue.snapshot():
        waiting = desk.in_order(catalogue.waiting())
        first = proposal(catalogue, *waiting[0]) if waiting else None
        any_reviewed = next(catalogue.accepted(), None) is not None
    told = state.last_review()
    live_region(_announced(told.what, len(waiting), first), key="announcement")
    for number, line in enumerate(told.left):
        show_plain(line, key=f"left-{number}")
    show_errors(told.errors)
    if first is None:
        _nothing_waits()
    else:
        _photo(first, desk)
    if any_reviewed:
        _downloads()


def _announced(did: str, left: int, following: Proposal | None) -> str:
    if following is None:
        return f"{did} Nothing is left." if did else ""
    return f"{did} {left:,} left. Next: {_name(following)}.".lstrip()


def _nothing_waits() -> None:
    st.header("Nothing to review", anchor=False)
    st.text("Texts that a batch drafts wait here. Draft some in a terminal:")
    st.code("vlm alt PHOTO_FOLDER", language=None)


def _name(proposed: Proposal) -> str:
    return shown_name(proposed.files[0].name)


def _photo(proposed: Proposal, desk: ReviewDesk) -> None:
    with st.container(key="photo-review"):
        left, right = st.columns([2, 3], gap="medium")
    with left:
        try:
            picture = resources.thumbnail(proposed.files[0])
            st.image(picture, width="stretch", alt=f"The photo {_name(proposed)}")
        except VlmError as error:
            show_errors([error])
    with right:
        st.header(escaped(_name(proposed)), anchor=False)
        st.text(_WHY[proposed.concern])
        text = _field("Alternative text", proposed, desk, "alt")
        show_plain(f"{len(text)} of {MAX_LENGTH} characters, by {proposed.model}", key="count")
        for number, line in enumerate(advice(text, proposed.files[0])):
            show_plain(f"Advice: {line}", key=f"advice-{number}")
        if proposed.extended:
            _field("Extended description", proposed, desk, "extended")
        actions(proposed)
        evidence(proposed)
        places(proposed)


def _field(
    label: str, proposed: Proposal, desk: ReviewDesk, name: Literal["alt", "extended"]
) -> str:
    """The words of a field, which are kept until they are accepted, read aloud before it.

    The field comes last, so that the buttons which decide follow on it.
    """
    aloud = st.container()
    key, said = (proposed.digest, name), str(getattr(proposed, name))
    held = desk.words.get(key, said)
    words = st.text_area(label, held, height=90, key=field_key(proposed, name)) or ""
    if words == said:
        desk.words.pop(key, None)
    else:
        desk.words[key] = words
    with aloud:
        read_aloud(words, key=f"review-{name}", language=proposed.language, about=label.lower())
    return words


def _downloads() -> None:
    st.header("Reviewed texts", anchor=False)
    suffixes: tuple[Literal[".csv", ".jsonl"], ...] = (".csv", ".jsonl")
    with st.container(horizontal=True):
        for suffix in suffixes:
            st.download_button(
                f"Download {suffix[1:].upper()}",
                data=partial(_file, suffix),
                file_name=f"reviewed-texts{suffix}",
                icon=":material/download:",
                on_click="ignore",
                key=f"download_{suffix[1:]}",
            )


def _file(suffix: Literal[".csv", ".jsonl"]) -> bytes:
    with Library.open(resources.settings().library) as library:
        return as_file(list(reviewed(library.catalogue)), suffix)


if __name__ == "__main__":  # as Streamlit runs it
    main()
