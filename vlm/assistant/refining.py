"""Queries rewritten from the conversation: "only those with a person", "without people", "in 2023".

What the query language of `index.query.parse` can say exactly is said in it: what to leave out,
and when photos were taken.
"""

from __future__ import annotations

import re

_PREPOSITION = (
    r"(?:with(?:out)?|at|in|on|by|near|under|during|from|taken|before|after|since|not|no|except"
    r"|excluding|where|that|which|who|showing|of|but)"
)
_NARROWER = re.compile(
    r"(?:(?:and|but|now|ok(?:ay)?|so|please|then)\b[\s,]*)*"
    r"(?:(?:show|give|find|list|keep|leave)\s+(?:me\s+)?)?"
    r"(?:only|just)\s+(?:show\s+(?:me\s+)?)?"
    r"(?:(?:the\s+)?(?:those|these|ones|photos?|pictures?|images?)\s+)?(?P<rest>.+)",
    re.IGNORECASE,
)
_ADDED = re.compile(
    rf"(?:(?:and|but|or|now|ok(?:ay)?|so|what\s+about|how\s+about|the\s+ones|those|ones)\b[\s,]*)*"
    rf"(?P<rest>{_PREPOSITION}\b.+)",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"(?:(?:and|but|now|please)\s+)*(?:remove|exclude|leave\s+out|hide|drop|skip|ignore)\s+"
    r"(?:(?:all\s+)?(?:the\s+)?(?:ones|those|photos?|pictures?)\s+(?:with|of|that\s+show)\s+)?"
    r"(?P<rest>.+)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:but\s+)?(?:without|except(?:\s+for)?|excluding|not|with\s+no|no)\s+"
    r"(?:any\s+|the\s+|an?\s+|those\s+|with\s+|at\s+|in\s+|on\s+|of\s+)*"
    r"(?P<what>\w+(?:\s+(?!(?:but|and|with|without|in|on|at|from|taken)\b)\w+){0,2})",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_TAKEN = re.compile(
    r"\b(?:(?:taken|shot)\s+)?(?:(?P<way>in|from|during|on|since|after|before|until)\s+)?(?:the\s+)?"
    rf"(?P<when>(?:(?:spring|summer|autumn|winter|{_MONTHS})\s+(?:of\s+)?)?(?:19|20)\d\d(?:-\d\d){{0,2}}"
    r"|(?:last|this)\s+(?:week|month|year)|yesterday|today)(?![\w'\u2019])",
    re.IGNORECASE,
)
_FILTER = re.compile(r"\b[a-z]+:\S")


def refinement(text: str) -> str:
    """What a text adds to the search before it; "" where it is no addition.

    >>> refinement("only those with a person"), refinement("and at night?")
    ('with a person', 'at night')
    >>> refinement("leave out the ones with people"), refinement("a red barn")
    ('without people', '')
    """
    text = text.strip(" ?!.,")
    if left_out := _LEFT_OUT.fullmatch(text):
        return f"without {left_out['rest']}"
    for pattern in (_NARROWER, _ADDED):
        if found := pattern.fullmatch(text):
            return re.sub(r"^(?:but|that|which|who|where)\s+(?=\w)", "", found["rest"], flags=re.I)
    return ""


def refined(query: str, more: str) -> str:
    """A query with something added, in the query language.

    >>> refined("a dog", "with a person"), refined("a dog", "without people in 2023")
    ('a dog with a person', 'a dog taken:2023 -people')
    >>> refined("", "dogs from summer 2022 but not on the beach")
    'dogs taken:summer-2022 -beach'
    >>> refined("", "a 1965 mustang"), refined("", "2023"), refined("", "sunset last year")
    ('a 1965 mustang', 'taken:2023', 'sunset taken:last-year')
    """
    if _FILTER.search(more):
        return " ".join((query, more)).strip()  # whoever writes filters means what they wrote
    filters: list[str] = []

    def keep(part: str) -> str:
        filters.append(part)
        return " "

    def dated(found: re.Match[str]) -> str:
        way, when = found["way"] or "", found["when"]
        if not way and when[0].isdigit() and when != more.strip():
            return found[0]  # "a 1965 Mustang" tells no date
        return keep(_period(way, when))

    more = _TAKEN.sub(dated, more)
    more = _NOT.sub(lambda found: keep(_minus(found["what"])), more)
    words = " ".join(f"{query} {more}".split())
    if not words and all(part.startswith("-") for part in filters):
        words = "photo"  # there is no search for what is left out alone
    kept = [part for part in filters if part not in words]
    return " ".join((words, *kept)).strip()


def _period(way: str, when: str) -> str:
    point = re.sub(r"\s+(?:of\s+)?", "-", when.lower())
    if way.lower() in ("since", "after"):
        point = f"{point}.."
    if way.lower() in ("before", "until"):
        point = f"..{point}"
    return f"taken:{point}"


def _minus(what: str) -> str:
    return f"-{what}" if what.isalpha() else f'-"{what}"'
