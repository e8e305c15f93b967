"""What files of cameras are called; here, so that asking for a type needs no Pillow."""

from __future__ import annotations

RAW_SUFFIXES = frozenset(
    {".cr2", ".cr3", ".nef", ".nrw", ".arw", ".dng", ".orf", ".raf", ".rw2", ".pef", ".srw"}
)
"""Suffixes, in lower case, of RAW files."""

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mts", ".m2ts", ".mpg", ".mpeg"}
)
"""Suffixes, in lower case, of videos."""
