"""What there is to say of a content: a person's words, else a draft that a model makes once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Literal, TypeAlias

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Draft, Known
from vlm.drafts import draft, drafts
from vlm.errors import VlmError
from vlm.protocols import BatchDescriber
from vlm.tasks import is_unsure, prompt_name

if TYPE_CHECKING:
    from PIL.Image import Image

    from vlm.protocols import Describer

Check: TypeAlias = "Callable[[Image, Sequence[str]], Draft]"
"""A draft that was checked against a photo and the lines of text in it."""

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
        self._failed: dict[Known, VlmError] = {}
        self._batches = describer if isinstance(describer, BatchDescriber) and not check else None
        self.at_once = self._batches.batch_size if self._batches else 1
        """How many photos are best drafted together; 1 where each is asked about alone."""
        self.model = describer.name
        name = prompt_name("alt_text", describer, language=language)
        self.prompt = f"{name} checked" if check else name
        self.can_extend = describer.prompts.extended is not None

    def enough(self, known: Known) -> bool:
        """Whether nothing has to be asked about a content."""
        held = self._known(known)
        if held is not None:
            self._held[known] = held  # asked for again as soon as it is this photo's turn
        return held is not None

    def words(self, known: Known, image: Image | None, lines: Sequence[str] = ()) -> Words:
        """What is said of a content; ``image`` is needed where it is not known yet.

        ``lines`` is the text in it, where that was read. A text that says of itself that it is a
        guess is for review. Raises what `vlm.drafts.draft` raises.
        """
        held = self._held.pop(known, None) or self._known(known)
        if held is not None:
            return held
        if (error := self._failed.pop(known, None)) is not None:
            raise error
        if image is None:
            raise LookupError("a content that is not known comes with its image")
        began = perf_counter()
        if self._check is not None:
            made = self._check(image, lines)
        else:
            made = _draft(draft(image, self._describer, "alt_text", self._language))
        self._put(known, made)
        return Words(made, "model", perf_counter() - began)

    def make(self, photos: Sequence[tuple[Known, Image]]) -> None:
        """Draft several contents in one go, so that `words` has them or knows why there are none.

        They are stored together as soon as they are there: a program that is killed while a model
        writes them has lost the work on these drafts, and nothing that was stored.
        """
        assert self._batches is not None
        new = {known: image for known, image in photos if not self.enough(known)}
        began = perf_counter()
        said = drafts([*new.values()], self._batches, "alt_text", self._language)
        seconds = (perf_counter() - began) / max(1, len(new))
        with self._catalogue.transaction():
            for known, text in zip(new, said, strict=True):
                if isinstance(text, VlmError):
                    self._failed[known] = text
                else:
                    self._put(known, made := _draft(text))
                    self._held[known] = Words(made, "model", seconds)

    def extended(self, known: Known, image: Image, words: Words) -> Words:
        """The same with all that a model says is there. Raises as `words` does."""
        began = perf_counter()
        told = draft(image, self._describer, "extended", self._language)
        made = replace(words.draft, extended=told)
        if words.author == "model":
            self._put(known, made)
        return Words(made, words.author, words.seconds + perf_counter() - began)

    def same(self, content: bytes, other: bytes) -> None:
        """Let another content, which is the same picture, have the draft of this one."""
        made = self._catalogue.draft(content, self.model, self.prompt)
        if made is not None:
            self._catalogue.put_draft(other, self.model, self.prompt, made)

    def _known(self, known: Known) -> Words | None:
        if not self._over_people:
            notes = self._catalogue.notes(known.digest, "alt")
            if notes and notes[0].author != "model":
                return Words(Draft(notes[0].value), notes[0].author)
            if known.alt:
                return Words(Draft(known.alt), "file")
        made = self._catalogue.draft(known.digest, self.model, self.prompt)
        return Words(made, "model") if made is not None else None

    def _put(self, known: Known, made: Draft) -> None:
        self._catalogue.put_draft(known.digest, self.model, self.prompt, made)


def _draft(said: str) -> Draft:
    return Draft(said, verdict="review") if is_unsure(said) else Draft(said)
