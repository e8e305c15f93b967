"""A sentence from the phrases that fit a photo best: composed by rules, not generated.

A subject comes first, then what it does, then where. Each choice weighs the fitted odds of the
phrase and how well the words said so far fit the photo in the dual encoder, so that a part is
said only if the whole sentence is better with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from vlm.starter.phrases import IN_OR_OUT, WHOM, Phrase, bare
from vlm.starter.sight import Sight

_FIT = 0.5
"""Log odds that one standard deviation of a sentence's fit is worth."""
_SPECIAL = 0.3
"""Log odds that "two dogs" or "a skier" must reach to be said instead of "a dog" or "a person"."""
_DOING, _WHERE = -0.4, -0.1
"""Log odds that an activity or a place must reach to be tried."""
_LOOK = 0.5
_LEAD = 0.6
"""How far "a man" must be ahead of "a woman" to be said instead of "a person"."""
_ATTENTION = {"person": 0.6, "people": 0.6, "animal": 0.6, "scene": -0.5}
"""People talk of who is in a photo before what is, and of the background last."""
_GENERAL = frozenset(("a person", "a man", "a woman", "a boy", "a girl", "a baby", "a child"))
_SCENE_PLACES = frozenset(("at sunset", "at night", "in the mountains", "in the snow"))
_NOTHING = Phrase("place", "-", "")


@dataclass(frozen=True, slots=True)
class Caption:
    """A noun phrase without a stop, how sure it is, and other subjects that the photo may have.

    ``sureness`` is the log odds of the subject plus the weighted fit of the whole; see
    `vlm.starter.describer` for what is said at which sureness. ``parts`` are the subject and,
    where they are said, what it does and where; ``others`` are further subjects and their odds.
    """

    text: str
    sureness: float
    parts: tuple[Phrase, ...]
    others: tuple[tuple[float, Phrase], ...]


def compose(sight: Sight) -> Caption:
    """Say what a photo shows as well as these phrases can."""
    subjects = _subjects(sight)[:4]
    named = [_with_look(sight, phrase) for _, phrase in subjects]
    fits = sight.fit(named)
    best = max(range(len(named)), key=lambda i: subjects[i][0] + _FIT * float(fits[i]))
    odds, subject = subjects[best]
    text, fit, parts = _with_parts(sight, subject, named[best])
    others = tuple(
        (raw - _ATTENTION.get(phrase.kind, 0), phrase)
        for raw, phrase in subjects
        if not _share(phrase.say, text) and phrase.kind != "drawing"
    )
    sureness = odds - _ATTENTION.get(subject.kind, 0) + _FIT * fit
    return Caption(text, sureness, (subject, *parts), others)


def _subjects(sight: Sight) -> list[tuple[float, Phrase]]:
    """Candidates with their log odds and the attention that they draw, best first.

    Among people, a role ("a skier") or a number ("two men") that is likely enough stands for
    the general words.
    """
    ranked = [
        (odds + _ATTENTION.get(phrase.kind, 0), phrase)
        for odds, phrase in sight.ranked(lambda p: p.group == "subject")
    ]
    people = [pair for pair in ranked if pair[1].kind in ("person", "people")]
    others = [pair for pair in ranked if pair[1].kind not in ("person", "people")]
    sure = _SPECIAL + _ATTENTION["person"]
    special = [pair for pair in people if pair[1].say not in _GENERAL and pair[0] >= sure]
    kind = _kind([pair for pair in people if pair[1].say in _GENERAL and pair[1].say != "a person"])
    person = next(pair for pair in people if pair[1].say == "a person")
    chosen = special[:2] or [kind or person]
    # Whoever it is, it is somebody: the odds of "a person" count for every kind of people.
    chosen = [(max(odds, person[0]), phrase) for odds, phrase in chosen]
    return sorted([*chosen, *others[:5]], key=lambda pair: -pair[0])


def _kind(people: list[tuple[float, Phrase]]) -> tuple[float, Phrase] | None:
    """Man, woman, boy, girl, baby or child, where one is likely and no other nearly as likely."""
    (odds, phrase), *rest = people
    rivals = [o for o, p in rest if not {"a child", phrase.say} >= {p.say, "a child"}]
    if phrase.say == "a child":
        rivals = [o for o, p in rest if p.say in ("a man", "a woman")]
    clear = odds - max(rivals, default=odds - _LEAD) >= _LEAD
    return (odds, phrase) if odds >= _ATTENTION["person"] and clear else None


def _with_parts(sight: Sight, subject: Phrase, named: str) -> tuple[str, float, tuple[Phrase, ...]]:
    """Add what the subject does and where it is, if the sentence gets better."""
    whom = WHOM.get(subject.kind, "-")
    activities = sight.ranked(lambda p: p.group == "activity" and whom in p.kind)
    places = sight.ranked(lambda p: p.group == "place" and p.say not in IN_OR_OUT)
    if subject.kind in ("scene", "plant"):
        places = [pair for pair in places if pair[1].say in _SCENE_PLACES]
    doing = [pair for pair in activities[:2] if pair[0] > _DOING] if whom != "-" else []
    where = [pair for pair in places[:2] if pair[0] > _WHERE]
    drafts = [
        (" ".join(filter(None, (named, act.say, place.say))), act_odds + place_odds, (act, place))
        for act_odds, act in [(0.0, _NOTHING), *doing]
        for place_odds, place in [(0.0, _NOTHING), *where]
        if not _share(act.say, named)
        and not _share(place.say, named)
        and not _share(place.say, act.say)
    ]
    fits = sight.fit([text for text, _, _ in drafts])
    scores = [odds + _FIT * float(fit) for (_, odds, _), fit in zip(drafts, fits, strict=True)]
    best = max(range(len(drafts)), key=scores.__getitem__)
    text, _, parts = drafts[best]
    return text, float(fits[best]), tuple(part for part in parts if part.say)


def _with_look(sight: Sight, subject: Phrase) -> str:
    """The subject with its colour where that is likely: "a brown dog", "a man in red"."""
    whom = WHOM.get(subject.kind, "-")
    looks = sight.ranked(lambda p: p.group == "look" and whom in p.kind)
    if not looks or looks[0][0] < _LOOK or sight.colourless:
        return subject.say
    look = looks[0][1].say
    if subject.kind == "person":
        return f"{subject.say} {look}"
    article, _, noun = subject.say.partition(" ")
    return f"{article} {look} {noun}" if article in ("a", "two", "three") else subject.say


def _share(first: str, second: str) -> bool:
    """Whether two phrases repeat one another ("surfing" and "a surfer").

    >>> _share("riding a bicycle", "a cyclist"), _share("in the sea", "the sea")
    (True, True)
    >>> _share("on a beach", "a dog running")
    False
    """
    for one in _words(first):
        for two in _words(second):
            if one == two or one[:5] == two[:5] or (len(one) > 3 and _inside(one, two)):
                return True
    return False


def _words(text: str) -> list[str]:
    small = {"a", "an", "the", "in", "on", "at", "of", "with", "and", "its", "to", "up", "by"}
    return [word for word in bare(text).split() if word not in small]


def _inside(one: str, two: str) -> bool:
    stem = 4
    return any(one[at : at + stem] in two for at in range(len(one) - stem + 1)) and (
        one[:3] == two[:3] or "cycl" in one
    )
