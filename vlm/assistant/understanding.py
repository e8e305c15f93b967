"""Reading a turn by rules, from the words that the person typed, and from nothing else.

English only. Words of models, file names and captions are never read here, so that nothing that
stands in a photo can ask for anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from vlm.alt.wording import clean
from vlm.assistant.conversation import Past, Turn
from vlm.assistant.foreign import content_words, language_of
from vlm.assistant.intent import LISTS, TASKS, Intent
from vlm.assistant.library_turns import Before, of_the_library, of_the_search
from vlm.assistant.padding import unpadded
from vlm.assistant.photo_turns import asks_of_photos, by_form, of_photos, of_several
from vlm.assistant.references import Meant, meant
from vlm.assistant.shown import InView, Shown, in_focus, shown_last, shown_now, sure_last
from vlm.assistant.small_talk import small_talk
from vlm.assistant.wordings import LENGTH, SOME_ONE, THE_ONE


def understand(turn: Turn) -> Intent:
    """Read a turn in the light of what was said before it.

    >>> understand(Turn("find my photos of a dog on a beach")).query
    'a dog on a beach'
    """
    before = _Said()
    for at, past in enumerate(turn.history):
        intent = _read(Turn(past.text, past.images, turn.history[:at]), before)
        before = before.after(intent, past)
    return _read(turn, before)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the turns before come to."""

    before: Before = field(default_factory=Before)
    view: InView = field(default_factory=InView)

    def after(self, intent: Intent, past: Past) -> _Said:
        old, view = self.before, self.view
        searches = old.searches if intent.searches is None else intent.searches
        task, listing, seen = old.task, old.listing, old.seen
        if intent.kind in LISTS or past.documents:
            shown = len(past.documents)
            seen = seen + shown if intent.skip else shown
            listing, view = intent, InView()
            task = task if intent.kind == "keep" else None
        elif intent.photos:
            view = InView(group=_group(intent, past), one=intent.kind == "ask")
        if intent.kind == "reset":
            task, listing, seen = None, None, 0
        if intent.kind in TASKS and intent.photos:
            task = intent
        return _Said(Before(searches, task, listing, seen), view)


def _group(intent: Intent, past: Past) -> tuple[Shown, ...]:
    """Several photos that were talked about: of those checked, those that it holds for."""
    photos = intent.photos
    if intent.kind in ("check", "most", "oldest", "newest") or intent.among:
        cited = tuple(photo for photo in photos if photo.path in past.cited)
        if cited:
            return cited
    return photos if len(photos) > 1 else ()


def _read(turn: Turn, said: _Said) -> Intent:
    text = clean(turn.text)
    now = shown_now(turn)
    if not text.strip(" ?!.,:;"):
        return Intent("caption", photos=now) if now else Intent("empty")
    focus = now or in_focus(turn.history)
    if talk := _talk(text, said.before, now):
        return talk
    if language := language_of(text):
        return Intent("foreign", content_words(text, language), focus, text)
    text = unpadded(text)
    if talk := _talk(text, said.before, now):
        return talk
    view = InView(
        now or shown_last(turn.history), focus, () if now else said.view.group,
        () if now else sure_last(turn.history), said.view.one and not now,
    )  # fmt: skip
    if found := _among(text, view, said.before, added=bool(now)):
        return found
    return _plain(text, view, said.before, added=bool(now))


def _talk(text: str, before: Before, now: tuple[Shown, ...]) -> Intent | None:
    kind = small_talk(text)
    if now and kind in ("hello", "help", "thanks", "ok"):
        return Intent("caption", photos=now)
    if now and kind != "readonly":
        return None  # "why?" beside a photo asks about it
    if not kind and before.task and LENGTH.fullmatch(text):
        longer = LENGTH.fullmatch(text)
        if longer and longer["longer"] and before.task.kind in ("caption", "alt"):
            return replace(before.task, kind="describe")
        kind = "no_length"
    if not kind:
        return None
    return Intent(kind, searches=() if kind == "reset" else None)  # type: ignore[arg-type]


def _among(text: str, view: InView, before: Before, *, added: bool) -> Intent | None:
    """What is asked of "the one with the dog", which a look at the photos has to tell."""
    found = THE_ONE.search(text)
    if found is None or len(view.listed) < 2:
        return None
    thing = (found["thing"] or found["where"] or "").strip()
    rest = f"{text[: found.start()]}this photo{text[found.end() :]}"
    read = _plain(rest, InView(view.listed, view.listed[:1]), before, added=added)
    if read.kind not in (*TASKS, "similar") or not read.photos:
        return None
    return replace(read, photos=view.listed, among=thing)


def _plain(text: str, view: InView, before: Before, *, added: bool) -> Intent:
    if not added and (search := of_the_search(text, before)):
        return search
    named = meant(text, view)
    if named.out_of and not named.photos:
        if view.listed or asks_of_photos(text, named):
            return Intent("which", number=named.out_of[0] if view.listed else None)
        named = Meant((), "")  # bus number 12: nothing has numbers yet
    if named.how == "unclear" or (not named.how and view.listed and SOME_ONE.fullmatch(text)):
        return Intent("which", unclear=True)
    return (
        of_several(text, named, view)
        or of_the_library(text, named, view, before, added=added)
        or of_photos(text, named, view, before.task)
        or by_form(text, view, before.searches, added=added)
    )
