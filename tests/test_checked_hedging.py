"""Where the one "possibly" of a sentence stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlm.checked.hedging import Said, doubted, guesses, one_sentence
from vlm.checked.phrases import read_sentences
from vlm.checked.vocabulary import known_nouns


def said(*parts: str) -> str:
    """A sentence of parts; "?" before one marks it as doubtful."""
    text = " ".join(part.removeprefix("?") for part in parts)
    [sentence] = read_sentences(text, known_nouns())
    assert len(sentence.pieces) == len(parts)
    pieces = (
        Said(text[piece.start : piece.end], piece, doubted=part.startswith("?"))
        for piece, part in zip(sentence.pieces, parts, strict=True)
    )
    return one_sentence(list(pieces))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        # the last words
        (["A surfer", "is riding a wave", "?in the ocean."],
         "A surfer is riding a wave, possibly in the ocean."),
        (["Two dogs", "are playing", "?with a ball."],
         "Two dogs are playing, possibly with a ball."),
        (["A man", "?holding a ball."], "A man, possibly holding a ball."),
        # several that follow each other share the word
        (["A person", "is sitting", "?on a couch", "?in a living room."],
         "A person is sitting, possibly on a couch in a living room."),
        (["A dog", "?with a ball", "?and a stick."], "A dog, possibly with a ball and a stick."),
        # in the middle: at the end where only a place comes after, else where it was
        (["A child", "?in a red shirt", "is playing."],
         "A child is playing, possibly in a red shirt."),
        (["A person", "?in a red shirt", "in the street."],
         "A person in the street, possibly in a red shirt."),
        (["A man", "?in a hat", "is holding a dog."],
         "A man, possibly in a hat, is holding a dog."),
        (["A man", "is standing", "?on a sidewalk", "next to a dog."],
         "A man is standing, possibly on a sidewalk, next to a dog."),
        # apart from each other: one word for both
        (["A girl", "?in a green shirt", "is standing", "?on a swing."],
         "A girl is standing, possibly on a swing and in a green shirt."),
        # where neither can be moved, the last one stays
        (["A man", "?in a hat", "is holding a dog", "?in a park."],
         "A man is holding a dog, possibly in a park."),
        # before a verb, after "and", after "is"
        (["A man", "?is riding a horse."], "A man is possibly riding a horse."),
        (["A man", "?rides a horse", "on a beach."], "A man possibly rides a horse on a beach."),
        (["A man", "?and a woman", "are sitting."], "A man and possibly a woman are sitting."),
        (["A dog", "is", "?on a couch", "near a tree."],
         "A dog is possibly on a couch near a tree."),
        (["A man", "?and a woman", "are sitting", "?on a bench."],
         "A man and possibly a woman are sitting."),
        # what opens with doubt needs no more of it
        (["Probably a man", "is standing", "?on a bench."],
         "Probably a man is standing on a bench."),
        (["?A living room", "?with a red couch", "?and white couch."],
         "Perhaps a living room with a red couch and white couch."),
        (["?A man", "is riding a horse."], "Perhaps a man is riding a horse."),
    ],
)  # fmt: skip
def test_a_doubt_is_said_once_and_where_people_would_say_it(
    parts: list[str], sentence: str
) -> None:
    assert said(*parts) == sentence


def test_a_doubted_sentence_says_so_once() -> None:
    assert doubted("A pitcher.") == "Perhaps a pitcher."
    assert doubted("Probably a pitcher.") == "Probably a pitcher."
    assert doubted("TV on a table.") == "Perhaps TV on a table."


def test_a_doubted_noun_alone_is_a_guess() -> None:
    nouns = known_nouns()
    assert guesses("Perhaps a pitcher.", nouns)
    assert guesses("Probably a group of people.", nouns)
    assert not guesses("A pitcher.", nouns)
    assert not guesses("Perhaps a dog on grass.", nouns)
    assert not guesses("Perhaps a dog. A man sleeps.", nouns)
    assert not guesses("", nouns)


PARTS = st.lists(
    st.sampled_from(
        ["?in a hat", "in a hat", "?and a dog", "and a dog", "is sitting", "?is holding a cup",
         "?on a road", "on a road", "?wearing a coat", "with a ball"]
    ),
    max_size=6,
)  # fmt: skip


@given(parts=PARTS)
def test_no_sentence_says_its_doubt_twice_or_hides_it(parts: list[str]) -> None:
    text = " ".join(part.removeprefix("?") for part in ["A man", *parts])
    [sentence] = read_sentences(text, known_nouns())
    marked = ["A man", *parts]
    if len(sentence.pieces) != len(marked):
        return
    found = said(*marked)
    hedges = found.lower().count("possibly") + found.lower().count("perhaps")
    assert hedges == any(part.startswith("?") for part in marked)
