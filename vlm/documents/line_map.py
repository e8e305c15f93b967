"""Where the characters of a Markdown block stand in its page: block parsers strip the lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page, as Markdown counts them: without their ends, and where each starts."""

    texts: list[str]
    starts: list[int]

    @classmethod
    def of(cls, text: str, start: int) -> Lines:
        """The lines of ``text`` from the character ``start`` on."""
        starts, ends = [start], []
        for end in _LINE_END.finditer(text, start):
            ends.append(end.start())
            starts.append(end.end())
        ends.append(len(text))
        texts = [text[a:b].replace("\x00", "\ufffd") for a, b in zip(starts, ends, strict=True)]
        return cls(texts, starts)

    def map(self, content: str, first: int) -> BlockMap | None:
        """Where a block's content stands whose lines start with line ``first``.

        A line of the content is one of the page less what marks the block (``> ``, ``# ``,
        indentation) and less what trails. None if a line is not found there.
        """
        at, content_starts, page_starts = 0, [], []
        for number, line in enumerate(content.split("\n"), first):
            words = line.strip()
            number = min(number, len(self.texts) - 1)  # a block's content may end with a line end
            column = self.texts[number].rfind(words)
            if column < 0:
                return None
            content_starts.append(at)
            page_starts.append(self.starts[number] + column - line.find(words))
            at += len(line) + 1
        return BlockMap(content_starts, page_starts)


@dataclass(frozen=True, slots=True)
class BlockMap:
    """From offsets in a block's content to offsets in the page."""

    content_starts: list[int]
    page_starts: list[int]

    def __call__(self, offset: int) -> int:
        """The page's offset of a character of the content."""
        line = bisect_right(self.content_starts, offset) - 1
        return self.page_starts[line] + offset - self.content_starts[line]
