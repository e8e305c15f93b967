"""Short answers to the kinds of question that the decoder was trained for, and a no to the rest."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from vlm.starter.presence import Witnesses, presence
from vlm.starter.questions import COLOURS, Question
from vlm.starter.recognition import CLEARLY_SEEN, SEEN, main_thing

_LARGER = "a larger model, such as --model blip-base or --model smolvlm-256m (see: vlm models)"
DECLINED = (
    "I cannot answer that with the starter model. It knows a few kinds of question, in English: "
    "what is it, is there a …, what colour, how many, where, indoors or outdoors, what is "
    f"somebody doing. For other questions choose {_LARGER}."
)
CANNOT_READ = f"I can't read text with the starter model. To read, choose {_LARGER}."
NOT_SURE = "I am not sure."
BLACK_AND_WHITE = "The photo is in black and white."
NONE_SEEN = "None that I can see."

_DIGITS = tuple("123456789")
_NO_ANSWER = frozenset(("yes", "no", *_DIGITS))
"""What is no answer to "what", "where" and "doing"."""
_ABSENT = -1.5
"""Log odds below which a thing is not counted."""


Reply: TypeAlias = tuple[str, float | None]
"""What is said, and the probability of the answer in it where it has one."""


def answer_question(question: Question, asked: str, photo: Witnesses) -> str:
    """A few words; where no rule fits, `DECLINED` rather than a guess.

    ``asked`` are the words of the question, from which the decoder reads more than its kind.
    """
    return answered(question, asked, photo)[0]


def answered(question: Question, asked: str, photo: Witnesses) -> Reply:
    """As `answer_question`, with how likely the answer is to be right by the model's own odds."""
    match question.kind:
        case "exists":
            return _yes_no("exists", presence(question.thing, photo), photo)
        case "noun" if photo.writer.words.nouns.meant(question.thing):
            return _yes_no("exists", presence(question.thing, photo), photo)
        case "is_colour" if photo.colours.colourless:
            return BLACK_AND_WHITE, None
        case "is_colour" | "is_doing":
            odds = photo.writer.choose(photo.sight, asked, ("yes", "no"))
            return _yes_no("attribute", odds["yes"] - odds["no"], photo)
        case "is_place":
            odds = photo.writer.choose(photo.sight, IN_OR_OUT, ("indoors", "outdoors"))
            sign = 1 if question.detail == "outdoors" else -1
            return _yes_no("indoors", sign * (odds["outdoors"] - odds["indoors"]), photo)
        case "either":
            return _either(question, photo)
        case "colour":
            return _colour(question, asked, photo)
        case "count":
            if question.thing and presence(question.thing, photo) < _ABSENT:
                return NONE_SEEN, None
            return _choice("count", asked, _DIGITS, photo)
        case "indoors":
            return _choice("indoors", IN_OR_OUT, ("indoors", "outdoors"), photo)
        case "doing" | "where":
            return _free(question.kind, asked, photo)
        case "what":
            return _what(question.thing, asked, photo)
        case "object":
            return _free("what", asked, photo)
        case "text":
            return CANNOT_READ, None
        case _:
            return DECLINED, None


IN_OR_OUT = "is this indoors or outdoors?"


def _either(question: Question, photo: Witnesses) -> Reply:
    things = (question.thing, question.detail)
    odds = [presence(thing, photo) for thing in things]
    best = things[int(np.argmax(odds))]
    if max(odds) < _ABSENT:
        return _say("unsure", best), None
    share = 1 / (1 + float(np.exp(-abs(odds[0] - odds[1]))))
    return _say(photo.settings.bands("either").hedge(share), best), share


def _colour(question: Question, asked: str, photo: Witnesses) -> Reply:
    if photo.colours.colourless:
        return BLACK_AND_WHITE, None
    if question.thing in ("", "this", "it", "photo", "picture", "image"):
        return _say("plain", " and ".join(list(photo.colours.shares)[:2])), None
    choices = colour_choices(question)
    return _likeliest("colour", colour_odds(question.thing, asked, choices, photo), photo)


def colour_choices(question: Question) -> tuple[str, ...]:
    """What may be said of a thing, as captions spell it: one of the colours asked for, or any."""
    if question.detail:
        among = tuple(question.detail.split(" or "))
    else:
        among = (*COLOURS, *(_HAIR if _is_hair(question.thing) else _TWO))
    return tuple(_WRITTEN.get(colour, colour) for colour in among)


