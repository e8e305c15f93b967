"""How fast the models in use are on this machine: measured on drawn pictures, never promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from time import perf_counter

import streamlit as st
from PIL import Image

from ui import resources
from ui.components import show_errors
from ui.plain import counted, escaped
from ui.settings import Settings
from vlm.errors import VlmError
from vlm.protocols import Describer, Embedder, Message
from vlm.tasks import task_prompt

_SIZE = (640, 480)
_PHOTOS, _QUERIES = 8, 4
_ROOM = 40
"""Tokens that a caption may take."""

_shade = count()


@dataclass(frozen=True, slots=True)
class Said:
    """A caption: seconds to its first piece and to its end, and its words."""

    first: float
    seconds: float
    words: int


@dataclass(frozen=True, slots=True)
class Found:
    """Photos that a search model takes in a second, and seconds for a query."""

    photos_per_second: float
    query: float


def speeds(chosen: Settings) -> None:
    """Draw a button that measures, and what came out."""
    st.header("How fast is it here?", anchor=False)
    if not st.button("Measure the models in use", icon=":material/timer:", key="measure"):
        st.text("Takes some seconds: drawn pictures are described and looked at, none of yours.")
        return
    # Loaded first, with a round that is not counted.
    _told(lambda: _searching(chosen), key="pace-search")
    _told(lambda: _describing(chosen), key="pace-describe")


def _told(measure: Callable[[], str], *, key: str) -> None:
    try:
        with st.spinner("Measuring…"):
            words = measure()
    except VlmError as error:
        show_errors([error])
    else:
        with st.container(key=key):
            st.markdown(f":material/timer: {escaped(words)}")


def _searching(chosen: Settings) -> str:
    model = resources.embedder(chosen)
    found_speed(model, 1)
    found = found_speed(model, _PHOTOS)
    rate = f"{found.photos_per_second:.1f}"
    return (
        f"{model.name} looks at {rate} pictures a second when it indexes, besides reading their "
        f"files, and takes {_seconds(found.query)} for the words of a search."
    )


def _describing(chosen: Settings) -> str:
    model = resources.describer(chosen)
    said_speed(model)
    said = said_speed(model)
    return (
        f"{model.name} wrote {counted(said.words, 'word')} about a picture in "
        f"{_seconds(said.seconds)}, the first after {_seconds(said.first)}."
    )


def found_speed(model: Embedder, photos: int) -> Found:
    """Measure a search model on so many pictures that it never saw."""
    images = [picture() for _ in range(photos)]
    began = perf_counter()
    model.embed_images(images)
    looked = perf_counter()
    for number in range(_QUERIES):
        model.embed_texts([f"a picture, number {number} of {next(_shade)}"])
    asked = perf_counter()
    return Found(photos / (looked - began), (asked - looked) / _QUERIES)


def said_speed(model: Describer) -> Said:
    """Measure a caption of a picture that the model never saw. Raises `TaskUnsupported`."""
    message = Message("user", task_prompt("caption", model), (picture(),))
    began = perf_counter()
    pieces = list(_timed(model.describe([message], max_tokens=_ROOM)))
    first = next((at for at, piece in pieces if piece.strip()), perf_counter())
    words = len("".join(piece for _, piece in pieces).split())
    return Said(first - began, perf_counter() - began, words)


def _timed(pieces: Iterator[str]) -> Iterator[tuple[float, str]]:
    for piece in pieces:
        yield perf_counter(), piece


def picture() -> Image.Image:
    """A drawn picture that is another one each time, so that no model has its features at hand."""
    shade = next(_shade) % 256
    bands = [
        Image.linear_gradient("L"),
        Image.radial_gradient("L"),
        Image.new("L", (256, 256), shade),
    ]
    drawn = Image.merge("RGB", bands).resize(_SIZE)
    drawn.putpixel((shade, 0), (shade, 0, 255 - shade))
    return drawn


def _seconds(seconds: float) -> str:
    """A short time as a person says it.

    >>> _seconds(0.0123), _seconds(0.44), _seconds(12.3)
    ('12 ms', '0.4 s', '12 s')
    """
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
