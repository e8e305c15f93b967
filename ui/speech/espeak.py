"""A text as a sound file, spoken by espeak-ng (https://github.com/espeak-ng/espeak-ng)."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from ui.errors import SpeechFailed

LONGEST = 5_000
"""Characters: about six minutes and 16 MB of sound."""

_SECONDS = 60
_VOICE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def speaker() -> str | None:
    """Path of espeak-ng; None where it is not installed."""
    return shutil.which("espeak-ng")


@lru_cache(maxsize=8)
def wav(text: str, language: str = "en") -> bytes:
    """The text spoken: a WAV file, mono, 16 bit. Raises `SpeechFailed`.

    ``language`` is a BCP 47 tag such as "en" or "pt-BR" that espeak-ng has a voice for.
    """
    program = speaker()
    if program is None:
        raise SpeechFailed("espeak-ng is not installed")
    if not text.strip():
        raise SpeechFailed("there is nothing to say")
    if len(text) > LONGEST:
        raise SpeechFailed(f"the text has {len(text):,} characters; {LONGEST:,} are the limit")
    if _VOICE.fullmatch(language) is None:
        raise SpeechFailed(f"{language!r} is no tag of a language")
    with tempfile.TemporaryDirectory(prefix="vlm-speech-") as folder:
        file = Path(folder) / "speech.wav"
        command = [program, "-b", "1", "-v", language.lower(), "-w", str(file), "--stdin"]
        _run(command, _harmless(text))
        return file.read_bytes()


def _run(command: list[str], text: str) -> None:
    try:
        subprocess.run(
            command, input=text.encode(), capture_output=True, check=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise SpeechFailed(f"espeak-ng took longer than {_SECONDS} seconds") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip() or f"exit status {error.returncode}"
        raise SpeechFailed(f"espeak-ng: {said}") from None
    except OSError as error:
        raise SpeechFailed(error.strerror or str(error)) from None


def _harmless(text: str) -> str:
    """The text without what espeak-ng reads as phonemes, ``[[…]]``, and without control codes."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain.replace("[[", "[ [").encode(errors="replace").decode()
