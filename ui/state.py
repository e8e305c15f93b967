"""What one browser session remembers, typed: views do not touch `st.session_state` themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from ui.focus import lead_focus
from ui.forgetting import forget_files
from ui.uploads import MAX_PHOTOS, Photo, Upload, added_again, read_uploads
from vlm.errors import VlmError
from vlm.tags import Tag

_UPLOADER = '[class*="st-key-describe_upload_"] button'


@dataclass(slots=True)
class Described:
    """A photo on the Describe page, with what was said about it. ``alt`` may have been edited."""

    photo: Photo
    caption: str = ""
    alt: str = ""
    extended: str = ""
    tags: list[Tag] | None = None
    answers: list[tuple[str, str]] = field(default_factory=list)
    error: VlmError | None = None


@dataclass(slots=True)
class Desk:
    """The Describe page: its photos by digest, uploads that failed, and the uploader's turn.

    ``told`` is what screen readers were last told.
    """

    photos: dict[str, Described] = field(default_factory=dict)
    errors: tuple[VlmError, ...] = ()
    uploads: int = 0
    told: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was said about the last picture of the camera; ``number`` counts them."""

    number: int = 0
    said: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the last decision on the Review page came to, and lines about what was left."""

    what: str = ""
    left: tuple[str, ...] = ()
    errors: tuple[VlmError, ...] = ()


def desk() -> Desk:
    """The Describe page's photos; change it in place."""
    kept: Desk = st.session_state.setdefault("desk", Desk())
    return kept


def seen() -> Seen:
    """What was said about the last picture of the camera."""
    kept: Seen = st.session_state.get("seen", Seen())
    return kept


def remember_seen(said: Seen) -> None:
    """Keep the words about a picture of the camera, and not the picture."""
    st.session_state["seen"] = said


def forget_seen() -> None:
    """The camera is off."""
    st.session_state.pop("seen", None)


def last_review() -> Reviewed:
    """The last decision on the Review page."""
    kept: Reviewed = st.session_state.get("reviewed", Reviewed())
    return kept


def tell_review(reviewed: Reviewed) -> None:
    """Keep a decision, to be told when the page is drawn next."""
    st.session_state["reviewed"] = reviewed


def typed(key: str, default: str) -> str:
    """The words in a text field, or the default where there is no such field."""
    words: str | None = st.session_state.get(key, default)
    return words or ""


def add_to_desk(key: str) -> None:
    """Put what an uploader holds on the Describe page, each photo once, and empty the uploader.

    As many as there is room for. The server forgets the files themselves.
    """
    files: Sequence[Upload] = st.session_state.get(key) or ()
    put_on_desk(files)
    forget_files(files)
    desk().uploads += 1
    lead_focus(_UPLOADER)


def put_on_desk(files: Sequence[Upload]) -> None:
    """Put files on the Describe page, each photo once, as many as there is room for."""
    kept = desk()
    photos, kept.errors = read_uploads(files, MAX_PHOTOS - len(kept.photos))
    for photo in photos:
        there = kept.photos.get(photo.digest)
        if there is None:
            kept.photos[photo.digest] = Described(photo)
        else:
            there.photo = added_again(there.photo, photo.name)


def clear_desk() -> None:
    """Forget the Describe page's photos; a new uploader takes the place of the old one."""
    st.session_state["desk"] = Desk(uploads=desk().uploads + 1, told="All photos are removed.")
    lead_focus(_UPLOADER)
