"""Photos of a conversation: as JPEGs of a size that models look at, decoded once while in use."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from PIL import Image

from ui.small_jpegs import small_jpeg
from ui.uploads import Photo
from vlm.images import decode_image

SIDE = 1280
"""Pixels of the longer side that are kept of an uploaded photo."""

QUALITY = 90
"""Of these JPEGs."""


def as_jpeg(photo: Photo) -> bytes:
    """What is kept of a photo: at most `SIDE` pixels a side, and nothing of its metadata."""
    return small_jpeg(photo.image, (SIDE, SIDE), quality=QUALITY)


@st.cache_resource(show_spinner=False, max_entries=32, scope="session")
def decoded(digest: str, _jpeg: Callable[[], bytes]) -> Image.Image:
    """The image of a digest: the same object for all turns, so that models know it again."""
    del digest  # the key of the photo
    return decode_image(_jpeg(), "photo.jpg")
