"""The normal form in which the VQA evaluation compares answers.

The rules are those of https://visualqa.org/evaluation (Antol et al., "VQA: Visual Question
Answering", 2015), in the details as the official program has them, so that the numbers can be
compared with published ones: a full stop stays where a digit follows; a mark is deleted, rather
than replaced by a space, where it stands beside a space or where the answer holds a number such
as 10,000.
"""

from __future__ import annotations

import re

_MARKS = ';/[]"{}()=+\\_-><@`,?!'
_FULL_STOP = re.compile(r"\.(?!\d)")
_COMMA_IN_NUMBER = re.compile(r"\d,\d")
_ARTICLES = frozenset(("a", "an", "the"))
_COUNTED = "zero one two three four five six seven eight nine ten"
_CONTRACTED = """
    ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't
    haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am might've mightn't
    mightn't've must've mustn't needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've
    shouldn't shouldn't've somebody'd've somebody'll somebody's someone'd someone'd've someone'll
    someone's something'd something'd've something'll that's there'd there'd've there're there's
    they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're
    what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're
    why's won't would've wouldn't wouldn't've y'all y'all'd've y'all'll you'd you'd've you'll
    you're you've
"""
"""Contractions that get back a lost apostrophe; not those that are other words without it (its)."""


def without_punctuation(text: str) -> str:
    """Delete marks, or put a space in their place; apostrophes, colons and signs of money stay.

    >>> without_punctuation("black/white"), without_punctuation("a pear, 1.5 m wide.")
    ('black white', 'a pear 1.5 m wide')
    >>> without_punctuation("t-shirt, 10,000")  # a number: nothing is replaced by a space
    'tshirt 10000'
    """
    number = _COMMA_IN_NUMBER.search(text)
    replaced = {
        ord(mark): "" if number or f"{mark} " in text or f" {mark}" in text else " "
        for mark in _MARKS
    }
    return _FULL_STOP.sub("", text.translate(replaced))


def normalise(answer: str) -> str:
    """Bring an answer to normal form; applying it twice changes nothing.

    >>> [normalise(text) for text in ("The two dogs.", "dont know", "A T-shirt", "None")]
    ['2 dogs', "don't know", 't shirt', '0']
    """
    plain = without_punctuation(" ".join(answer.split()))
    words = [_NUMBERS.get(word, word) for word in plain.lower().split()]
    return " ".join(_MENDED.get(word, word) for word in words if word not in _ARTICLES)


def _misspelt(contraction: str) -> list[str]:
    """Every way to forget one of the apostrophes."""
    return [
        contraction[:at] + contraction[at + 1 :]
        for at, letter in enumerate(contraction)
        if letter == "'"
    ]


_NUMBERS = {word: str(number) for number, word in enumerate(_COUNTED.split())} | {"none": "0"}
_MENDED = {wrong: right for right in _CONTRACTED.split() for wrong in _misspelt(right)} | {
    "somebody'd": "somebodyd"  # the wrong way round, but so it is in the official table
}
