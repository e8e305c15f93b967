"""Which words of a caption are nouns: "waves", "stands" and "orange" are not always."""

from nouns import FORMS, LEXICON, Form
from vocabulary import (
    ADJECTIVES,
    BARE,
    COLOURS,
    DETERMINERS,
    LINKS,
    OTHER_COLOURS,
    PARTICIPLES,
    PATTERNS,
    STOPS,
    THIRDS,
    listed,
)

LONGEST = 4
GROUPS = listed("group couple pair bunch herd flock pack crowd team trio row line lot")
DOERS = ("person", "animal", "clothing", "body", "vehicle", "sport")
ARTICLES = listed("a an the his her its their")
BEFORE_VERBS = LINKS | listed("to and then he she it they can others another all one not")
NOUN_OR_VERB = (
    frozenset(THIRDS)
    | frozenset(BARE)
    | listed(
        "leaves faces heads hands stands trails waves steps hurdles falls rose ramps fans tackles "
        "rides watches boxes rings trains dresses ties bugs guards poles sticks tubes coaches parks"
    )
)


def noun_at(words: tuple[str, ...], at: int) -> tuple[int, Form] | None:
    """How many words from here on are a noun of the list, the longest compound first, and which.

    >>> noun_at(("a", "hot", "dog"), 1)
    (2, Form(noun='hot dog', name='hot dog', plural=False))
    >>> noun_at(("a", "man", "in", "red", "stands"), 4) is None
    True
    """
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        form = FORMS.get(" ".join(words[at : at + length]))
        if form and (length > 1 or _is_noun(words, at)):
            if words[at] == "glasses" and word_at(words, at + 1) == "of":
                form = Form("glass", "glass", True)
            return length, form
    return None


def word_at(words: tuple[str, ...], at: int) -> str:
    """The word there; "" beyond the ends."""
    return words[at] if 0 <= at < len(words) else ""


def _is_noun(words: tuple[str, ...], at: int) -> bool:
    word, previous, following = words[at], word_at(words, at - 1), word_at(words, at + 1)
    if following in COLOURS or (word in GROUPS and following == "of"):
        return False
    if word == "orange":
        return previous in ("an", "one", "peeled", "sliced", "whole") and not (
            FORMS.get(following) or following in ADJECTIVES | PATTERNS | {"and"}
        )
    if word in ("top", "body", "range", "tank"):
        return following != "of" and (previous in COLOURS or previous in ADJECTIVES)
    if word == "can":
        return previous in ("a", "the", "soda", "beer", "tin", "metal", "spray")
    if word in ADJECTIVES and (following in ADJECTIVES or following in OTHER_COLOURS):
        return False
    if word not in NOUN_OR_VERB:
        return True
    if previous in BEFORE_VERBS:
        return False
    if following in ARTICLES and previous not in DETERMINERS | STOPS:
        return False  # "a jet leaves a trail"
    if word == "stands" and previous not in DETERMINERS:
        return False
    if previous in COLOURS:  # "a man in red and white swings", "men dressed in black stand"
        back = at - 1
        while back > 0 and (words[back] in COLOURS or words[back] in ("and", "all")):
            back -= 1
        return words[back] not in ("in", "wearing")
    subject = FORMS.get(previous)
    table = LEXICON[subject.noun].table if subject else ""
    if subject is None or table not in DOERS:
        return previous not in PARTICIPLES or word not in THIRDS
    if table in ("clothing", "body") and word in THIRDS:
        return False
    return subject.plural == word.endswith("s")
