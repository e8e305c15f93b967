"""Things to ask for that photos do not show, from a file, without those that captions name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files

from eval.presence_mentions import plural
from eval.relevance_named import phrases

FILE = "absent_concepts.txt"
"""One thing a line: what to ask for, then other words for it. ``#`` starts a comment."""


def things() -> list[tuple[str, ...]]:
    """The things of the file, each with all its words, the first of which is asked for."""
    lines = (files("eval") / FILE).read_text(encoding="utf-8").splitlines()
    return [
        tuple(word.strip() for word in line.split(","))
        for line in lines
        if line.strip() and not line.startswith("#")
    ]


def without_named(
    listed: Sequence[tuple[str, ...]], captions: Iterable[str]
) -> tuple[list[str], list[str]]:
    """What to ask for, and what is left out because a caption has one of its words.

    >>> without_named([("zebra",), ("sofa", "settee")], ["Zebras in the grass"])
    (['sofa'], ['zebra'])
    """
    words = {word: {" ".join(phrases(form, 1)) for form in _forms(word)} for word in _flat(listed)}
    longest = max((len(form.split()) for forms in words.values() for form in forms), default=1)
    said = {phrase for caption in captions for phrase in phrases(caption, longest)}
    kept: list[str] = []
    left_out: list[str] = []
    for names in listed:
        named = any(words[name] & said for name in names)
        (left_out if named else kept).append(names[0])
    return kept, left_out


def _forms(word: str) -> tuple[str, str]:
    return word, plural(word)


def _flat(listed: Sequence[tuple[str, ...]]) -> set[str]:
    return {word for names in listed for word in names}
