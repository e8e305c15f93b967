"""Where a proposed text stands, and what speaks for it, for a person who decides about it."""

from __future__ import annotations

import streamlit as st

from index.catalogue.ledger_records import AltWrite
from ui.alt.reviewing import Proposal
from ui.components import show_plain
from ui.plain import counted, shown_path
from vlm.checked.claims import CheckedDescription

_SOURCES = {
    "samples": "Other replies of the model",
    "embedder": "The search model",
    "text": "Text in the photo",
    "objects": "Recognised things",
}
_VERDICTS = {"keep": "supported", "hedge": "doubtful", "drop": "not supported, left out"}
_KINDS = {"xmp": "sidecar file", "iptc": "inside the photo"}


def evidence(proposed: Proposal) -> None:
    """What speaks for each claim, and what else the model said of the photo."""
    doubtful = proposed.concern in ("review", "hedge")
    with st.expander("Evidence and variations", expanded=doubtful):
        if proposed.evidence is None:
            st.text("This text was not checked: vlm alt --checked does.")
        else:
            _claims(proposed.evidence)
            _variations(proposed.evidence)


def _claims(checked: CheckedDescription) -> None:
    for number, claim in enumerate(checked.claims):
        st.text(f"“{claim.text}”: {_VERDICTS.get(claim.verdict, claim.verdict)}")
        for place, found in enumerate(claim.evidence):
            source = _SOURCES.get(found.source, found.source)
            said = f"{source}, {found.support:.0%} for it: {found.said}"
            show_plain(said, key=f"evidence-{number}-{place}")


def _variations(checked: CheckedDescription) -> None:
    if checked.samples:
        st.text(f"{counted(len(checked.samples), 'variation')} of the model:")
    for number, sample in enumerate(checked.samples):
        show_plain(f"{number + 1}. {sample}", key=f"sample-{number}")


def places(proposed: Proposal) -> None:
    """The pages and files that say the text, and the files that hold the photo."""
    with st.expander("Where it stands"):
        st.text("Written into:" if proposed.places else "Written into no page and no file.")
        for number, place in enumerate(proposed.places):
            show_plain(said_at(place), key=f"place-{number}")
        st.text("The photo:")
        for number, path in enumerate(proposed.files):
            show_plain(shown_path(path), key=f"file-{number}")


def said_at(place: AltWrite) -> str:
    """One place and what was written there."""
    line = "" if place.line is None else f", line {place.line}"
    kind = _KINDS.get(place.kind, "page")
    return f"{shown_path(place.path)}{line} ({kind}): “{place.alt or ''}”"
