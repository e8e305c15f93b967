"""A description without the claims that were dropped: pieces left out, the rest as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from vlm.alt.wording import final_stop
from vlm.checked.atoms import Atom, AtomKind, is_seen
from vlm.checked.claims import ClaimVerdict
from vlm.checked.english import PLACES, STATIC, WORN_BY_MOST
from vlm.checked.hedging import Said, one_sentence
from vlm.checked.mending import mended
from vlm.checked.phrases import Piece, Sentence
from vlm.checked.renaming import renamed
from vlm.checked.things import Thing
from vlm.starter.nouns import Nouns

Verdicts: TypeAlias = Mapping[tuple[AtomKind, int], ClaimVerdict]
"""The verdict of each claim, by its kind and the character where its words begin."""

WiderWord: TypeAlias = Callable[[Thing], str | None]
"""A wider noun that can be kept where the thing's own cannot, or None."""

_COPULAS = frozenset(("is", "are", "was", "wer", "be"))
_SINGULAR = {"are": "is", "were": "was", "have": "has"}


def named(atom: Atom) -> tuple[AtomKind, int]:
    """The key of a claim in `Verdicts`."""
    return atom.kind, atom.start


def rewritten(
    text: str, sentences: Sequence[Sentence], verdicts: Verdicts, nouns: Nouns, wider: WiderWord
) -> str:
    """What is left: empty where no sentence can stand, the text itself where everything can."""
    if all(verdict == "keep" for verdict in verdicts.values()):
        return text
    kept = (_Rewrite(text, verdicts, nouns, wider).sentence(sentence) for sentence in sentences)
    return " ".join(said for said in kept if said)


class _Rewrite:
    """One sentence: what to put in place of which characters."""

    def __init__(self, text: str, verdicts: Verdicts, nouns: Nouns, wider: WiderWord) -> None:
        self._text, self._nouns, self._wider = text, nouns, wider
        self._verdicts = verdicts
        self._edits: list[tuple[int, int, str]] = []
        self._dropped: set[int] = set()
        self._doubted: set[int] = set()  # characters where the words of doubtful things begin

    def sentence(self, sentence: Sentence) -> str:
        pieces = sentence.pieces
        fates = [self._piece(piece) for piece in pieces]
        if fates[0] == "drop":
            return ""
        self._dropped = {at for at, fate in enumerate(fates) if fate == "drop"}
        self._leave_out_verbs(pieces)
        for at in range(1, len(pieces)):
            self._leave_out_what_hangs(pieces, at)
        self._agree(pieces)
        doubted = {at for at in range(len(pieces)) if self._is_doubted(pieces[at], fates[at])}
        if not (self._edits or self._dropped or doubted):
            return self._text[sentence.start : sentence.end]
        left = [
            Said(self._applied(piece.start, piece.end), piece, at in doubted)
            for at, piece in enumerate(pieces)
            if at not in self._dropped
        ]
        said = mended(_tidied(one_sentence(left)), self._nouns)
        return final_stop(said[:1].upper() + said[1:])

    def _is_doubted(self, piece: Piece, fate: ClaimVerdict) -> bool:
        if piece.kind == "subject":
            return fate == "hedge"
        return any(thing.start in self._doubted for thing in piece.things)

    def _piece(self, piece: Piece) -> ClaimVerdict:
        """Whether a piece can stay; rewrites its things."""
        fate: ClaimVerdict = self._verdicts.get(("text", piece.start), "keep")
        for thing in filter(is_seen, piece.things):
            verdict = self._verdicts.get(("thing", thing.start), "keep")
            other = self._wider(thing) if verdict != "keep" else None
            if verdict == "keep" or other is not None:
                self._say(thing, other)
                continue
            if verdict == "hedge" and piece.kind != "subject" and self._says_little(thing):
                verdict = "drop"
            elif verdict == "hedge" and not thing.owned:
                self._doubted.add(thing.start)
            self._say(thing, None)
            if fate != "drop" and (verdict == "drop" or piece.kind == "subject"):
                fate = verdict
        return fate

    def _says_little(self, thing: Thing) -> bool:
        """A shirt that may be there and of which nothing else is known."""
        known = any(self._fate("quality", q.start) == "keep" for q in thing.qualities)
        return thing.noun in WORN_BY_MOST and not known

    def _say(self, thing: Thing, other: str | None) -> None:
        gone = [q for q in thing.qualities if self._fate("quality", q.start) != "keep"]
        uncounted = self._fate("count", thing.start) != "keep"
        if gone or uncounted or other is not None:
            said = renamed(
                self._text, thing, self._nouns, without=gone, uncounted=uncounted, other=other
            )
            self._edits.append((thing.start, thing.end, said))

    def _fate(self, kind: AtomKind, start: int) -> ClaimVerdict:
        return self._verdicts.get((kind, start), "keep")

    def _leave_out_verbs(self, pieces: Sequence[Piece]) -> None:
        for at, piece in enumerate(pieces[1:], 1):
            if piece.verb is None or self._fate("action", piece.verb[0]) == "keep":
                continue
            seen = [thing.noun for thing in piece.things if is_seen(thing)]
            if seen and at not in self._dropped:  # riding a horse: the horse is there
                joint = "by" if PLACES.issuperset(seen) else "with"
                self._edits.append((*piece.verb, joint))
            else:
                self._dropped.add(at)

    def _leave_out_what_hangs(self, pieces: Sequence[Piece], at: int) -> None:
        """What stands after a piece that is gone goes too, unless it can stand after a noun."""
        piece, before = pieces[at], pieces[at - 1]
        if at in self._dropped:
            if before.lead in _COPULAS and before.kind == "action" and not before.things:
                self._dropped.add(at - 1)
        elif at - 1 in self._dropped:
            hangs = piece.kind == "place" and not _stands_alone(piece)
            own = before.kind == "joined" and before.things and piece.kind == "action"
            if hangs or (own and not (self._first(piece) in _SINGULAR and not _many(before))):
                self._dropped.add(at)

    def _agree(self, pieces: Sequence[Piece]) -> None:
        """One of two subjects is gone: a man and a dog are running, a man is running."""
        gone = any(pieces[at].kind == "joined" and pieces[at].things for at in self._dropped)
        if not gone or _many(pieces[0]):
            return
        for at, piece in enumerate(pieces):
            if piece.verb and at not in self._dropped and self._first(piece) in _SINGULAR:
                start, first = piece.verb[0], self._first(piece)
                self._edits.append((start, start + len(first), _SINGULAR[first]))
                return

    def _first(self, piece: Piece) -> str:
        return self._text[slice(*piece.verb)].split()[0].lower() if piece.verb else ""

    def _applied(self, start: int, end: int) -> str:
        said, at = [], start
        for first, last, new in sorted(self._edits, key=lambda edit: (edit[0], -edit[1])):
            if at <= first and last <= end:
                said += [self._text[at:first], new]
                at = last
        return "".join((*said, self._text[at:end]))


def _stands_alone(piece: Piece) -> bool:
    places = [thing.noun in PLACES and not thing.owned for thing in piece.things]
    return bool(places) and all(places) and piece.lead in STATIC


def _many(piece: Piece) -> bool:
    return bool(piece.things) and piece.things[-1].many


def _tidied(said: str) -> str:
    said = re.sub(r"\s+", " ", said).strip(" ,;:")
    return re.sub(r" ([,.;:!?])", r"\1", said)
