"""How doubt is worded in English: one "possibly" or "perhaps" a sentence, where people say it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vlm.alt.wording import final_stop
from vlm.checked.english import AUXILIARIES, PLACES
from vlm.checked.phrases import Piece, read_sentences
from vlm.starter.nouns import Nouns

OPENS = re.compile(r"(?:perhaps|possibly|probably)\b", re.IGNORECASE)
_FORMS_OF_BE = ("is", "are", "was", "were")
_MARK = re.compile(r"\s*[,;:\u2013\u2014-]*\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """What is left of a piece, with the mark or white space before it, and whether to doubt it."""

    text: str
    piece: Piece
    doubted: bool = False

    @property
    def words(self) -> str:
        """Without the mark before it and the stop at the end."""
        return _MARK.sub("", self.text, count=1).rstrip(" .!?")


def one_sentence(parts: Sequence[Said]) -> str:
    """The pieces of a sentence in which doubt is said once; one of two doubts may be left out.

    A doubted subject is a doubted sentence. Two subjects, or a verb with an auxiliary, take the
    word before their last part ("and possibly a dog"). Other words take it where they stand, or
    at the end where only places come after them.
    """
    plain = "".join(part.text for part in parts)
    if not any(part.doubted for part in parts) or OPENS.match(plain):
        return plain
    if parts[0].doubted:
        return doubted(plain)
    runs = _runs(parts)
    tight = [(first, after) for first, after in runs if _is_tight(parts, first)]
    if len(tight) > 1:
        return doubted(plain)
    if tight:
        gone = _rows([run for run in runs if run not in tight])
        row = tight[0][0]
        return final_stop(_joined(parts, gone, {row: _inside(parts[row])}))
    *earlier, (first, after) = runs
    moved = [run for run in earlier if _may_move(parts, run)]
    last = _words(parts, (first, after))
    if after < len(parts) and not _may_move(parts, (first, after)):
        here = f", possibly {last}"
        close = parts[after]
        follows = close.text if close.text.lstrip()[:1] == "," else f",{close.text}"
        rest = dict.fromkeys(range(first + 1, after), "")
        return _joined(parts, _rows(earlier), {first: here, **rest, after: follows})
    ending = " and ".join((last, *(_words(parts, run) for run in reversed(moved))))
    return f"{_joined(parts, _rows(runs), {}).rstrip(' .,;:')}, possibly {ending}."


def doubted(said: str) -> str:
    """A sentence that is no more than a guess.

    >>> doubted("A pitcher."), doubted("Probably a pitcher.")
    ('Perhaps a pitcher.', 'Probably a pitcher.')
    """
    if OPENS.match(said):
        return said
    first = said[:1] if said[1:2].isupper() else said[:1].lower()
    return f"Perhaps {first}{said[1:]}"


def guesses(text: str, nouns: Nouns) -> bool:
    """Whether a text is no more than a noun that is in doubt.

    >>> [guesses(text, Nouns(("dog",))) for text in ("Perhaps a dog.", "Perhaps a dog runs.")]
    [True, False]
    """
    sentences = read_sentences(text, nouns)
    return bool(sentences) and all(
        OPENS.match(text[said.start : said.end])
        and len(said.pieces) == 1
        and said.pieces[0].verb is None
        for said in sentences
    )


def _runs(parts: Sequence[Said]) -> list[tuple[int, int]]:
    """First and after the last of doubted pieces that share one word of doubt."""
    runs: list[tuple[int, int]] = []
    for row, part in enumerate(parts):
        if not part.doubted:
            continue
        if runs and runs[-1][1] == row and not _is_finite(part):
            runs[-1] = (runs[-1][0], row + 1)
        else:
            runs.append((row, row + 1))
    return runs


def _is_tight(parts: Sequence[Said], row: int) -> bool:
    """Whether the word of doubt must stand inside of a piece, or follow "is"."""
    return parts[row].piece.kind == "joined" or _is_finite(parts[row]) or _after_be(parts, row)


def _after_be(parts: Sequence[Said], row: int) -> bool:
    return row > 0 and parts[row - 1].words.lower() in _FORMS_OF_BE


def _is_finite(part: Said) -> bool:
    first = part.words.split(" ")[0].lower()
    return part.piece.kind == "action" and first not in ("with", "by") and not first.endswith("ing")


def _inside(part: Said) -> str:
    mark = part.text[: len(part.text) - len(_MARK.sub("", part.text, count=1))]
    first, _, rest = part.text[len(mark) :].partition(" ")
    if rest and (part.piece.kind == "joined" or first.lower() in AUXILIARIES):
        return f"{mark}{first} possibly {rest}"
    return f"{mark}possibly {first} {rest}".rstrip()


def _may_move(parts: Sequence[Said], run: tuple[int, int]) -> bool:
    """Whether nothing comes after it that it could be taken to be said of."""
    return all(
        part.doubted or all(thing.noun in PLACES for thing in part.piece.things)
        for part in parts[run[1] :]
    )


def _words(parts: Sequence[Said], run: tuple[int, int]) -> str:
    first, *others = parts[slice(*run)]
    return "".join((first.words, *(part.text for part in others))).rstrip(" .!?")


def _rows(runs: Sequence[tuple[int, int]]) -> set[int]:
    return {row for run in runs for row in range(*run)}


def _joined(parts: Sequence[Said], gone: set[int], others: dict[int, str]) -> str:
    return "".join(others.get(row, part.text) for row, part in enumerate(parts) if row not in gone)
