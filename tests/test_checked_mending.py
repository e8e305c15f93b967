"""What is left of a description reads as English: articles, words said twice, two of a kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlm.checked.mending import mended
from vlm.checked.vocabulary import known_nouns


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # what is not counted has no "a"
        ("A dog on a grass.", "A dog on grass."),
        ("A man in a white snow is sitting.", "A man in white snow is sitting."),
        ("Perhaps a mail.", "Perhaps mail."),
        ("Perhaps a grazing.", "Perhaps grazing."),
        ("A ice.", "Ice."),
        ("A dog on a snow covered hill.", "A dog on a snow covered hill."),
        ("A child at a water fountain.", "A child at a water fountain."),
        ("A painting on a building.", "A painting on a building."),
        # a, an
        ("A man on top of a ocean.", "A man on top of an ocean."),
        ("An red car.", "A red car."),
        ("A unicycle.", "A unicycle."),
        # two of a kind
        ("A person and a person are standing.", "Two people are standing."),
        ("Perhaps a child and a child.", "Perhaps two children."),
        ("A man and a man, possibly wearing a hat.",
         "A man and another man, possibly wearing a hat."),
        ("A man and a dog.", "A man and a dog."),
        ("A dog and a dog house.", "A dog and a dog house."),
        # said twice
        ("A person on top of a sled sled.", "A person on top of a sled."),
        ("A man wearing a white hat and white hat.", "A man wearing a white hat."),
        ("A man wearing a hat and hat is sitting.", "A man wearing a hat is sitting."),
        ("A man goes over and over a hill.", "A man goes over and over a hill."),
    ],
)  # fmt: skip
def test_a_sentence_is_mended(said: str, left: str) -> None:
    assert mended(said, known_nouns()) == left


WORDS = ["a", "an", "dog", "grass", "snow", "ocean", "man", "and", "is", "hat", "white", "ing", "."]


@given(text=st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(max_size=40))
def test_mending_adds_no_thing(text: str) -> None:
    found = mended(text, known_nouns())
    added = set(found.lower().split()) - set(text.lower().split())
    assert {word.strip(".,") for word in added} <= {"a", "an", "two", "another", "dogs", "men",
                                                    "hats", "oceans", "snows", ""}  # fmt: skip
