"""Turns about the library: searches and what is made of them, counts, dates and places."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vlm.assistant.intent import Intent
from vlm.assistant.numbering import one_photo
from vlm.assistant.references import Meant
from vlm.assistant.refining import addition
from vlm.assistant.request import asks_for_nothing, is_request, query_of
from vlm.assistant.searches import Search, changed, search_for
from vlm.assistant.shown import InView, Shown
from vlm.assistant.wordings import (
    BACK_TO,
    BARE,
    COUNT_TOO,
    COUNTS,
    FACTS,
    FORGET_THAT,
    HOW_MANY_FOUND,
    KEEP,
    LATEST,
    LIKE_THE,
    MORE,
    PHOTOS_ABOUT,
    REMOVED,
    SIMILAR,
    SUPERLATIVE,
    UNDO,
    WHAT_ABOUT,
    WHOLE,
)


@dataclass(frozen=True, slots=True)
class Before:
    """What was said: the searches, the latest last, the latest ``task`` about a photo, the turn
    that had photos shown last, and how many of its kind are ``seen``.
    """

    searches: tuple[Search, ...] = ()
    task: Intent | None = None
    listing: Intent | None = None
    seen: int = 0


def of_the_search(text: str, before: Before) -> Intent | None:
    """What goes on with the search before, or back from it, by words for that alone."""
    if UNDO.fullmatch(text):
        return _undone(before)
    if back := BACK_TO.fullmatch(text):
        return _begun(back["what"], before)
    if (forget := FORGET_THAT.match(text)) and before.searches:
        return _begun(query_of(text[forget.end() :]), before)
    if MORE.fullmatch(text):
        listing = before.listing
        if listing is None or listing.kind not in ("find", "similar", "count", "ask_library"):
            return Intent("which") if listing is None else _again(before)
        if listing.kind == "similar":
            return replace(listing, skip=before.seen)
        return Intent("find", listing.query, skip=before.seen)
    counting = before.listing is not None and before.listing.kind == "count"
    if counting and not before.task and (too := COUNT_TOO.fullmatch(text)):
        return _counted(too["what"], before)
    if HOW_MANY_FOUND.fullmatch(text) and before.searches and not before.task:
        return Intent("count", str(before.searches[-1]))
    return None


def _undone(before: Before) -> Intent:
    listing = before.listing
    if before.searches and listing and (listing.skip or listing.kind in ("keep", "similar")):
        return _again(before)
    if len(before.searches) < 2:
        return Intent("no_undo")
    left = before.searches[:-1]
    return Intent("find", str(left[-1]), searches=left)


def _again(before: Before) -> Intent:
    if not before.searches:
        return Intent("which")
    return Intent("find", str(before.searches[-1]))


def _begun(words: str, before: Before) -> Intent:
    search = search_for(words)
    return Intent("find", str(search), searches=(*before.searches, search))


def of_the_library(
    text: str, named: Meant, view: InView, before: Before, *, added: bool
) -> Intent | None:
    """What needs the library: similar photos, those that are left, counts, facts, searches."""
    if (like := LIKE_THE.search(text)) and not named.how and len(view.listed) > 1:
        return Intent("similar", photos=view.listed, among=like["thing"])
    if SIMILAR.search(text) and (named.photos or view.focus):
        return Intent("similar", photos=(named.photos or view.focus)[:1])
    if named.how in ("number", "left out") and not added and (left := _left(named, view)):
        return Intent("keep", photos=left)
    for pattern in () if named.how == "number" else COUNTS:
        if counted := pattern.fullmatch(text):
            return _counted(counted["of"] or "", before)
    if LATEST.fullmatch(text):
        return Intent("latest")
    if FACTS.search(text):
        return _facts(text, named, view)
    return _searched(text, named, before, added=added)


def _left(named: Meant, view: InView) -> tuple[Shown, ...]:
    """The photos that stay where only some of them are wanted, else none."""
    if KEEP[named.how].fullmatch(named.marked):
        return named.photos
    if named.how == "number" and REMOVED.fullmatch(named.marked):
        return tuple(photo for photo in view.listed if photo not in named.photos)
    return ()


def _searched(text: str, named: Meant, before: Before, *, added: bool) -> Intent | None:
    apart = named.how in ("number", "left out") or added or BARE.fullmatch(text)
    more = None if apart or not before.searches else addition(text)
    if more and more.fresh and not (more.words and _names_a_thing(more.words)):
        more = None
    if more and more.fresh:
        return _begun(query_of(more.words), before)
    if more:
        search = changed(before.searches[-1], more.words, instead=more.instead)
        return Intent("find", str(search), searches=(*before.searches, search))
    anew = not (named.how or before.task or added)
    if anew and (about := WHAT_ABOUT.fullmatch(text)):
        return _begun(query_of(about["what"]), before)
    if not is_request(text) or added:
        return None
    if asks_for_nothing(text):
        return Intent("empty")
    if named.how in ("number", "left out"):
        return Intent("caption", photos=named.photos)
    return _begun(query_of(text), before)


def _names_a_thing(words: str) -> bool:
    """Whether words could be a thing to look for, rather than a sentence about photos.

    >>> _names_a_thing("cats"), _names_a_thing("it is not good"), _names_a_thing("the other one")
    (True, False, False)
    """
    return not re.search(r"\b(?:is|are|was|were|do|does|one|ones|it|them|that)\b", words, re.I)


def _counted(what: str, before: Before) -> Intent:
    search = search_for(query_of(what)) if what.strip(" ?!.") else Search()
    searches = (*before.searches, search) if str(search) else None
    return Intent("count", str(search), searches=searches)


def _facts(text: str, named: Meant, view: InView) -> Intent:
    about = PHOTOS_ABOUT.search(text)
    what = (about["before"] or about["of"]).strip(" ?") if about else ""
    if what and not SUPERLATIVE.fullmatch(what):
        return Intent("facts", re.sub(r"^(?:the|my)\s+", "", what), question=text)
    if named.photos:
        return Intent("facts", photos=named.photos, question=one_photo(named.marked) or text)
    if what or WHOLE.search(text) or not view.focus:
        return Intent("facts", question=text)
    return Intent("facts", photos=view.focus, question=text)
