"""A whole conversation with the starter models and a real library of sample photos."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build
from index.library import Library
from index.library_tools import LibraryTools
from vlm.assistant import Answered, Found, Past, Turn, assistant
from vlm.images import read_image
from vlm.protocols import Locator
from vlm.registry import load_describer, load_embedder

NAMES = ("chelsea.png", "coffee.png", "rocket.jpg", "camera.png", "brick.png", "coins.png")


class Talk:
    """A conversation that goes on from turn to turn."""

    def __init__(self, library: Library) -> None:
        tools = LibraryTools(library, load_embedder("starter"))
        self._assistant = assistant(tools, load_describer("starter"))
        self.history: tuple[Past, ...] = ()
        self.found: list[str] = []

    def say(self, text: str) -> Answered:
        documents, last = (), Answered((), "")
        for event in self._assistant.stream(Turn(text, history=self.history)):
            documents = event.documents if isinstance(event, Found) else documents
            last = event if isinstance(event, Answered) else last
        self.found = [document.page_content for document in documents]
        self.history = (*self.history, Past(text, (), documents, last.text, last.focus))
        return last


@pytest.fixture(scope="module")
def library(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("samples")
    for name in NAMES:
        shutil.copy(samples / name, folder / name)
    with Library.open(folder / "library", create=True) as opened:
        build(opened, [folder], load_embedder("starter"))
        yield opened


def test_find_count_and_write_alt_text_from_start_to_end(library: Library) -> None:
    talk = Talk(library)
    found = talk.say("find my photos of a cat")
    assert found.text.startswith(("I found 1 photo that", "I found 2 photos that"))
    assert talk.found[0] == "chelsea.png"
    assert found.focus is not None
    assert found.focus.name == "chelsea.png"

    counted = talk.say("how many cats are in the first one?")
    assert counted.text.startswith("[1] ")
    assert [citation.path.name for citation in counted.citations] == ["chelsea.png"]

    alt = talk.say("write alt text for it")
    assert alt.text.startswith("[1] ")
    assert "cat" in alt.text.lower()
    assert talk.say("is there an elephant?").text == "[1] No."

    similar = talk.say("more like this")
    assert similar.text.startswith("I found")
    assert "chelsea.png" not in talk.found


def test_what_is_not_there_is_not_found_and_the_nearest_are_called_that(library: Library) -> None:
    talk = Talk(library)
    said = talk.say("find my photos of a wedding cake").text
    assert said.startswith("I found nothing in your library that matches “a wedding cake”.")
    assert "which probably show something else: [1] " in said


def test_the_part_that_is_meant_is_told_for_what_is_there_only(
    samples: Path, library: Library
) -> None:
    talk = Talk(library)
    talk.say("find my photos of a cat")
    [cited] = talk.say("is there a cat in the first one?").citations
    assert cited.region is not None
    left, top, right, bottom = cited.region
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1
    starter = load_describer("starter")
    assert isinstance(starter, Locator)
    assert starter.where(read_image(samples / "brick.png", size=512), "elephant") is None


def test_a_photo_that_is_gone_is_said_in_the_answer(library: Library) -> None:
    talk = Talk(library)
    talk.say("find my photos of a rocket")
    first = Path(talk.history[-1].documents[0].metadata["path"])
    first.rename(first.with_suffix(".away"))
    try:
        assert talk.say("caption it").text == f"[1] {first.name} is no longer there"
    finally:
        first.with_suffix(".away").rename(first)
