"""What a turn asks for: the record that reading it comes to, and that answering it begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from vlm.assistant.searches import Search
from vlm.assistant.shown import Shown

Kind = Literal[
    "hello", "help", "thanks", "ok", "bye", "talk",  # small talk
    "sure",  # are you sure?
    "how",  # how did you find that?
    "wrong",  # these are not dogs
    "readonly",  # delete the second one
    "reset",  # start over
    "no_undo",  # undo: but there is nothing before
    "no_rank",  # which is the prettiest?
    "no_length",  # shorter please
    "foreign",  # zeig mir Fotos von Hunden      query, photos, question
    "empty",  # no words and no photo
    "which",  # it: but no photo was shown; or a number that no photo has
    "find",  # find my photos of a dog           query, skip
    "latest",  # my newest photos
    "similar",  # more like the second one          photos, skip
    "keep",  # not the second one                photos: those that are left
    "count",  # how many photos of a dog have I?  query; "" for all photos
    "check",  # how many of them show a person?   photos, question
    "most",  # which one has the most people?    photos, question, query: what is counted
    "oldest", "newest",  # which one was taken first?        photos
    "facts",  # when were these taken?            photos, or query, or neither for the library
    "compare",  # compare the first two             photos
    "alt",  # write alt text for it             photos
    "caption",  # caption it                        photos
    "describe",  # describe it in detail             photos
    "ask",  # how many dogs are in it?          photos, question
    "ask_library",  # what colour is my car?            query, question
]  # fmt: skip

TASKS = frozenset(("alt", "caption", "describe", "ask", "facts"))
"""What is done with one photo may be done with another: "and the third one?"."""

SEARCHES = frozenset(("find", "count", "ask_library"))
LISTS = frozenset((*SEARCHES, "similar", "latest", "keep"))
"""What has photos shown, with numbers of their own."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What is asked for, of which photos, or of what in the library.

    ``number`` is one that no photo has, and ``unclear`` says that words could mean several photos,
    where that is why it is unclear which is meant. ``among``: only those of ``photos`` that show
    this are meant. ``skip`` of the photos found were shown before. ``searches`` are those of the
    conversation after this turn, the latest last; None where they stay as they were.
    """

    kind: Kind
    query: str = ""
    photos: tuple[Shown, ...] = ()
    question: str = ""
    number: int | None = None
    unclear: bool = False
    among: str = ""
    skip: int = 0
    searches: tuple[Search, ...] | None = field(default=None, repr=False)
