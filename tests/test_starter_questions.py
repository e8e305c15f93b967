"""Reading short questions: what they ask for, and never a crash or a stall."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlm.starter.questions import Kind, Question, read_question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Are there any people in the photo?", Question("exists", "people")),
        ("do you see a red car", Question("exists", "red car")),
        ("Does it show a bench?", Question("exists", "bench")),
        ("Is this a photo of a cat?", Question("exists", "cat")),
        ("is a person visible?", Question("exists", "person")),
        ("Is it a cat or a dog?", Question("either", "cat", "dog")),
        (
            "What colour are the man's trousers in the picture?",
            Question("colour", "man's trousers"),
        ),
        ("what is the color of the car?", Question("colour", "car")),
        ("Which colours?", Question("colour")),
        ("Is the man's shirt red?", Question("is_colour", "man's shirt", "red")),
        ("is the cat gray", Question("is_colour", "cat", "grey")),
        ("Is the dog running?", Question("is_doing", "dog", "running")),
        ("is the woman wearing a hat?", Question("is_doing", "woman", "wearing a hat")),
        ("Where was it taken?", Question("where")),
        ("what room is this", Question("where")),
        ("Is it indoors or outdoors?", Question("indoors")),
        ("Is the photo taken outdoors?", Question("is_place", detail="outdoors")),
        ("is it inside?", Question("is_place", detail="indoors")),
        ("where is the dog?", Question("where")),
        ("what kind of place is this?", Question("where")),
        ("What is the man holding?", Question("object", "man", "holding")),
        ("what's the dog playing with?", Question("object", "dog", "playing with")),
        ("What colour shirt is he wearing?", Question("colour", "shirt")),
        ("What color is the man wearing?", Question("colour", "man")),
        ("Can you tell me where this was taken?", Question("where")),
        ("tell me the color of the car", Question("colour", "car")),
        ("does this picture have a dog in it?", Question("exists", "dog")),
        ("a dog?", Question("exists", "dog")),
        ("Dogs?", Question("noun", "dogs")),
        ("is an orange visible?", Question("exists", "orange")),
        ("Is the man's hat black or grey?", Question("colour", "man's hat", "black or gray")),
        ("what is the hair colour of the girl?", Question("colour", "hair")),
        ("do you see a dog or a cat?", Question("either", "dog", "cat")),
        ("can you see the dog running?", Question("is_doing", "dog", "running")),
        ("does the girl wear a hat?", Question("is_doing", "girl", "wear a hat")),
        ("who can you see?", Question("what")),
        ("What are they doing?", Question("doing", "they")),
        ("What's happening here?", Question("doing")),
        ("Please, who is this?", Question("what")),
        ("What's in the picture?", Question("what")),
        ("What kind of food is it?", Question("what", "food")),
        ("Describe the image.", Question("caption")),
        ("What can you see?", Question("caption")),
        ("How many dogs do you see in the picture?", Question("count", "dogs")),
        ("What does the sign say?", Question("text")),
        ("read the text", Question("text")),
    ],
)
def test_a_question_is_read(text: str, question: Question) -> None:
    assert read_question(text) == question


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "Why is he sad?",
        "dogs",
        "What time is it?",
        "What is on the table?",
        "Who is he?",
        "Where can I buy this?",
        "Where is he from?",
        "Was this taken at night?",
        "¿Qué hay en la foto?",
        "Was ist auf dem Bild?",
        "这是什么?",
        "why " * 3000,
    ],
)
def test_what_no_rule_knows_is_other(text: str) -> None:
    assert read_question(text) == Question("other")


@given(st.text(max_size=400))
def test_any_text_has_a_kind(text: str) -> None:
    assert read_question(text).kind in get_args(Kind)


RULE_WORDS = ["is", "there", "a", "in the photo", "or", "how many", "what", "colour", "doing"]
RULE_WORDS += ["are", "visible", "here", "red"]


@given(st.lists(st.sampled_from(RULE_WORDS), max_size=30))
def test_words_of_the_rules_in_any_order_do_not_stall(words: list[str]) -> None:
    assert read_question(" ".join(words)).kind in get_args(Kind)
