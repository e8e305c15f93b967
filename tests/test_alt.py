"""Alt-text rules: examples from their sources, and laws."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vlm.alt.wording import clean, tidy

lengths = st.integers(2, 200)
words = st.lists(st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True), min_size=1, max_size=60)


@given(text=st.text(max_size=300), limit=lengths)
@example(text="ŉ photo of x", limit=9)
@example(text="." * 200 + "a", limit=20)
def test_tidying_twice_changes_nothing(text: str, limit: int) -> None:
    once = tidy(text, max_length=limit)
    assert tidy(once, max_length=limit) == once


@given(text=st.text(max_size=300), limit=lengths, name=st.text(max_size=12))
def test_the_file_name_rule_is_stable_too(text: str, limit: int, name: str) -> None:
    once = tidy(text + name, max_length=limit, file_name=name)
    assert tidy(once, max_length=limit, file_name=name) == once


@given(text=st.text(max_size=400), limit=lengths)
def test_no_text_is_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(tidy(text, max_length=limit)) <= limit


@given(parts=words, limit=lengths)
def test_words_never_become_nothing_and_end_in_a_stop(parts: list[str], limit: int) -> None:
    text = tidy(" ".join(parts), max_length=limit)
    assert any(c.isalnum() for c in text)
    assert text.endswith(".")


@given(parts=words)
def test_a_cut_falls_between_words(parts: list[str]) -> None:
    text = tidy(" ".join(parts), max_length=40)
    known = {part.lower() for part in parts}
    assert all(word.lower() in known for word in text.rstrip(".").split())


@given(text=st.text(max_size=100))
def test_nothing_invisible_is_left(text: str) -> None:
    kept = clean(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in kept)
    assert "\u202e" not in kept
    assert "  " not in kept


@pytest.mark.parametrize(
    ("said", "alt"),
    [
        ("a photo of a cat", "A cat."),
        ("An image of an image of a cat", "A cat."),
        ("This is a picture of two boats.", "Two boats."),
        ("The image shows a red barn", "A red barn."),
        ("In this photo, a man sleeps", "A man sleeps."),
        ("Alt text: “A dog on a beach”", "A dog on a beach."),
        ("photo of", "Photo of."),
        ("a photographer in a field", "A photographer in a field."),
        ("a painting of a ship", "A painting of a ship."),
        ("A cat!", "A cat!"),
        ("   ", ""),
        ("...", ""),
    ],
)
def test_openings_go_and_the_rest_stays(said: str, alt: str) -> None:
    assert tidy(said) == alt


def test_a_text_that_is_only_the_file_name_is_no_alt_text() -> None:
    assert tidy("IMG_0042.jpg", file_name="/holiday/IMG_0042.jpg") == ""
    assert tidy("img_0042", file_name="IMG_0042.jpg") == ""


def test_a_descriptive_file_name_may_be_said() -> None:
    assert tidy("chelsea the cat", file_name="chelsea.png") == "Chelsea the cat."


def test_a_long_text_ends_with_its_last_whole_sentence() -> None:
    text = (
        "A man rides a brown horse along the beach. " + "The sea is calm and very blue today " * 9
    )
    assert tidy(text, max_length=60) == "A man rides a brown horse along the beach."


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        tidy("a cat", max_length=1)
