"""What there is to say of a content: a person's words, else a draft that a model makes once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Literal, TypeAlias

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Draft, Known
from vlm.drafts import draft_alt, draft_extended, prompt_id

if TYPE_CHECKING:
    from PIL.Image import Image

    from vlm.protocols import Describer

Check: TypeAlias = "Callable[[Image], Draft]"
"""A draft that was checked against the photo."""

Author: TypeAlias = Literal["human", "file", "model"]


@dataclass(frozen=True, slots=True)
class Words:
    """``draft`` is by a model, or holds the words of a person or of the file."""

    draft: Draft
    author: Author
    seconds: float = 0.0


class Drafter:
    """Asks a describer about each content once, whatever the number of its places."""

    def __init__(
        self,
        catalogue: Catalogue,
        describer: Describer,
        *,
        language: str = "en",
        check: Check | None = None,
        over_people: bool = False,
    ) -> None:
        self._catalogue = catalogue
        self._describer = describer
        self._language = language
        self._check = check
        self._over_people = over_people
        self._held: dict[Known, Words] = {}
        self.model = describer.name
        self.prompt = prompt_id(describer, language) + ("-checked" if check else "")

    def enough(self, known: Known) -> bool:
        """Whether nothing has to be asked about a content."""
        held = self._known(known)
        if held is not None:
            self._held[known] = held  # asked for again as soon as it is this photo's turn
        return held is not None

    def words(self, known: Known, image: Image | None) -> Words:
        """What is said of a content; ``image`` is needed where it is not known yet.

        Raises what `vlm.drafts.draft_alt` raises.
        """
        held = self._held.pop(known, None) or self._known(known)
        if held is not None:
            return held
        if image is None:
            raise LookupError("a content that is not known comes with its image")
        began = perf_counter()
        if self._check is not None:
            draft = self._check(image)
        else:
            draft = Draft(draft_alt(image, self._describer, self._language))
        self._put(known, draft)
        return Words(draft, "model", perf_counter() - began)

    def extended(self, known: Known, image: Image, words: Words) -> Words:
        """The same with all that a model says is there. Raises as `words` does."""
        began = perf_counter()
        told = draft_extended(image, self._describer, self._language)
        draft = replace(words.draft, extended=told)
        if words.author == "model":
            self._put(known, draft)
        return Words(draft, words.author, words.seconds + perf_counter() - began)

    def same(self, content: bytes, other: bytes) -> None:
        """Let another content, which is the same picture, have the draft of this one."""
        draft = self._catalogue.draft(content, self.model, self.prompt)
        if draft is not None:
            self._catalogue.put_draft(other, self.model, self.prompt, draft)

    def _known(self, known: Known) -> Words | None:
        if not self._over_people:
            notes = self._catalogue.notes(known.digest, "alt")
            if notes and notes[0].author != "model":
                return Words(Draft(notes[0].value), notes[0].author)
            if known.alt:
                return Words(Draft(known.alt), "file")
        draft = self._catalogue.draft(known.digest, self.model, self.prompt)
        return Words(draft, "model") if draft is not None else None

    def _put(self, known: Known, draft: Draft) -> None:
        self._catalogue.put_draft(known.digest, self.model, self.prompt, draft)
