"""What all browser sessions share and load once: models, thumbnails, words about a photo.

Everything is keyed by the frozen `Settings` (or by a photo's digest), so another library or
another model never meets a stale value. Errors are not kept: the next run tries again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from platformdirs import user_cache_path

from index.decoding.decoders import decoders
from index.library import Library
from index.overview import Overview, overview
from index.records import Skipped
from ui import chosen as session_choice
from ui.library_page.jobs import Jobs
from ui.plain import counted
from ui.settings import Settings
from ui.thumbnails import Thumbnails
from ui.uploads import Photo
from vlm import tasks
from vlm.errors import LibraryError, LibraryMissing, PathMissing
from vlm.protocols import Describer, Embedder
from vlm.registry import load_describer, load_embedder
from vlm.runtime import Runtime, pick_runtime


def settings() -> Settings:
    """The settings of this browser session."""
    return session_choice.settings()


@st.cache_resource(show_spinner="Loading the search model…")
def embedder(chosen: Settings) -> Embedder:
    """The model that finds photos; raises what `load_embedder` raises."""
    return load_embedder(chosen.model)


@st.cache_resource(show_spinner="Loading the description model…")
def describer(chosen: Settings) -> Describer:
    """The model that writes about photos; raises what `load_describer` raises."""
    return load_describer(chosen.describer)


def photo_count(chosen: Settings) -> int | None:
    """How many photos can be searched; None where there is no library. Raises `LibraryError`."""
    held = counts(chosen)
    return None if held is None else held.models.get(chosen.model, 0)


def counts(chosen: Settings) -> Counts | None:
    """What is in the library, in numbers; None where there is none. Raises `LibraryError`."""
    try:
        return _counts(chosen.library, changed(chosen.library))
    except LibraryMissing:
        return None


def noted_share(chosen: Settings) -> str:
    """In how many photos text was read and how many have captions; "" where neither was begun.

    Raises `LibraryError`.
    """
    counts = _counts(chosen.library, changed(chosen.library))
    parts = [f"text read in {counts.read:,}"] if counts.read else []
    parts += [f"captions for {counts.captioned:,}"] if counts.captioned else []
    told = " and ".join(parts) + f" of {counted(counts.photos, 'photo')}"
    return told[0].upper() + told[1:] if parts else ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Photos in a library, by the models that search them, with text read and with captions."""

    photos: int
    models: Mapping[str, int]
    read: int
    captioned: int


@st.cache_resource(show_spinner=False, max_entries=4)
def _counts(folder: Path, changed: tuple[tuple[int, int], ...]) -> Counts:
    del changed  # a part of the key
    with Library.open(folder) as library:
        catalogue = library.catalogue
        read, captioned = catalogue.count_noted("ocr"), catalogue.count_noted("caption")
        return Counts(library.count(), dict(library.models()), read, captioned)


def library_exists(chosen: Settings) -> bool:
    """Whether there is a library, be it a damaged one."""
    try:
        return photo_count(chosen) is not None
    except LibraryError:
        return True


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The one long job of this server."""
    return Jobs()


@st.cache_resource(show_spinner=False)
def downloads() -> Jobs:
    """The one download of this server, beside its other job."""
    return Jobs()


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a library, and what could not be read."""

    overview: Overview
    counts: Counts
    refused: tuple[Skipped, ...]


def contents(chosen: Settings) -> Contents:
    """What the library holds now. Raises `LibraryMissing` and `LibraryError`."""
    now = changed(chosen.library)
    counts = _counts(chosen.library, now)
    held, refused = _contents(chosen.library, now)
    return Contents(held, counts, refused)


def changed(folder: Path) -> tuple[tuple[int, int], ...]:
    """What differs when anything in a library was changed: a part of the key of what is kept."""
    files = (folder / "catalogue.db", folder / "catalogue.db-wal")
    stats = [file.stat() for file in files if file.exists()]
    return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)


@st.cache_resource(show_spinner="Counting photos…", max_entries=4)
def _contents(
    folder: Path, changed: tuple[tuple[int, int], ...]
) -> tuple[Overview, tuple[Skipped, ...]]:
    del changed
    with Library.open(folder) as library:
        refused = sorted(library.catalogue.refused(decoders()).items())
        skipped = (Skipped(Path(os.fsdecode(path)), reason) for path, (_, _, reason) in refused)
        return overview(library.catalogue), tuple(skipped)


@st.cache_resource(show_spinner=False)
def runtime() -> Runtime:
    """Where models run, and why."""
    return pick_runtime()


def thumbnail(path: Path) -> bytes:
    """A small JPEG of a photo; raises as `vlm.images.read_image` does.

    Of a photo on a disk that is not connected now, the one that was made before, if there is one.
    """
    try:
        return thumbnails().get(path)
    except PathMissing:
        kept = None
        with suppress(LibraryError):  # it may be gone with the photo, which is what is told
            kept = _kept_thumbnail(settings().library, path)
        if kept is None:
            raise
        return kept


def _kept_thumbnail(folder: Path, path: Path) -> bytes | None:
    with Library.open(folder) as library:
        digest = library.catalogue.digests([path]).get(path)
        states = [] if digest is None else library.catalogue.photos_with(digest)
    known = next((state for state, _ in states if state.path == path), None)
    return None if known is None else thumbnails().kept(path, known.mtime_ns, known.size)


@st.cache_resource(show_spinner=False)
def thumbnails() -> Thumbnails:
    """Small pictures, kept for all sessions and in the user's cache folder."""
    return Thumbnails(user_cache_path("vlm-assistant", appauthor=False) / "thumbnails")


@st.cache_resource(show_spinner=False, max_entries=500)
def caption(chosen: Settings, _photo: Photo, digest: str) -> str:
    """A line about an uploaded photo; raises as `vlm.tasks.caption` does."""
    del digest  # the key of the photo
    return tasks.caption(_photo.image, describer(chosen))


@st.cache_resource(show_spinner=False, max_entries=500)
def alt_text(chosen: Settings, _photo: Photo, digest: str) -> str:
    """An alternative text for an uploaded photo; raises as `vlm.tasks.alt_text` does."""
    del digest
    return tasks.alt_text(_photo.image, describer(chosen))
