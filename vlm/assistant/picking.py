"""Which of several photos a person means by what it shows: "the one with the dog"."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import NamedTuple

from vlm.assistant.events import Doing, Said
from vlm.assistant.looking import MOST, said_about
from vlm.assistant.photo_turns import yes_no
from vlm.assistant.shown import Shown, path_of
from vlm.assistant.tools import PhotoTools
from vlm.protocols import Describer
from vlm.tasks import is_unsure, question_prompt, said_of

_YES_NO = re.compile(r"\b(yes|no|none)\b", re.IGNORECASE)
_LOOKED_UP = 200
"""So many hits of a search are looked through for the photos at hand."""


class Answers(NamedTuple):
    """The photos for which a question is answered with yes, with perhaps yes, and with no.

    ``other`` are those with another answer, and that answer.
    """

    yes: tuple[Shown, ...]
    perhaps: tuple[Shown, ...]
    no: tuple[Shown, ...]
    other: tuple[tuple[Shown, str], ...]


def asked_of_each(
    photos: Sequence[Shown], question: str, tools: PhotoTools | None, describer: Describer
) -> Generator[Doing, None, Answers]:
    """A yes-or-no question asked of each photo. Raises `TaskUnsupported` as `question_prompt`."""
    prompt = question_prompt(question, describer)
    yes: list[Shown] = []
    perhaps: list[Shown] = []
    no: list[Shown] = []
    other: list[tuple[Shown, str]] = []
    for at, photo in enumerate(photos, 1):
        yield Doing(f"Looking at photo {at} of {len(photos)}")
        words = said_about(photo, tools, lambda i: said_of(i, prompt, describer, "answer"))
        said = _YES_NO.search(words)
        if said is None:
            other.append((photo, words.rstrip(".")))
        elif said[1].lower() != "yes":
            no.append(photo)
        else:
            hedged = is_unsure(words) or "probably" in words.lower()
            (perhaps if hedged else yes).append(photo)
    return Answers(tuple(yes), tuple(perhaps), tuple(no), tuple(other))


def doubted(answers: Answers, thing: str, tools: PhotoTools) -> Answers:
    """The answers with a yes taken for a perhaps where a search for the thing passes a photo by.

    A small model says yes to what its training photos were full of, such as people; the search
    knows nothing of that. Photos that were added are not in the library, and stay as they are.
    """
    if not re.fullmatch(r"[\w' ]+", thing):
        return answers
    hits = tools.search(thing, _LOOKED_UP).documents
    matching = {path_of(hit) for hit in hits if hit.metadata["band"] != "weak"}
    sure = tuple(photo for photo in answers.yes if photo.path is None or photo.path in matching)
    moved = tuple(photo for photo in answers.yes if photo not in sure)
    perhaps = sorted((*answers.perhaps, *moved), key=lambda photo: photo.number)
    return answers._replace(yes=sure, perhaps=tuple(perhaps))


def picked_out(
    photos: Sequence[Shown], what: str, tools: PhotoTools | None, describer: Describer
) -> Generator[Doing | Said, None, tuple[Shown, ...]]:
    """The photos that show something, said with how sure that is; none where none does."""
    looked = tuple(photos[:MOST])
    answers = yield from asked_of_each(looked, yes_no(what), tools, describer)
    if tools is not None and describer.prompts.family != "chat" and len(answers.yes) > 1:
        answers = doubted(answers, what, tools)
    if answers.yes:
        if len(answers.yes) > 1:
            yield Said(f"{_listed(answers.yes)} fit \u201c{what}\u201d.\n")
        return answers.yes
    if answers.perhaps:
        yield Said(f"I am not sure which one you mean, perhaps {_listed(answers.perhaps)}.\n")
        return answers.perhaps
    nearest = _found_first(looked, what, tools) if answers.other else None
    if nearest is not None:
        yield Said(f"I am not sure which one you mean: [{nearest.number}] fits best.\n")
        return (nearest,)
    yield Said(
        f"None of these {len(looked)} photos seems to fit \u201c{what}\u201d. Say its number."
    )
    return ()


def _found_first(photos: Sequence[Shown], what: str, tools: PhotoTools | None) -> Shown | None:
    """The photo that a search for the words comes to before the others."""
    if tools is None:
        return None
    by_path = {photo.path: photo for photo in photos if photo.path is not None}
    for document in tools.search(what, _LOOKED_UP).documents:
        if photo := by_path.get(path_of(document)):
            return photo
    return None


def _listed(photos: Sequence[Shown]) -> str:
    *first, last = (f"[{photo.number}]" for photo in photos)
    return f"{', '.join(first)} and {last}" if first else last
