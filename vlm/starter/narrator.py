"""What the starter says about one photo: a caption, a longer description, or an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from PIL.Image import Image

from vlm.protocols import Region
from vlm.starter.answerer import BLACK_AND_WHITE, IN_OR_OUT, Reply, answered
from vlm.starter.captioner import (
    Caption,
    choose_caption,
    choose_tags,
    likely_nouns,
    say_caption,
    shortlist,
)
from vlm.starter.colour_reading import ColourReader
from vlm.starter.colours import Colours
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.locating import region_of
from vlm.starter.memory import Sight
from vlm.starter.presence import Witnesses
from vlm.starter.questions import Question
from vlm.starter.recognition import CLEARLY_SEEN, SEEN, main_thing
from vlm.starter.settings import Settings, read_settings
from vlm.starter.writer import Writer

_SURE = 0.8
"""Probability at which a description says whether it is indoors or outdoors."""
_BARE = 3
"""A caption of so few words names a thing and tells nothing of it."""
_UNLIKELY = 0.02
"""Chance below which the first thing of a caption is doubted. 1 % of the captions of Flickr8k dev
name such a thing, and of pictures unlike those most that are wrong: textures taken for balls."""
_LARGE = 0.15
"""Share of the area from which on a colour is a main colour."""


class Narrator:
    """The decoder beside an embedder, whose image graph it shares."""

    def __init__(self, embedder: StarterEmbedder) -> None:
        self._embedder = embedder

    def caption(self, image: Image) -> str:
        """One sentence, hedged where the photo and the caption are far apart."""
        sight = self._embedder.see(image)
        return say_caption(self._caption(sight), self._tags(sight), self._settings)

    def describe(self, image: Image) -> str:
        """The caption, what else may be there, whether it is outdoors, and the main colours."""
        sight = self._embedder.see(image)
        caption, tags = self._caption(sight), self._tags(sight)
        parts = [say_caption(caption, tags, self._settings)]
        if caption and self._settings.caption.hedge(caption.confidence) != "unsure":
            nouns = self._writer.words.nouns
            besides = nouns.unsaid(self._likely(sight), caption.text)[:2]
            if besides:
                parts.append(f"It may also show {' and '.join(map(nouns.phrase, besides))}.")
        odds = self._writer.choose(sight, IN_OR_OUT, ("indoors", "outdoors"))
        place = max(odds, key=lambda choice: odds[choice])
        if odds[place] > math.log(_SURE):
            parts.append(f"It seems to be taken {place}.")
        return " ".join((*parts, say_colours(Colours(image))))

    def samples(self, image: Image, count: int, seed: int) -> list[str]:
        """Captions drawn at random, in lower case and without a stop."""
        drawn = self._writer.samples(self._embedder.see(image), count=count, seed=seed)
        return [text.rstrip(" .") for text in drawn]

    def chances(self, image: Image, things: Sequence[str]) -> list[float | None]:
        """Probability that people who describe the photo name each thing; None for unknown nouns.

        The noun head was trained for that. What ImageNet's classifier sees is there as well.
        """
        sight = self._embedder.see(image)
        main = self._main_thing(sight)
        return [self._chance(sight, main, thing) for thing in things]

    def likely(self, image: Image, least: float) -> list[tuple[str, float]]:
        """Nouns of at least such a probability, the likeliest first, without the most general."""
        nouns, odds = self._writer.words.nouns, self._embedder.see(image).memory.nouns
        chosen = likely_nouns(nouns, odds, math.log(least / (1 - least)))
        return [(noun, _share(float(odds[nouns.row(noun)]))) for noun in chosen]

    def where(self, image: Image, thing: str) -> Region | None:
        """Roughly the part of the photo that shows a thing; None where none is clear."""
        nouns = self._writer.words.nouns
        named = nouns.meant(thing) or thing
        return region_of(self._embedder.heat_map(image, f"a photo of {nouns.phrase(named)}"))

    def answer(self, image: Image, question: Question, asked: str) -> str:
        """A few words, or a no to what the starter cannot do."""
        return self.answered(image, question, asked)[0]

    def answered(self, image: Image, question: Question, asked: str) -> Reply:
        """The same, with the probability of the answer where it has one."""
        photo = witnesses(self._embedder, self._writer, self._reader, image, self._settings)
        return answered(question, asked, photo)

    def _caption(self, sight: Sight) -> Caption | None:
        drafts = shortlist(self._writer.captions(sight), self._settings)
        if not drafts:
            return None
        vectors = self._embedder.embed_texts([draft.text for draft in drafts])
        chosen = choose_caption(drafts, (vectors @ sight.vector).tolist(), self._settings)
        nouns, main = self._writer.words.nouns, self._main_thing(sight)
        thing, share = main
        plain = self._settings.caption.plain
        if share >= CLEARLY_SEEN and len(chosen.text.split()) <= _BARE:
            # Of a thing alone, ImageNet's classifier knows more names than captions do.
            return Caption(nouns.phrase(thing), max(chosen.confidence, plain))
        first = nouns.first_in(chosen.text)
        chance = self._chance(sight, main, first) if first else None
        if chance is not None and chance < _UNLIKELY:
            return replace(chosen, confidence=-1.0)  # no cosine is lower
        return chosen

    def _main_thing(self, sight: Sight) -> tuple[str, float]:
        words = self._writer.words
        return main_thing(words.labels, sight.labels(), words.nouns)

    def _chance(self, sight: Sight, main: tuple[str, float], thing: str) -> float | None:
        nouns, (seen, share) = self._writer.words.nouns, main
        noun = nouns.meant(thing)
        clear = share if share >= SEEN and seen in (thing, noun) else None
        if noun is None:
            return clear
        return max(clear or 0.0, _share(float(sight.memory.nouns[nouns.row(noun)])))

    def _tags(self, sight: Sight) -> list[str]:
        return choose_tags(self._likely(sight), self._writer.words.labels, sight.labels())

    def _likely(self, sight: Sight) -> list[str]:
        nouns, odds = self._writer.words.nouns, sight.memory.nouns
        # There is always a noun to name, however unlikely.
        return likely_nouns(nouns, odds, min(self._settings.tag, float(odds.max())))

    @cached_property
    def _settings(self) -> Settings:
        return read_settings(self._embedder.folder)

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self._embedder.tokenizer, self._settings, self._embedder.folder)

    @cached_property
    def _reader(self) -> ColourReader:
        return ColourReader(self._embedder.folder)


def witnesses(
    embedder: StarterEmbedder,
    writer: Writer,
    reader: ColourReader,
    image: Image,
    settings: Settings,
) -> Witnesses:
    """What may be asked about a photo, each answered when it is asked."""
    sight = embedder.see(image)

    def fit(text: str) -> float:
        return float(embedder.embed_texts([text])[0] @ sight.vector)

    def near(thing: str) -> dict[str, float]:
        return reader.odds(image, sight, embedder.embed_texts([f"a photo of a {thing}"])[0])

    return Witnesses(sight, writer, fit, near, Colours(image), settings)


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def say_colours(colours: Colours) -> str:
    """A sentence on the main colours of a photo."""
    if colours.colourless:
        return BLACK_AND_WHITE
    main = [colour for colour, share in colours.shares.items() if share >= _LARGE]
    return f"Main colours: {', '.join(main[:3])}."
