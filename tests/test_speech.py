"""Texts said aloud: cut into sentences, and spoken into a file by the real espeak-ng."""

from __future__ import annotations

import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ui.errors import SpeechFailed
from ui.speech import espeak
from ui.speech.sentences import LONGEST, sentences

needs_espeak = pytest.mark.skipif(espeak.speaker() is None, reason="espeak-ng is not installed")


def seconds(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getnframes() / file.getframerate()


@given(some.text(alphabet="ab .,!?。\n\"')", max_size=900))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    pieces = sentences(text)
    assert all(0 < len(piece) <= LONGEST for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_closing_quote_stays_with_its_sentence() -> None:
    assert sentences('He said "Stop!" Then he ran.') == ['He said "Stop!"', "Then he ran."]


def test_a_number_is_no_end_of_a_sentence() -> None:
    assert sentences("It costs 3.50 or more.") == ["It costs 3.50 or more."]


@needs_espeak
def test_a_longer_text_takes_longer_to_say() -> None:
    short, long = espeak.wav("A dog."), espeak.wav("A brown dog runs along the beach at noon.")
    assert 0.2 < seconds(short) < seconds(long)


@needs_espeak
def test_a_text_is_data_and_no_option_markup_or_phoneme() -> None:
    assert seconds(espeak.wav("-q --version")) > 1  # as options these would be silent
    tagged = espeak.wav("<audio src='/etc/passwd'/> a dog")
    assert seconds(tagged) > seconds(espeak.wav("a dog"))
    assert seconds(espeak.wav("[[h@l'oU]] a dog [[" + "a" * 40 + "]]")) > 1
    assert seconds(espeak.wav("odd \ud800 \x00 letters")) > 0.2


@needs_espeak
def test_a_language_without_a_voice_is_told() -> None:
    with pytest.raises(SpeechFailed, match="espeak-ng"):
        espeak.wav("A dog.", "xx")


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        (" ", "en", "nothing to say"),
        ("a" * 5_001, "en", "5,001 characters"),
        ("A dog.", "-w/tmp/x", "no tag of a language"),
    ],
)
def test_what_cannot_be_spoken_is_told(
    text: str, language: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espeak, "speaker", lambda: "espeak-ng")
    with pytest.raises(SpeechFailed, match=told):
        espeak.wav(text, language)


def test_where_espeak_is_missing_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SpeechFailed, match="not installed"):
        espeak.wav("A dog that nobody hears.")
