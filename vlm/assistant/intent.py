"""What a turn asks for, read by rules from the words that the person typed, and from nothing else.

English only. Words of models, file names and captions are never read here, so that nothing that
stands in a photo can ask for anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from vlm.alt.wording import clean
from vlm.assistant.conversation import Turn
from vlm.assistant.references import Meant, meant, without_numbers
from vlm.assistant.refining import refined, refinement
from vlm.assistant.request import is_request, query_of
from vlm.assistant.shown import Shown, in_focus, shown_last, shown_now
from vlm.assistant.wordings import (
    ASKING,
    BARE,
    COMPARE,
    ELLIPSIS,
    FACTS,
    HELP,
    HOW_MANY_OF_THEM,
    HOW_MANY_OWNED,
    HOW_MANY_PHOTOS,
    PHOTOS_ABOUT,
    QUESTION,
    SIMILAR,
    THANKS,
    WHAT_ABOUT,
    WHOLE,
    WRITTEN,
)

Kind = Literal[
    "help",  # hello, what can you do?
    "thanks",  # thank you
    "empty",  # no words and no photo
    "which",  # it: but no photo was shown; or a number that no photo has
    "find",  # find my photos of a dog           query
    "similar",  # more like the second one          photos
    "count",  # how many photos of a dog have I?  query; "" for all photos
    "check",  # how many of them show a person?   photos, question
    "facts",  # when were these taken?            photos, or query, or neither for the library
    "compare",  # compare the first two             photos
    "alt",  # write alt text for it             photos
    "caption",  # caption it                        photos
    "describe",  # describe it in detail             photos
    "ask",  # how many dogs are in it?          photos, question
    "ask_library",  # what colour is my car?            query, question
]

_TASKS = frozenset(("alt", "caption", "describe", "ask"))
_SEARCHES = frozenset(("find", "count", "ask_library"))


@dataclass(frozen=True, slots=True)
class Intent:
    """What is asked for, of which photos, or of what in the library.

    ``number`` is one that no photo has, where that is why it is unclear which photo is meant.
    """

    kind: Kind
    query: str = ""
    photos: tuple[Shown, ...] = ()
    question: str = ""
    number: int | None = None


def understand(turn: Turn) -> Intent:
    """Read a turn in the light of what was said before it.

    >>> understand(Turn("find my photos of a dog on a beach"))
    Intent(kind='find', query='a dog on a beach', photos=(), question='', number=None)
    """
    query, task = "", None
    for at, past in enumerate(turn.history):
        intent = _read(Turn(past.text, past.images, turn.history[:at]), query, task)
        if intent.kind in _SEARCHES:
            query, task = intent.query, None
        if intent.kind in _TASKS:
            task = intent
    return _read(turn, query, task)


def _read(turn: Turn, query: str, task: Intent | None) -> Intent:
    """``query`` is the latest search and ``task`` the latest thing asked of a photo."""
    text = clean(turn.text)
    now = shown_now(turn)
    listed = now or shown_last(turn.history)
    focus = now or in_focus(turn.history)
    if not text.strip(" ?!.,:;"):
        return Intent("caption", photos=now) if now else Intent("empty")
    if THANKS.fullmatch(text):
        return Intent("thanks")
    if HELP.fullmatch(text):
        return Intent("help")
    named = meant(text, listed, focus)
    if named.out_of and not named.photos:
        return Intent("which", number=named.out_of[0])
    return (
        _of_the_library(text, named, listed, focus, (query, task), added=bool(now))
        or _of_photos(text, named, listed, focus, task)
        or _by_form(text, focus, added=bool(now))
    )


def _of_the_library(
    text: str,
    named: Meant,
    listed: Sequence[Shown],
    focus: Sequence[Shown],
    before: tuple[str, Intent | None],
    *,
    added: bool,
) -> Intent | None:
    """What needs the library: similar photos, counts, dates and places, searches."""
    query, task = before
    if SIMILAR.search(text) and (named.photos or focus):
        return Intent("similar", photos=(named.photos or tuple(focus))[:1])
    if (asked := HOW_MANY_OF_THEM.match(text)) and listed:
        return Intent("check", photos=tuple(listed), question=_yes_no(asked["what"]))
    if counted := HOW_MANY_PHOTOS.fullmatch(text):
        return Intent("count", query_of(counted["of"] or "") if counted["of"] else "")
    if owned := HOW_MANY_OWNED.match(text):
        return Intent("count", owned["of"])
    if FACTS.search(text):
        return _facts(text, named, focus)
    apart = named.how == "number" or added or BARE.fullmatch(text)
    if query and not apart and (more := refinement(text)):
        return Intent("find", refined(query, more))
    if query and not (named.how or task or added) and (about := WHAT_ABOUT.fullmatch(text)):
        return Intent("find", refined("", query_of(about["what"])))
    if is_request(text) and not added:
        if named.how == "number":
            return Intent("caption", photos=named.photos)
        return Intent("find", refined("", query_of(text)))
    return None


def _of_photos(
    text: str,
    named: Meant,
    listed: Sequence[Shown],
    focus: Sequence[Shown],
    task: Intent | None,
) -> Intent | None:
    """What is about photos that were shown, or that come with the turn."""
    photos = named.photos or tuple(focus)
    if COMPARE.search(text) and len(listed) > 1:
        both = _pair(named, listed, focus)
        if len(both) > 1:
            return Intent("compare", photos=both, question=text)
    for kind, pattern in WRITTEN.items():
        if pattern.search(text):
            return Intent(kind, photos=photos) if photos else Intent("which")
    if named.photos and ELLIPSIS.match(text):
        return replace(task or Intent("caption"), photos=named.photos)
    if named.how:
        asked = without_numbers(text)
        bare = BARE.fullmatch(asked) is not None
        if not photos:
            return Intent("which") if not is_request(text) else None
        return Intent("caption" if bare else "ask", photos=photos, question=asked)
    return None


def _by_form(text: str, focus: Sequence[Shown], *, added: bool) -> Intent:
    """A question is about the photo at hand; other words are searched for."""
    if focus and (added or QUESTION.match(text) or text.endswith("?")):
        return Intent("ask", photos=tuple(focus), question=text)
    if wanted := _wanted(text):
        return Intent("ask_library", wanted, question=text)
    return Intent("find", refined("", query_of(text)), tuple(focus), text)


def _facts(text: str, named: Meant, focus: Sequence[Shown]) -> Intent:
    if about := PHOTOS_ABOUT.search(text):
        return Intent("facts", (about["before"] or about["of"]).strip(" ?"), question=text)
    if named.photos:
        return Intent("facts", photos=named.photos, question=text)
    if WHOLE.search(text) or not focus:
        return Intent("facts", question=text)
    return Intent("facts", photos=tuple(focus), question=text)


def _pair(named: Meant, listed: Sequence[Shown], focus: Sequence[Shown]) -> tuple[Shown, ...]:
    if len(named.photos) == 1 and focus and focus[0] != named.photos[0]:
        return (focus[0], *named.photos)
    return named.photos if len(named.photos) > 1 else tuple(listed)[:2]


def _wanted(text: str) -> str:
    """What to look for to answer a question: its words without those that ask.

    >>> _wanted("What colour is my car?"), _wanted("is there a dog on the beach?")
    ('car', 'dog on the beach')
    """
    asked = QUESTION.match(text)
    if not asked:
        return ""
    rest = re.sub(ASKING, " ", text[asked.end() :].strip(" ?!."), flags=re.IGNORECASE)
    return " ".join(re.sub(r"^\s*(?:an?|the|my|our|your)\b", "", rest, flags=re.I).split())


def _yes_no(what: str) -> str:
    """A question about one photo, for a condition on several.

    >>> _yes_no("show a person?"), _yes_no("are outdoors"), _yes_no("have snow")
    ('is there a person in the photo?', 'is the photo outdoors?', 'is there snow in the photo?')
    """
    what = what.strip(" ?!.")
    if being := re.match(r"(?:is|are|were|was)\s+(?P<rest>.+)", what, re.IGNORECASE):
        return f"is the photo {being['rest']}?"
    thing = re.sub(r"^(?:shows?|ha(?:ve|s)|contains?|with|includes?)\s+", "", what, flags=re.I)
    return f"is there {thing} in the photo?"
