"""What is under way on the Review page: words that nobody has accepted yet, and the order.

Kept beside the catalogue and not in it, since nothing here has been decided; shared by the browser
sessions of one library, so that a page that is loaded again shows the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from index.catalogue.ledger_records import Concern
from ui.settings import Settings

Waiting = tuple[bytes, Concern]


@dataclass(slots=True)
class ReviewDesk:
    """``words`` by content and field; ``skipped`` contents come last, in this order."""

    words: dict[tuple[bytes, str], str] = field(default_factory=dict)
    skipped: dict[bytes, None] = field(default_factory=dict)

    def skip(self, digest: bytes) -> None:
        """Let a content come last."""
        self.skipped.pop(digest, None)
        self.skipped[digest] = None

    def forget(self, digest: bytes) -> None:
        """A content was decided about."""
        self.skipped.pop(digest, None)
        for key in [key for key in list(self.words) if key[0] == digest]:
            del self.words[key]

    def in_order(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """What waits, those that were skipped last.

        >>> desk = ReviewDesk()
        >>> desk.skip(b"a")
        >>> desk.in_order([(b"a", "review"), (b"b", "new")])
        [(b'b', 'new'), (b'a', 'review')]
        """
        places = {digest: place for place, digest in enumerate(list(self.skipped))}
        return sorted(waiting, key=lambda each: places.get(each[0], -1))


@st.cache_resource(show_spinner=False)
def review_desk(chosen: Settings) -> ReviewDesk:
    """The desk of a library; change it in place."""
    del chosen  # the key
    return ReviewDesk()
