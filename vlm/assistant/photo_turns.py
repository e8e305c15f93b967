"""Turns about photos that were shown, or that come with the turn."""

from __future__ import annotations

import re
from dataclasses import replace

from vlm.assistant.intent import Intent
from vlm.assistant.references import Meant, without_numbers
from vlm.assistant.request import is_request, query_of
from vlm.assistant.searches import Search, search_for
from vlm.assistant.shown import InView, Shown
from vlm.assistant.wordings import (
    AGAIN,
    ASKING,
    BARE,
    CHECKS,
    COMPARE,
    ELLIPSIS,
    MOST,
    NEWEST,
    OLDEST,
    QUESTION,
    RANKED,
    WHAT_ABOUT,
    WRITTEN,
)
from vlm.starter.questions import read_question


def of_photos(text: str, named: Meant, view: InView, task: Intent | None) -> Intent | None:
    """What is asked of photos at hand; None where no photo is meant."""
    photos = named.photos or view.focus
    if named.photos and task and AGAIN.fullmatch(named.marked):
        return replace(task, photos=named.photos, among="")
    if COMPARE.search(text) and len(view.listed) > 1:
        both = _pair(named, view)
        if len(both) > 1:
            return Intent("compare", photos=both, question=text)
    for kind, pattern in WRITTEN.items():
        if pattern.search(text):
            return Intent(kind, photos=photos) if photos else Intent("which")
    if named.photos and ELLIPSIS.match(text):
        return replace(task or Intent("caption"), photos=named.photos, among="")
    other = None if named.how else WHAT_ABOUT.fullmatch(text)
    asked = task.question if task and task.kind == "ask" else ""
    if task and other and (about := _of_another_thing(asked, other["what"])):
        return replace(task, question=about)
    if named.how:
        asked = without_numbers(text)
        if not photos:
            return Intent("which") if not is_request(text) else None
        bare = BARE.fullmatch(asked) is not None
        return Intent("caption" if bare else "ask", photos=photos, question=asked)
    return None


def asks_of_photos(text: str, named: Meant) -> bool:
    r"""Whether a text with numbers asks something of photos, rather than names a thing.

    >>> asks_of_photos("describe photo 2", Meant((), "number", (2,), "describe \0"))
    True
    >>> asks_of_photos("bus number 12", Meant((), "number", (12,), "bus \0"))
    False
    """
    bare = re.fullmatch(r"(?:the\s+|and\s+)*\0[\s?!.]*", named.marked) is not None
    asked = QUESTION.match(text) or any(pattern.search(text) for pattern in WRITTEN.values())
    return bare or bool(asked or COMPARE.search(text) or ELLIPSIS.match(text))


def of_several(text: str, named: Meant, view: InView) -> Intent | None:
    """What holds for some of the photos: how many, which ones, the one with the most."""
    if len(view.listed) < 2 or is_request(text):
        several = named.photos if len(named.photos) > 1 else ()
    else:
        group = view.group if len(view.group) > 1 else view.listed
        several = named.photos if len(named.photos) > 1 else group
    if len(several) < 2:
        unknown = not view.listed and any(pattern.fullmatch(text) for pattern in CHECKS)
        return Intent("which") if unknown else None
    if most := MOST.match(text):
        what = re.sub(r"\s+(?:in\s+(?:it|them)|of\s+(?:all|them))$", "", most["what"].strip(" ?!."))
        return Intent("most", what, several, f"how many {what} are in the photo?")
    if OLDEST.match(text):
        return Intent("oldest", photos=several)
    if NEWEST.match(text):
        return Intent("newest", photos=several)
    if RANKED.match(text):
        return Intent("no_rank", photos=several, question=text)
    for pattern in CHECKS:
        if asked := pattern.fullmatch(text):
            return Intent("check", photos=several, question=yes_no(asked["what"]))
    return None


def by_form(text: str, view: InView, searches: tuple[Search, ...], *, added: bool) -> Intent:
    """A question is about the photo at hand; other words are searched for."""
    if view.focus and (added or QUESTION.match(text) or text.endswith("?")):
        return Intent("ask", photos=view.focus, question=text)
    if wanted := _wanted(text):
        return Intent(
            "ask_library", wanted, question=text, searches=(*searches, search_for(wanted))
        )
    search = search_for(query_of(text))
    return Intent("find", str(search), view.focus, text, searches=(*searches, search))


def _of_another_thing(question: str, thing: str) -> str:
    """The same question about another thing, "" where it is about none.

    >>> _of_another_thing("how many dogs are in the photo?", "cats?")
    'how many cats are in the photo?'
    """
    before = read_question(question).thing
    rest = re.sub(r"^(?:an?|the|any|some)\s+", "", thing.strip(" ?!."), flags=re.IGNORECASE)
    return question.replace(before, rest, 1) if before and before in question and rest else ""


def _pair(named: Meant, view: InView) -> tuple[Shown, ...]:
    if len(named.photos) == 1 and view.focus and view.focus[0] != named.photos[0]:
        return (view.focus[0], *named.photos)
    if len(named.photos) > 1:
        return named.photos
    return view.group or view.listed[:2]


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


def yes_no(what: str) -> str:
    """A question about one photo, for a condition on several.

    >>> yes_no("show a person?"), yes_no("are outdoors"), yes_no("have snow")
    ('is there a person in the photo?', 'is the photo outdoors?', 'is there snow in the photo?')
    >>> yes_no("at night"), yes_no("are burgers")
    ('is the photo at night?', 'is there burgers in the photo?')
    """
    what = what.strip(" ?!.")
    what = re.sub(r"\s+(?:in|on)\s+(?:it|them|the\s+photo)$", "", what, flags=re.IGNORECASE)
    being = re.match(r"(?:is|are|were|was)\s+(?P<rest>.+)", what, re.IGNORECASE)
    things = being and re.match(r"(?:an?|some|the)\s|\w+s$", being["rest"], re.IGNORECASE)
    if being and things and not re.match(rf"(?:{_BEING})\b", being["rest"], re.IGNORECASE):
        return f"is there {being['rest']} in the photo?"
    if being or re.match(rf"(?:{_BEING})\b", what, re.IGNORECASE):
        return f"is the photo {being['rest'] if being else what}?"
    thing = re.sub(r"^(?:shows?|ha(?:ve|s)|contains?|with|includes?)\s+", "", what, flags=re.I)
    return f"is there {thing} in the photo?"


_BEING = r"indoors?|outdoors?|inside|outside|taken|at|in|on|by|near|blurry|dark|bright"
