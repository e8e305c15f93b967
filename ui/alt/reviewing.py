"""Proposed texts and what a person decides about them. Plain Python: no Streamlit.

Each decision is one transaction in the catalogue. Where a text is rejected, the files that say it
get back what was there first, so that a rejection that is cut short is simply asked for again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import AltRun, AltWrite, Concern
from index.records import Skipped
from ui.alt.rewording import reword
from ui.alt.undoing import Undone, take_back
from ui.errors import TextMissing
from vlm.alt.compose import compose
from vlm.alt.context import ImageContext
from vlm.alt.lint import lint
from vlm.checked.claims import CheckedDescription
from vlm.tasks import prompt_language

Did = Literal["accepted", "edited", "decorative", "rejected", "late"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that waits: of which photo, by whom, why it is asked about, and where it stands.

    ``alt`` is empty where nothing could be said. ``files`` all hold the photo; ``evidence`` is
    None for a text that was not checked. ``language`` is the code of the one it is written in.
    """

    digest: bytes
    concern: Concern
    files: tuple[Path, ...]
    alt: str
    extended: str
    model: str
    evidence: CheckedDescription | None = None
    places: tuple[AltWrite, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to: ``late`` where a person had decided already.

    ``given_back`` texts were taken out of files again, ``reworded`` ones changed there; ``left``
    says which stay as they are, and why.
    """

    did: Did
    given_back: int = 0
    left: tuple[Skipped, ...] = ()
    reworded: int = 0


def proposal(catalogue: Catalogue, digest: bytes, concern: Concern) -> Proposal:
    """What is proposed for a content that waits."""
    files = tuple(catalogue.files_of(digest))
    notes = [note for note in catalogue.notes(digest, "alt") if note.author == "model"]
    places = tuple(write for _, write in _in_files(catalogue, digest))
    drafted = catalogue.last_draft(digest)
    if drafted is None:
        said = [note.value for note in catalogue.notes(digest, "extended")]
        extended = said[0] if said else ""
        note = notes[0]
        language = prompt_language(note.prompt or "")
        return Proposal(
            digest, concern, files, note.value, extended, note.model or "", None, places, language
        )
    draft, model, prompt = drafted
    ocr = [note.value for note in catalogue.notes(digest, "ocr")]
    composed = compose(
        draft.alt,
        ImageContext(src=files[0].name if files else ""),
        text_in_image=ocr[0] if ocr else "",
        extended=draft.extended or "",
    )
    mine = [note.value for note in notes if note.model == model]
    alt = mine[0] if mine else composed.alt or ""
    evidence = _evidence(draft.evidence)
    language = prompt_language(prompt)
    return Proposal(
        digest, concern, files, alt, composed.extended, model, evidence, places, language
    )


def accept(catalogue: Catalogue, proposed: Proposal, alt: str, extended: str = "") -> Outcome:
    """Make a text, as it was proposed or as a person worded it, that person's own.

    No model's words take its place from then on, and files that say the words that were proposed
    say it as well. Raises `TextMissing` for no text at all, which would call it decorative.
    """
    alt, extended = alt.strip(), extended.strip()
    if not alt:
        raise TextMissing
    same = (alt, extended) == (proposed.alt.strip(), proposed.extended.strip())
    return _accepted(catalogue, proposed, alt, extended, "accepted" if same else "edited")


def accept_as_decorative(catalogue: Catalogue, proposed: Proposal) -> Outcome:
    """Let a photo have the empty text that screen readers pass over."""
    return _accepted(catalogue, proposed, "", "", "decorative")


def _accepted(
    catalogue: Catalogue, proposed: Proposal, alt: str, extended: str, did: Did
) -> Outcome:
    in_files = _in_files(catalogue, proposed.digest)
    standing = [(run, write) for run, write in in_files if write.alt == proposed.alt != alt]
    if not catalogue.accept(proposed.digest, alt, extended):
        return Outcome("late")
    results = list(reword(catalogue, standing, proposed.files, alt, extended))
    left = tuple(result for result in results if isinstance(result, Skipped))
    return Outcome(did, 0, left, sum(result for result in results if isinstance(result, int)))


def reject(catalogue: Catalogue, proposed: Proposal) -> Outcome:
    """Back to no text: files get what they said before, and models do not say it again."""
    results: list[Undone | Skipped] = []
    for run, pairs in groupby(_in_files(catalogue, proposed.digest), key=lambda pair: pair[0]):
        results += take_back(catalogue, run, [write for _, write in pairs])
    given_back = sum(result.texts for result in results if isinstance(result, Undone))
    left = tuple(result for result in results if isinstance(result, Skipped))
    done = catalogue.reject(proposed.digest)
    return Outcome("rejected" if done else "late", given_back, left)


def advice(text: str, photo: Path) -> list[str]:
    """What the rules for alternative texts say against a text."""
    return [found.message for found in lint(text, ImageContext(src=photo.name))] if text else []


def _in_files(catalogue: Catalogue, digest: bytes) -> list[tuple[AltRun, AltWrite]]:
    """Pages, photos and sidecars that say something of a picture, newest first, with their runs."""
    runs = {run.id: run for run in catalogue.runs()}
    return [
        (runs[run_id], write)
        for run_id, write in catalogue.writes_about(catalogue.same_pictures(digest))
        if write.kind != "note"
    ]


def _evidence(stored: str | None) -> CheckedDescription | None:
    try:
        return None if stored is None else CheckedDescription.from_json(json.loads(stored))
    except (ValueError, KeyError, TypeError):
        return None  # of an older version: the text can be judged without it
