"""Caption, answer and alt text on any describer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PIL import Image

from vlm.errors import QuestionInvalid, ReplyEmpty, TaskUnsupported
from vlm.fakes import EchoDescriber
from vlm.protocols import Describer, Message, Prompts
from vlm.tasks import MAX_QUESTION, alt_text, answer, caption

RED = Image.new("RGB", (8, 6), "red")


class FakeDescriber:
    """Gives one reply in pieces and remembers what it was asked."""

    name = "fake-model"

    def __init__(self, reply: str = "", **prompts: str | None) -> None:
        self.prompts = Prompts(
            **(
                {"caption": "C", "detailed": "D", "answer": "Q: {question} A:", "alt_text": "T"}
                | prompts
            )
        )
        self.reply = reply
        self.asked: list[str] = []

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        self.asked.append(messages[-1].text)
        yield from self.reply


def test_a_caption_is_one_clean_line() -> None:
    assert caption(RED, FakeDescriber(" a red\n square  ")) == "a red square"


def test_each_task_says_the_words_the_model_knows() -> None:
    model = FakeDescriber("x")
    caption(RED, model)
    caption(RED, model, detailed=True)
    answer(RED, "Why?", model)
    alt_text(RED, model)
    assert model.asked == ["C", "D", "Q: Why? A:", "T"]


def test_the_shipped_fake_describes_a_drawn_photo() -> None:
    assert caption(RED, EchoDescriber()) == "a red picture of 8 by 6 pixels"
    assert answer(RED, "what?", EchoDescriber()).startswith("what?")


def test_an_alt_text_follows_the_rules() -> None:
    said = "an image of a red square next to a wall and that goes on and on"
    assert alt_text(RED, FakeDescriber(said), max_length=30) == "A red square next to a wall."


@pytest.mark.parametrize("question", ["{0} and {name}?", "what is {question}", "}{", "100% {}"])
def test_braces_in_a_question_are_only_text(question: str) -> None:
    model = FakeDescriber("x")
    answer(RED, question, model)
    assert model.asked == [f"Q: {question} A:"]


@pytest.mark.parametrize("question", ["", "  \n ", "\x00"])
def test_an_empty_question_is_told_so(question: str) -> None:
    with pytest.raises(QuestionInvalid, match="empty"):
        answer(RED, question, FakeDescriber("x"))


def test_a_question_of_three_thousand_words_is_refused_with_the_limit() -> None:
    with pytest.raises(QuestionInvalid, match=f"{MAX_QUESTION:,}"):
        answer(RED, "why " * 3000, FakeDescriber("x"))


@pytest.mark.parametrize("task", ["caption", "detailed", "answer", "alt_text"])
def test_a_task_the_model_lacks_names_models_that_have_it(task: str) -> None:
    model: Describer = FakeDescriber("x", **{task: None})
    with pytest.raises(TaskUnsupported, match=r"fake-model.*--model smolvlm-256m"):
        match task:
            case "caption":
                caption(RED, model)
            case "detailed":
                caption(RED, model, detailed=True)
            case "answer":
                answer(RED, "what?", model)
            case _:
                alt_text(RED, model)


def test_a_model_without_words_is_an_error_not_an_empty_text() -> None:
    with pytest.raises(ReplyEmpty, match="fake-model"):
        caption(RED, FakeDescriber(" \n"))
    with pytest.raises(ReplyEmpty, match="alternative text"):
        alt_text(RED, FakeDescriber("..."))
