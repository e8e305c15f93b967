"""Text from a transformers ``generate`` call, piece by piece, while it is still running.

Generation runs in one worker thread that ends with the iterator: when the text is complete, when
generation fails (the error is raised where the text is read), and when the reader stops early.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Any

from vlm.untrusted_text import printable

Generate = Callable[..., object]
"""Called with ``streamer`` and ``stopping_criteria`` as transformers' ``generate`` takes them."""

Decode = Callable[[Sequence[int]], str]
"""All token ids of a reply so far into text, special tokens left out."""


def stream_text(generate: Generate, decode: Decode, *, held_words: int = 0) -> Iterator[str]:
    """Yield the pieces of a reply; joined, they are ``decode`` of all its tokens, made printable.

    ``held_words`` is how many of the last words a later token can still change: 0 for byte-level
    and sentencepiece vocabularies, 2 for WordPiece, whose decoder closes up "don ' t".
    """
    pieces: SimpleQueue[str | None] = SimpleQueue()
    stopped = Event()

    def stop(input_ids: Any, scores: Any, **_: Any) -> Any:
        return input_ids.new_full((input_ids.shape[0],), stopped.is_set()).bool()

    def work() -> None:
        try:
            generate(streamer=_Pieces(decode, held_words, pieces), stopping_criteria=[stop])
        finally:
            pieces.put(None)

    with ThreadPoolExecutor(1, thread_name_prefix="describe") as worker:
        running = worker.submit(work)
        try:
            while (piece := pieces.get()) is not None:
                if said := printable(piece):
                    yield said
            running.result()
        finally:
            stopped.set()


class _Pieces:
    """What ``generate`` calls a streamer: gets the prompt, then each token, then the end."""

    def __init__(self, decode: Decode, held_words: int, pieces: SimpleQueue[str | None]) -> None:
        self._decode = decode
        self._held_words = held_words
        self._pieces = pieces
        self._prompt_seen = False
        self._tokens: list[int] = []
        self._said = ""

    def put(self, value: Any) -> None:
        """Take the ids of one step, shape ``(1,)``, or of the prompt, shape ``(1, n)``."""
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        self._tokens += value.reshape(-1).tolist()
        text = self._decode(self._tokens)
        self._say(text[: settled(text, self._held_words)])

    def end(self) -> None:
        """Say what was held back."""
        self._say(self._decode(self._tokens))

    def _say(self, text: str) -> None:
        if len(text) > len(self._said):
            self._pieces.put(text[len(self._said) :])
            self._said = text


def settled(text: str, held_words: int = 0) -> int:
    """Length of the part of a decoded text that no later token will change.

    Bytes of a character that is not complete yet decode to U+FFFD at the end; white space at the
    end may still be closed up.

    >>> settled("a red barn"), settled("a red barn", held_words=2), settled("caf\\ufffd")
    (10, 1, 3)
    """
    end = len(text.rstrip("\ufffd"))
    for _ in range(held_words):
        end = len(text[:end].rstrip())
        while end and not text[end - 1].isspace():
            end -= 1
        end = len(text[:end].rstrip())
    return end
