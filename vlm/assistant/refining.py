"""What a turn adds to the search before it: "only those with a person", "in 2023".

What the query language of `index.query.parse` can say exactly is said in it: what to leave out,
and when photos were taken.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LEAD = r"(?:(?:and|but|or|now|then|ok(?:ay)?|so|also|please|actually)\b[\s,]*)*"
_ONES = r"(?:(?:the|those|these|my)\s+)?(?:those|these|ones?|photos?|pictures?|images?)"
_PREPOSITION = (
    r"(?:with(?:out)?|at|in|on|by|near|under|during|from|taken|before|after|since|not|no|except"
    r"|excluding|where(?!\s+(?:is|am|are|was|were|did|do)\b)|that(?!\s+(?:is|was)\b)|which(?!\s+(?:ones?|is|are|was|of|ha[sv]e?)\b)"
    r"|who(?!\s+(?:is|are)\b)|showing|of|but)"
)
_KIND = (
    r"(?:black\s+and\s+white|monochrome|indoors?|outdoors?|inside|outside|(?:bright|broad)?\s*daylight"
    r"|sunny|rainy|snowy|cloudy|foggy)"
)
_NARROWER = re.compile(
    rf"{_LEAD}(?:(?:what|how)\s+about\s+)?(?:(?:show|give|find|list|keep|leave|let|see)\s+(?:me\s+)?(?:see\s+)?)?"
    r"(?:only|just)\s+(?:show\s+(?:me\s+)?)?"
    rf"(?:{_ONES}\s+)?(?P<rest>.+)",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    rf"{_LEAD}(?:limit|narrow|restrict|filter|reduce)\s+(?:(?:it|them|that|this|those|these|down|by|to)"
    rf"\s+)+(?:{_ONES}\s+)?(?P<rest>.+)",
    re.IGNORECASE,
)
_ADDED = re.compile(
    rf"{_LEAD}(?:(?:(?:what|how)\s+about|show\s+me|let\s+me\s+see|i\s+want|add)\s+)?"
    rf"(?:(?:the\s+)?(?:ones?|those)\s+)?(?P<rest>{_PREPOSITION}\b.+|{_KIND})",
    re.IGNORECASE,
)
_DOING = re.compile(r"(?:and|or|but)\s+(?P<rest>[a-z]+ing\b.*)", re.IGNORECASE)
_LEFT_OUT = re.compile(
    rf"{_LEAD}(?:remove|exclude|leave\s+out|hide|drop|skip|ignore)\s+"
    r"(?:(?:all\s+)?(?:the\s+)?(?:ones|those|photos?|pictures?)\s+(?:with|of|that\s+show)\s+)?"
    r"(?P<rest>.+)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"(?:no|nope|actually|wait|sorry|(?:or\s+)?rather|i\s+mea?nt?|make\s+(?:it|that|them)|change\s+"
    r"(?:it|that)\s+to|not\s+that)\b[\s,.:!]*",
    re.IGNORECASE,
)
_NO_THING = re.compile(r"(?:no|not)\s+(?=\w)", re.IGNORECASE)
_AFTERWARDS = re.compile(r"[\s,]+(?:instead|rather|though|too|again|as\s+well)$", re.IGNORECASE)
_ONES_LAST = re.compile(r"\s+(?:ones?|photos?|pictures?|images?)$", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:(?:but|that|which|who|where)\s+(?=\w))?"
    r"(?:(?:the|to)\s+(?=.*\s(?:ones?|photos?|pictures?)$))?",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:but\s+)?(?:without|except(?:\s+for)?|excluding|not|with\s+no|no)\s+"
    r"(?:any\s+|the\s+|an?\s+|those\s+|with\s+|at\s+|in\s+|on\s+|of\s+)*"
    r"(?P<what>\w+(?:\s+(?!(?:but|and|with|without|in|on|at|from|taken)\b)\w+){0,2})"
    r"(?:\s+in\s+(?:them|it))?",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_TAKEN = re.compile(
    r"\b(?:(?:were|was|are)\s+)?(?:(?:taken|shot)\s+)?(?:(?:from\s+(?=before|after))?(?P<way>in|from|during|on|since|after|before|until)"
    r"\s+)?(?:the\s+)?"
    rf"(?P<when>(?:(?:spring|summer|autumn|winter|{_MONTHS})\s+(?:of\s+)?)?(?:19|20)\d\d(?:-\d\d){{0,2}}"
    r"|(?:last|this)\s+(?:week|month|year)|yesterday|today)(?![\w'\u2019])",
    re.IGNORECASE,
)
FILTER = re.compile(r"(?<!\S)[a-z]+:\S")
"""A filter of the query language, as people may type it themselves."""


class Addition(NamedTuple):
    """Words to add to a search: ``instead`` of what was added last, or ``fresh``, for all of it."""

    words: str
    instead: bool = False
    fresh: bool = False


def addition(text: str) -> Addition | None:
    """What a text adds to the search before it; None where it is no addition.

    >>> addition("only those with a person").words, addition("and at night?").words
    ('with a person', 'at night')
    >>> addition("leave out the ones with people").words, addition("a red barn")
    ('without people', None)
    >>> addition("no, by day")
    Addition(words='by day', instead=True, fresh=False)
    >>> addition("no, cats")
    Addition(words='cats', instead=True, fresh=True)
    """
    text = text.strip(" ?!.,")
    rest = text
    while (found := _INSTEAD.match(rest)) and (rest == text or not _NO_THING.match(rest)):
        if found[0].lower().strip() == "no" and _PLAIN_NO.match(rest):
            break  # "no people" leaves people out
        rest = rest[found.end() :]
    rest, last = _AFTERWARDS.sub("", rest), _AFTERWARDS.search(rest)
    instead = len(text) > len(rest) and not (last and last[0].lower().strip(" ,") in _MORE)
    if words := _added(rest):
        return Addition(words, instead)
    if instead and rest and len(rest.split()) < _SUBJECT:
        return Addition(rest, True, fresh=bool(split(rest)[0]))
    return None


_PLAIN_NO = re.compile(r"no\s+\w+(?:\s+\w+)?(?:\s+in\s+(?:them|it))?$", re.IGNORECASE)
_MORE = ("too", "as well", "again", "though")
_SUBJECT = 8
"""Words; who corrects what is looked for does it with fewer."""


def _added(text: str) -> str:
    if left_out := _LEFT_OUT.fullmatch(text):
        return f"without {left_out['rest']}"
    for pattern in (_LIMITED, _NARROWER, _ADDED, _DOING):
        if found := pattern.fullmatch(text):
            rest = re.sub(r"^(?:but|that|which|who|where)\s+(?=\w)", "", found["rest"], flags=re.I)
            rest = re.sub(
                r"^(?:the|to)\s+(?=.*\s(?:ones?|photos?|pictures?)$)", "", rest, flags=re.I
            )
            return _ONES_LAST.sub("", rest)
    return ""


def split(more: str) -> tuple[str, tuple[str, ...]]:
    """The words of a search, and the filters that it says in words.

    >>> split("with a ball in 2021 but without people")
    ('with a ball', ('taken:2021', '-people'))
    >>> split("dogs before 2015"), split("dogs since 2015")
    (('dogs', ('taken:..2014',)), ('dogs', ('taken:2015..',)))
    """
    if FILTER.search(more):
        return more, ()  # whoever writes filters means what they wrote
    filters: list[str] = []

    def keep(part: str) -> str:
        filters.append(part)
        return " "

    def dated(found: re.Match[str]) -> str:
        way, when = found["way"] or "", found["when"]
        if not way and when[0].isdigit() and when != more.strip():
            return found[0]  # "a 1965 Mustang" tells no date
        return keep(_period(way, when))

    words = _TAKEN.sub(dated, more)
    words = _NOT.sub(lambda found: keep(_minus(found["what"])), words)
    return " ".join(words.split()), tuple(filters)


def _period(way: str, when: str) -> str:
    point = re.sub(r"\s+(?:of\s+)?", "-", when.lower())
    if point.isdigit():  # before a year ends with the one before it
        point = str(int(point) + {"before": -1, "after": 1}.get(way.lower(), 0))
    if way.lower() in ("since", "after"):
        point = f"{point}.."
    if way.lower() in ("before", "until"):
        point = f"..{point}"
    return f"taken:{point}"


def _minus(what: str) -> str:
    return f"-{what}" if what.isalpha() else f'-"{what}"'
