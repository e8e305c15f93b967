"""The JSON of requests and replies. Replies have the keys that the command line's `--json` has.

`ui.shapes` makes those; here they are described for the OpenAPI document, and photos get their
``digest``, the SHA-256 of their content, by which they are asked for.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ui.serving.desk import Held
from vlm.alt.wording import MAX_LENGTH


class Hit(BaseModel):
    """A photo found."""

    path: str
    digest: str | None = Field(description="SHA-256 of the content; names the photo elsewhere here")
    score: float = Field(description="Cosine similarity; 0 where nothing but filters was asked")
    band: Literal["strong", "maybe", "weak"]
    why: dict[str, float]
    taken_at: str | None


class Found(BaseModel):
    """What a search came to: the keys of `vlm search --json`, and a digest for each hit."""

    query: str
    model: str
    seconds: float
    answer: Literal["matches", "nothing"]
    hits: list[Hit]


class Note(BaseModel):
    """Words about a photo, and who wrote them when."""

    kind: Literal["caption", "alt", "extended", "ocr", "tags"]
    text: str
    author: Literal["human", "file", "model"]
    model: str | None
    made_at: str


class Photo(BaseModel):
    """What the library knows of a photo."""

    digest: str
    path: str
    format: str
    width: int
    height: int
    bytes: int
    taken_at: str | None
    camera: str | None
    lens: str | None
    rating: int | None
    title: str | None
    description: str | None
    alt_text: str | None
    extended_description: str | None
    keywords: list[str]
    place: str | None
    latitude: float | None
    longitude: float | None
    notes: list[Note]


class Described(Photo):
    """The same, with a caption by a model."""

    caption: str
    model: str


class Asked(BaseModel):
    """A photo to write about: of the library, or sent along. Exactly one of the two."""

    model_config = ConfigDict(extra="forbid")

    photo: str | None = Field(None, description="Digest of a photo of the library")
    image: str | None = Field(None, description="An image as a data:image/…;base64,… URL")


class CaptionAsked(Asked):
    """What `vlm caption` takes."""

    detailed: bool = Field(False, description="A few sentences instead of one line")
    language: str = "en"


class QuestionAsked(Asked):
    """What `vlm ask` takes."""

    question: str


class AltAsked(Asked):
    """What `vlm alt` takes for one photo."""

    max_length: int = Field(MAX_LENGTH, ge=10, le=2000, description="Characters")
    language: str = "en"


class SimilarAsked(Asked):
    """A photo to find others like it."""

    k: int = Field(12, ge=1, le=200)


class Written(BaseModel):
    """A photo that was written about; ``path`` is the file name for one that was sent along."""

    path: str
    digest: str
    model: str
    seconds: float


class Captioned(Written):
    """The keys of `vlm caption --json`, and the digest."""

    caption: str


class Answered(Written):
    """The keys of `vlm ask --json`, and the digest."""

    question: str
    answer: str


class AltText(Written):
    """The main keys of `vlm alt --json`, and the digest."""

    alt_text: str


class Tag(BaseModel):
    """A noun, and how likely people would name it; null where the model tells none."""

    name: str
    probability: float | None


class Tagged(Written):
    """What can be seen, the likeliest first."""

    tags: list[Tag]


class Health(BaseModel):
    """Whether the server runs, and the library is there."""

    status: Literal["ok"]
    library: Literal["ok", "missing", "broken"]


class Wrong(BaseModel):
    """What is wrong with a request."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class Error(BaseModel):
    """The body of every reply that is an error; the shape is OpenAI's."""

    error: Wrong


def photo_shape(held: Held) -> dict[str, Any]:
    """What `Photo` describes."""
    state, facts = held.state, held.facts
    same = ("format", "width", "height", "taken_at", "camera", "lens", "rating", "title", "place")
    more = ("description", "alt_text", "extended_description", "latitude", "longitude")
    return {
        "digest": state.hash.hex(),
        "path": str(state.path),
        "bytes": state.size,
        **{name: getattr(facts, name) for name in (*same, *more)},
        "keywords": list(facts.keywords),
        "notes": [
            {
                "kind": note.kind,
                "text": note.value,
                "author": note.author,
                "model": note.model,
                "made_at": note.made_at,
            }
            for note in held.notes
        ],
    }
