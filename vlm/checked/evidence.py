"""What speaks for a claim: samples, recognised objects, the embedder, text that was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vlm.checked.agreement import Reading, flat, share
from vlm.checked.atoms import Atom
from vlm.checked.claims import Evidence
from vlm.starter.nouns import Nouns

_CLOSE = 0.8
"""Share of the letters of a quoted text that must stand, in order, in what was read."""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Who may be asked about a claim; None for those that are not there.

    ``chance`` is the probability that a noun is in the photo, ``fit`` how well a claim fits the
    photo beside others like it, 0 to 1 and None where there is nothing to compare it with.
    """

    nouns: Nouns
    readings: Sequence[Reading] = ()
    chance: Callable[[str], float | None] | None = None
    fit: Callable[[Atom], float | None] | None = None
    lines: Sequence[str] = ()

    def evidence(self, atom: Atom) -> tuple[Evidence, ...]:
        """What each of them says."""
        asked = (self._samples, self._objects, self._embedder, self._text)
        return tuple(said for ask in asked if (said := ask(atom)) is not None)

    def _samples(self, atom: Atom) -> Evidence | None:
        if not self.readings:
            return None
        support = share(atom, self.readings, self.nouns)
        count = len(self.readings)
        said = f"supported by {support * count:.3g} of {count} other descriptions"
        return Evidence("samples", support, said)

    def _objects(self, atom: Atom) -> Evidence | None:
        there = self.chance(atom.word) if self.chance and atom.kind == "thing" else None
        if there is None:
            return None
        denied = atom.thing is not None and atom.text.lower().startswith("no ")
        support = 1 - there if denied else there
        return Evidence("objects", support, f"{atom.word}: {there:.0%} likely to be named")

    def _embedder(self, atom: Atom) -> Evidence | None:
        support = self.fit(atom) if self.fit is not None else None
        if support is None:
            return None
        return Evidence("embedder", support, "how it fits the photo beside other words for it")

    def _text(self, atom: Atom) -> Evidence | None:
        if atom.kind != "text" or not self.lines:
            return None
        read = flat(" ".join(self.lines))
        found = _common(flat(atom.word), read)
        said = "read in the photo" if found >= _CLOSE else "not among the text read in the photo"
        return Evidence("text", found, said)


def _common(quote: str, read: str) -> float:
    """Longest run of letters in the same order, as a share of the quoted ones.

    >>> _common("stop", "stopsign"), _common("stop", "st0p"), _common("", "x")
    (1.0, 0.75, 0.0)
    """
    from difflib import SequenceMatcher

    if not quote:
        return 0.0
    if quote in read:
        return 1.0
    blocks = SequenceMatcher(None, quote, read, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(quote)
