"""Prompts by family, their versions, languages, answers that are sure, and tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vlm.errors import TaskUnsupported
from vlm.languages import LANGUAGES
from vlm.prompts import PROMPTS
from vlm.protocols import Message, Prompts
from vlm.tags import Tag, tags
from vlm.tasks import (
    alt_text,
    caption,
    extended_description,
    prompt_name,
    sure_answer,
    task_prompt,
)

RED = Image.new("RGB", (8, 6), "red")


class FakeDescriber:
    """Says one thing and remembers what it was asked."""

    name = "fake-model"

    def __init__(self, reply: str = "x", family: str = "chat") -> None:
        self.prompts: Prompts = PROMPTS[family]
        self.reply = reply
        self.asked: list[str] = []

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        self.asked.append(messages[-1].text)
        yield self.reply


class FakeStarter(FakeDescriber):
    """Knows probabilities."""

    def answer(self, image: Image.Image, question: str) -> tuple[str, float | None]:
        return "Probably two.", 0.4

    def chances(self, image: Image.Image, things: Sequence[str]) -> list[float | None]:
        return [0.5 for _ in things]

    def likely(self, image: Image.Image, least: float) -> list[tuple[str, float]]:
        return [("dog", 0.9), ("grass", least)]


class FakeSampler(FakeDescriber):
    """Draws captions."""

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        return ["a dog"] * (count - 1) + ["a cat"]


@pytest.mark.parametrize("family", PROMPTS)
def test_any_other_wording_is_another_version(family: str) -> None:
    prompts = PROMPTS[family]
    versions = {prompts.version}
    for field in fields(prompts):
        worded = (getattr(prompts, field.name) or "") + " Please."
        versions.add(replace(prompts, **{field.name: worded}).version)
    assert len(versions) == 1 + len(fields(prompts))


def test_versions_are_told_apart_by_family_and_are_stored_with_task_and_language() -> None:
    assert len({prompts.version for prompts in PROMPTS.values()}) == len(PROMPTS)
    version = PROMPTS["chat"].version
    assert prompt_name("extended", FakeDescriber()) == f"chat-{version} extended en"
    assert prompt_name("alt_text", FakeDescriber(), language="pt_BR").endswith(" alt_text pt")


def test_english_is_asked_for_as_ever_and_other_languages_by_name() -> None:
    model = FakeDescriber()
    alt_text(RED, model, language="en-GB")
    caption(RED, model, language="fr")
    extended_description(RED, model, language="de")
    assert model.asked[0] == PROMPTS["chat"].alt_text
    assert [asked.rpartition(". ")[2] for asked in model.asked[1:]] == [
        "Reply in French.",
        "Reply in German.",
    ]


@pytest.mark.parametrize("family", ["starter", "blip", "florence"])
def test_a_model_of_english_says_so_and_names_one_that_speaks_more(family: str) -> None:
    with pytest.raises(TaskUnsupported, match=r"writing Spanish: it knows English only.*qwen3"):
        alt_text(RED, FakeDescriber(family=family), language="es")


def test_a_language_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(TaskUnsupported, match=r"the language 'xx'.*Known: ar, bg"):
        caption(RED, FakeDescriber(), language="xx")


@given(code=st.sampled_from(sorted(LANGUAGES)), region=st.sampled_from(["", "-XX", "_xx"]))
def test_a_region_changes_nothing(code: str, region: str) -> None:
    model = FakeDescriber()
    assert task_prompt("caption", model, language=code + region) == task_prompt(
        "caption", model, language=code
    )


def test_an_answer_says_whether_to_rely_on_it() -> None:
    sure = sure_answer(RED, "How many?", FakeDescriber("Two."))
    assert (sure.text, sure.sure, sure.confidence) == ("Two.", True, None)
    assert not sure_answer(RED, "How many?", FakeDescriber("I\u2019m not sure. Two?")).sure
    starter = sure_answer(RED, "How many?", FakeStarter(family="starter"))
    assert (starter.text, starter.sure, starter.confidence) == ("Probably two.", True, 0.4)


def test_tags_come_from_recognition_from_a_list_or_from_captions() -> None:
    assert tags(RED, FakeStarter(family="starter")) == [Tag("dog", 0.9), Tag("grass", 0.3)]
    assert tags(RED, FakeDescriber("1. A dog, grass, dog.")) == [Tag("dog"), Tag("grass")]
    assert tags(RED, FakeDescriber("two puppies on grass", "blip")) == [Tag("puppy"), Tag("grass")]
    drawn = tags(RED, FakeSampler("a dog", "blip"), least=0.1)
    assert drawn == [Tag("dog", 8 / 9), Tag("cat", 1 / 9)]
