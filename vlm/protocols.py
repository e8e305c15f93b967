"""The two roles a model can have. Protocols know numpy and PIL only; backends import the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vlm.errors import VlmError

if TYPE_CHECKING:
    from PIL.Image import Image

Vectors: TypeAlias = NDArray[np.float32]
"""Rows of unit length, shape ``(n, dim)``, so that an inner product is a cosine similarity."""


Region: TypeAlias = tuple[float, float, float, float]
"""A box in a photo: left, top, right, bottom in shares of the upright photo's width and height."""


@dataclass(frozen=True, slots=True)
class ImageInput:
    """How an embedder wants its images: ``size`` by ``size`` pixels, RGB.

    ``fit`` says how any shape becomes a square: ``squash`` ignores the aspect ratio, ``crop``
    scales the short side to ``size`` and keeps the centre (the usual CLIP preprocessing).
    """

    size: int
    fit: Literal["squash", "crop"]


@dataclass(frozen=True, slots=True)
class SignWeights:
    """What each sign weighs that a text is answered by its best hits, in a logistic regression.

    `index.search.relevance.Signs` says what the signs are. ``size`` is the weight of the natural
    logarithm of the number of photos, since the nearest of more photos is nearer, and ``start``
    what is added. A sum of 0 is a chance of one half.
    """

    lead: float
    rivals: float
    spread: float
    text_spread: float
    nearness: float
    size: float
    start: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Cosine similarities that bound the relevance bands of one model.

    At ``strong`` and above most hits are right. Below ``maybe`` a best hit is most likely only
    the nearest of what is there; since the nearest of more photos is nearer, that bound is
    measured for libraries of several sizes: pairs of a number of photos and a similarity. Texts
    have a bound of their own each, found with ``weights`` or those for all models
    (`index.search.relevance`), so that this one serves photos with texts.
    """

    strong: float
    maybe: tuple[tuple[int, float], ...]
    weights: SignWeights | None = None

    def maybe_among(self, photos: int) -> float:
        """The bound for so many photos, between the sizes measured on a logarithmic scale.

        >>> bands = Calibration(strong=0.5, maybe=((100, 0.3), (10_000, 0.4)))
        >>> [round(bands.maybe_among(n), 2) for n in (1, 100, 1000, 1_000_000)]
        [0.3, 0.3, 0.35, 0.4]
        """
        sizes, bounds = zip(*self.maybe, strict=True)
        return float(np.interp(np.log(max(1, photos)), np.log(sizes), bounds))


@runtime_checkable
class Embedder(Protocol):
    """Images and texts into one space."""

    @property
    def name(self) -> str:
        """Name in the model table, or the folder of a local checkpoint."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors of before could not be compared with vectors of now."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    @property
    def image_input(self) -> ImageInput:
        """Size and fit that `vlm.images.fit_image` may apply ahead of `embed_images`."""

    @property
    def calibration(self) -> Calibration | None:
        """Relevance bands, or None for a model that was never calibrated."""

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """Embed RGB images of any size: shape ``(len(images), dim)``, in their order.

        An image that already went through `fit_image` gives the same vector as the original.
        """

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: shape ``(len(texts), dim)``, in their order; overlong ones are cut."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation, with the images that belong to it."""

    role: Literal["system", "user", "assistant"]
    text: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompts:
    """What to say to a describer for each task; None where it cannot do the task.

    ``answer`` holds ``{question}``. An empty text is a prompt too: models with a captioning
    head take no words. ``extended`` asks for a long description, ``tags`` for a list of nouns.
    ``language`` holds ``{language}`` and is added to ask for another one than English; it is None
    for models that speak nothing else.
    """

    caption: str | None
    detailed: str | None
    answer: str | None
    alt_text: str | None
    extended: str | None = None
    tags: str | None = None
    language: str | None = None
    family: str = ""

    @property
    def version(self) -> str:
        """Eight hexadecimal digits that change with any wording."""
        wording = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(wording.encode()).hexdigest()[:8]


@runtime_checkable
class Describer(Protocol):
    """Messages with images into text."""

    @property
    def name(self) -> str:
        """Name in the model table, folder of a local checkpoint, or ``openai:MODEL@URL``."""

    @property
    def prompts(self) -> Prompts:
        """The wording this model's family was trained on."""

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield the reply to the last message piece by piece, as soon as each is known."""


@runtime_checkable
class BatchDescriber(Describer, Protocol):
    """A describer that answers several requests in one go faster than one by one."""

    @property
    def batch_size(self) -> int:
        """How many requests it answers at once; giving it fewer at a time is slower."""

    def describe_many(
        self, requests: Sequence[Sequence[Message]], *, max_tokens: int = 128
    ) -> list[str | VlmError]:
        """The reply that `Describer.describe` gives to each request, in their order.

        The place of a request that cannot be answered holds the error that `describe` raises, and
        the others are answered. Sums of other numbers of rows are rounded otherwise, so where a
        model finds two words as good as equally likely, it may choose the other one.
        """


@runtime_checkable
class Sampler(Protocol):
    """A describer that can also draw replies at random: what varies among them is not certain."""

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Replies to the last message, ``count`` of them, drawn at random.

        A local model looks at the photo once for all of them, and draws the same for the same
        seed; a server may not.
        """


@runtime_checkable
class Recogniser(Protocol):
    """A model that says how likely it is that things are in a photo."""

    def chances(self, image: Image, things: Sequence[str]) -> list[float | None]:
        """Probability of each thing, named by an English noun; None for those it cannot tell."""

    def likely(self, image: Image, least: float) -> list[tuple[str, float]]:
        """Things of at least such a probability, the likeliest first."""


@runtime_checkable
class Answerer(Protocol):
    """A describer that says how sure it is of an answer."""

    def answer(self, image: Image, question: str) -> tuple[str, float | None]:
        """An answer and its probability, None where the model has none for it."""


@runtime_checkable
class Locator(Protocol):
    """A model that says where in a photo a thing is."""

    def where(self, image: Image, thing: str) -> Region | None:
        """The part of the photo that shows a thing, named in English; None where none is clear."""
