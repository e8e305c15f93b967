"""What an image is to be called in its place: kept, decided by the page alone, or described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from index.records import Skipped
from ui.alt.contents import Content
from ui.alt.drafting import Drafter, Words
from ui.alt.options import Options
from ui.alt.places import Place, Unit
from ui.describing import AltText, Status
from vlm.alt.compose import Alternative, compose
from vlm.alt.roles import role_of

if TYPE_CHECKING:
    from PIL.Image import Image

NOTHING = "nothing can be said about it: describe it by hand"
REJECTED = "a person rejected what this model says about it: describe it by hand"


@dataclass(frozen=True, slots=True)
class Text:
    """The text in a photo, a line each, and the share of its area that it covers, if known."""

    lines: str = ""
    share: float | None = None


ReadText: TypeAlias = Callable[[bytes, Path], Text]
"""Of a content, which the file holds; that is read only where its text is not known."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a place is to say; ``digest`` is the content that was looked at, if any was."""

    place: Place
    told: AltText
    digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Decider:
    """``read_text`` is None where the text in photos is not read; ``look`` reads a photo again."""

    options: Options
    drafter: Drafter
    look: Callable[[Path], Image]
    read_text: ReadText | None = None

    def from_page(self, unit: Unit, place: Place) -> Decided | Skipped | None:
        """What the page alone decides, or why nothing can be; None where it takes a look."""
        image, context = place.image, place.context
        if image is not None and context.alt is not None and not self.options.replace:
            told = AltText(_shown(unit, place), context.alt, "", 0.0, "kept", "page")
            return _decided(unit, place, replace(told, role=role_of(context).role))
        if image is not None and image.edit is None:
            return skipped(unit, place, image.fixed)
        if image is not None:
            alone = compose("", context, max_length=self.options.max_length)
            certain = alone.role == "functional" and bool(alone.alt) and self.read_text is None
            if alone.role == "decorative" or certain:
                told = AltText(_shown(unit, place), alone.alt or "", "", 0.0, "new", "page")
                return _decided(unit, place, replace(told, role=alone.role))
        return skipped(unit, place, place.refused) if place.photo is None else None

    def from_photo(self, unit: Unit, place: Place, content: Content) -> Decided | Skipped:
        """What there is to say of a photo in its place; raises what asking a model raises."""
        digest, text = content.known.digest, Text()
        assert place.photo is not None
        if self.read_text is not None:
            text = self.read_text(digest, place.photo)
        words = self.drafter.words(content.known, content.image, text.lines.splitlines())
        if words.draft.verdict == "rejected":
            return skipped(unit, place, REJECTED)
        if unit.kind == "photo" and words.author != "model":
            kept = Alternative(words.draft.alt, "", "informative", ())
            return _decided(unit, place, self._told(unit, place, words, kept, "kept"), digest)
        said = self._composed(words, place, text)
        complicated = unit.kind == "photo" and said.role == "complex" and not words.draft.extended
        if complicated and self.drafter.can_extend:
            image = content.image or self.look(place.photo)
            words = self.drafter.extended(content.known, image, words)
            said = self._composed(words, place, text)
        if said.alt is None:
            return skipped(unit, place, NOTHING)
        status: Status = "review" if words.draft.verdict == "review" else "new"
        return _decided(unit, place, self._told(unit, place, words, said, status), digest)

    def _composed(self, words: Words, place: Place, text: Text) -> Alternative:
        draft = words.draft
        composed = compose(
            draft.alt,
            place.context,
            text_in_image=text.lines,
            extended=draft.extended or "",
            max_length=self.options.max_length,
            text_share=text.share,
        )
        if words.author == "model" or composed.role in ("decorative", "functional"):
            return composed
        return replace(composed, alt=draft.alt)  # a person's words are not worded again

    def _told(
        self, unit: Unit, place: Place, words: Words, said: Alternative, status: Status
    ) -> AltText:
        model = self.drafter.model if words.author == "model" else ""
        shown, alt = _shown(unit, place), said.alt or ""
        role, extended = said.role, said.extended
        return AltText(shown, alt, model, words.seconds, status, words.author, role, extended)


def skipped(unit: Unit, place: Place, reason: str) -> Skipped:
    """The line about an image that is left as it is."""
    if unit.kind == "photo":
        return Skipped(unit.path, reason)
    src = place.context.src
    named = src if len(src) <= 60 else f"{src[:59]}\u2026"
    return Skipped(Path(f"{unit.path}:{place.line}"), f"{named or 'an image'}: {reason}")


def _shown(unit: Unit, place: Place) -> Path:
    """The photo as far as it is known."""
    return place.photo or (unit.path if unit.kind == "photo" else Path(place.context.src))


def _decided(unit: Unit, place: Place, told: AltText, digest: bytes | None = None) -> Decided:
    if unit.kind != "photo":
        told = replace(told, page=unit.path, line=place.line)
    return Decided(place, told, digest)
