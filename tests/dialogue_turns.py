"""Turns of dialogues with what they mean, and what `understand` makes of them.

A line of ``assistant_turns.jsonl``: ``say`` after the turns ``after``; then ``kind`` (several with
``|``), and where it matters ``query`` (words in any order, articles aside), ``photos`` (numbers),
``among`` (what the photo meant shows), ``asks`` (the question for each photo) and ``skip``.
``+2 `` before a text adds two photos to it. ``open`` marks what is not understood yet.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fake_photo_tools import document
from PIL import Image

from vlm.assistant import Past, Turn
from vlm.assistant.intent import Intent
from vlm.assistant.understanding import understand

FOUND = 5
"""So many photos each search finds."""

_LISTS = ("find", "similar", "count", "ask_library", "latest")
_SAYS_NO_MORE = ("a", "an", "the", "my", "some")


@dataclass(frozen=True)
class Row:
    say: str
    after: tuple[str, ...]
    means: dict[str, Any]
    open: bool

    def __str__(self) -> str:
        return " / ".join((*self.after, self.say))


def rows(name: str) -> list[Row]:
    lines = (Path(__file__).parent / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [_row(json.loads(line)) for line in lines]


def _row(line: dict[str, Any]) -> Row:
    after, say = tuple(line.pop("after", ())), line.pop("say")
    return Row(say, after, line, bool(line.pop("open", False)))


def misread(row: Row) -> str:
    """What `understand` takes the turn for where that is not what it means, else nothing."""
    history: tuple[Past, ...] = ()
    for text in row.after:
        history = (*history, _past(_turn(text, history)))
    read = understand(_turn(row.say, history))
    for name, want in row.means.items():
        if not _SAME[name](read, want):
            return f"{name} is not {want!r} in {read}"
    return ""


def _turn(text: str, history: tuple[Past, ...]) -> Turn:
    added = re.match(r"\+(\d) ", text)
    if added is None:
        return Turn(text, history=history)
    images = tuple(Image.new("RGB", (8, 6 + each)) for each in range(int(added[1])))
    return Turn(text[added.end() :], images, history)


def _past(turn: Turn) -> Past:
    read = understand(turn)
    if read.kind in _LISTS:
        found = tuple(document(Path(f"/p/{n}.jpg")) for n in range(1, FOUND + 1))
        return Past(turn.text, turn.images, found, "Found.", Path("/p/1.jpg"))
    if read.kind == "keep":
        kept = tuple(document(photo.path) for photo in read.photos if photo.path)
        return Past(turn.text, turn.images, kept, "Kept.", read.photos[0].path)
    focus = read.photos[0].path if read.photos else None
    return Past(turn.text, turn.images, (), "Said.", focus)


def _words(text: str) -> list[str]:
    return sorted(word for word in text.lower().split() if word not in _SAYS_NO_MORE)


def _numbers(read: Intent) -> list[int]:
    return [photo.number for photo in read.photos]


_SAME = {
    "kind": lambda read, want: read.kind in want.split("|"),
    "query": lambda read, want: _words(read.query) == _words(want),
    "photos": lambda read, want: _numbers(read) == want,
    "among": lambda read, want: getattr(read, "among", "") == want,
    "asks": lambda read, want: read.question.rstrip("?") == want.rstrip("?"),
    "skip": lambda read, want: getattr(read, "skip", 0) == want,
}