def colour_odds(
    thing: str, asked: str, choices: tuple[str, ...], photo: Witnesses
) -> dict[str, float]:
    """Log probability of each colour: what the decoder says, and what is seen of the thing."""
    evidence = colour_evidence(thing, asked, choices, photo)
    odds = {
        choice: float(np.dot(photo.settings.colour, weighed))
        for choice, weighed in evidence.items()
    }
    total = float(np.logaddexp.reduce(list(odds.values())))
    return {choice: value - total for choice, value in odds.items()}


def colour_evidence(
    thing: str, asked: str, choices: tuple[str, ...], photo: Witnesses
) -> dict[str, tuple[float, float, float]]:
    """For each colour the decoder's and the reader's log probability, and whether it is two.

    Of two colours the reader's are added: as if one look had found the one, one the other.
    """
    said, seen = photo.writer.choose(photo.sight, asked, choices), photo.near(thing)
    return {
        choice: (said[choice], sum(seen[part] for part in parts), len(parts) - 1.0)
        for choice, parts in ((choice, choice.split(" and ")) for choice in choices)
    }


def _is_hair(thing: str) -> bool:
    return "hair" in thing.split()


_TWO = ("black and white", "black and brown", "brown and white")
"""What captions call most things of two colours, which are dogs; in this order."""
_HAIR = ("blond",)
_WRITTEN = {"grey": "gray"}
"""Captions, and so the decoder, spell it the American way; replies do not."""
_SPOKEN = {written: spoken for spoken, written in _WRITTEN.items()}


def _choice(kind: str, asked: str, choices: tuple[str, ...], photo: Witnesses) -> Reply:
    return _likeliest(kind, photo.writer.choose(photo.sight, asked, choices), photo)


def _likeliest(kind: str, odds: dict[str, float], photo: Witnesses) -> Reply:
    best = max(odds, key=lambda choice: odds[choice])
    share = float(np.exp(odds[best]))
    return _say(photo.settings.bands(kind).hedge(share), best), share


def _free(kind: str, asked: str, photo: Witnesses) -> Reply:
    hedge, words, share = _read_off(kind, asked, photo)
    return _say(hedge, words), share


def _read_off(kind: str, asked: str, photo: Witnesses) -> tuple[str, str, float | None]:
    """The decoder's own answer and how to hedge it; no words where it has none."""
    drafts = [d for d in photo.writer.answers(photo.sight, asked) if d.text not in _NO_ANSWER]
    if not drafts:
        return "unsure", "", None
    text, nouns = drafts[0].text, photo.writer.words.nouns
    said = nouns.phrase(text) if kind != "doing" and nouns.meant(text) else text
    share = drafts[0].probability
    return photo.settings.bands(kind).hedge(share), said, share


def _what(thing: str, asked: str, photo: Witnesses) -> Reply:
    """As the decoder says; where it is not sure, what the classifier takes the main thing for."""
    hedge, said, sure = _read_off("what", asked, photo)
    words = photo.writer.words
    if hedge == "unsure" and not asked.startswith("who"):
        seen, share = main_thing(words.labels, photo.sight.labels(), words.nouns, thing)
        if share >= SEEN:
            hedge = "plain" if share >= CLEARLY_SEEN else "probably"
            said, sure = words.nouns.phrase(seen), share
    return _say(hedge, said), sure


def _yes_no(kind: str, odds: float, photo: Witnesses) -> Reply:
    confidence = 1 / (1 + float(np.exp(-abs(odds))))
    said = "yes" if odds > 0 else "no"
    return _say(photo.settings.bands(kind).hedge(confidence), said), confidence


def _say(hedge: str, words: str) -> str:
    """An answer as a sentence.

    >>> _say("plain", "gray"), _say("probably", "two"), _say("unsure", "brown")
    ('Grey.', 'Probably two.', 'I am not sure. Perhaps brown.')
    """
    said = _SPOKEN.get(words, words)
    match hedge:
        case "plain":
            return f"{said[:1].upper()}{said[1:]}."
        case "probably":
            return f"Probably {said}."
        case _:
            return f"{NOT_SURE} Perhaps {said}." if said else NOT_SURE
