"""Texts said aloud: by the browser, and as a sound file where espeak-ng is installed."""

from ui.speech.control import read_aloud

__all__ = ["read_aloud"]
