"""Which draft becomes the caption, and how sure the starter is of it: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vlm.alt.wording import final_stop
from vlm.starter.nouns import Nouns
from vlm.starter.settings import Settings
from vlm.starter.strategies import Floats
from vlm.starter.writer import Draft

_TAGS = 3
_LABEL = 0.3
"""An ImageNet label of at least this probability is among the tags."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A text in lower case without a stop, and how sure: see `Settings`."""

    text: str
    confidence: float


def shortlist(drafts: Sequence[Draft], use: Settings) -> list[Draft]:
    """The drafts worth a comparison with the photo, the likeliest first."""
    return sorted(drafts, key=lambda draft: -draft.per_word)[: use.compared]


def choose_caption(drafts: Sequence[Draft], cosines: Sequence[float], use: Settings) -> Caption:
    """The draft that is likeliest and closest to the photo, by the weights of the settings."""
    pairs = list(zip(drafts, cosines, strict=True))
    draft, cosine = max(pairs, key=lambda pair: pair[0].per_word + use.cosine * pair[1])
    return Caption(draft.text.rstrip(" ."), cosine + use.gate * draft.per_word)


def say_caption(caption: Caption | None, tags: Sequence[str], use: Settings) -> str:
    """A plain sentence, one with "probably", or what the photo may show at all.

    >>> say_caption(Caption("a dog runs", 0.4), ["dog"], Settings())
    'A dog runs.'
    >>> say_caption(Caption("a dog runs", 0.3), ["dog"], Settings())
    'Probably a dog runs.'
    >>> say_caption(Caption("a dog runs", 0.1), ["dog", "grass"], Settings())
    'Hard to say. Possibly: dog, grass.'
    """
    hedge = use.caption.hedge(caption.confidence) if caption else "unsure"
    if caption and hedge == "plain":
        return final_stop(caption.text[:1].upper() + caption.text[1:])
    if caption and (hedge == "probably" or not tags):
        return final_stop(f"Probably {caption.text}")
    return f"Hard to say. Possibly: {', '.join(tags)}." if tags else "Hard to say."


def likely_nouns(nouns: Nouns, odds: Floats, least: float) -> list[str]:
    """Known nouns of at least such log odds, the likeliest first, without the most general.

    >>> import numpy as np
    >>> nouns = Nouns(("animal", "cat", "dog", "grass"), wider={"dog": "animal"})
    >>> likely_nouns(nouns, np.array([3, -1, 2, 2.5], np.float32), 0.0)
    ['grass', 'dog']
    """
    ranked = [(nouns.known[row], float(odds[row])) for row in np.argsort(-odds, kind="stable")]
    return nouns.narrowest(noun for noun, logit in ranked if logit >= least)


def choose_tags(nouns: Sequence[str], labels: Sequence[str], shares: Floats) -> list[str]:
    """At most three words for what may be there: a likely ImageNet label, then nouns.

    >>> import numpy as np
    >>> choose_tags(["dog", "grass", "ball", "tree"], ["beagle"], np.array([0.7], np.float32))
    ['beagle', 'dog', 'grass']
    """
    best = int(shares.argmax())
    first = labels[best : best + 1] if shares[best] >= _LABEL else []
    return list(dict.fromkeys((*first, *nouns)))[:_TAGS]
