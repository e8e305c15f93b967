"""What replies come to when a conversation goes on, on fakes: picked out, ranked, left, more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fake_photo_tools import FakePhotoTools, document
from PIL import Image

from vlm.assistant import Answered, Event, Found, Past, PhotoFacets, Turn, assistant
from vlm.fakes import EchoDescriber
from vlm.prompts import PROMPTS
from vlm.protocols import Message

DECLINED = "I cannot answer that with this model. For other questions choose a larger model."
DAYS = {"red.png": "2023-06-06", "green.jpg": "2020-05-03"}


class Counting(EchoDescriber):
    """Fake: tells by the red of a photo what is in it, and declines to say why."""

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        text, [image] = messages[-1].text, messages[-1].images
        red = image.getpixel((0, 0))[0] > 200
        if text.startswith("why"):
            yield DECLINED
        elif text.startswith("how many"):
            yield "Probably three." if red else "None that I can see."
        elif text:
            yield "Yes." if red else "No."
        else:
            yield from super().describe(messages, max_tokens=max_tokens)


class Chatting(Counting):
    """Fake: a model that chats, about whatever it is asked."""

    prompts = PROMPTS["chat"]

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        yield f"You said: {messages[-1].text}"


class Dated(FakePhotoTools):
    """Fake: two of its three photos tell a day."""

    def facets(self, paths: Sequence[Path] | None = None) -> PhotoFacets:
        paths = [Path(d.metadata["path"]) for d in self.documents] if paths is None else paths
        days = sorted(DAYS[path.name] for path in paths if path.name in DAYS)
        return PhotoFacets(len(paths), tuple((day, 1) for day in days), (), (), 0, 0)


@pytest.fixture
def library(photos: Path) -> Dated:
    paths = (photos / "green.jpg", photos / "red.png", photos / "sub" / "blue.webp")
    return Dated(*map(document, paths))


class Talk:
    """A conversation that goes on from turn to turn."""

    def __init__(self, library: FakePhotoTools | None, describer: EchoDescriber) -> None:
        self._assistant = assistant(library, describer)
        self.history: tuple[Past, ...] = ()
        self.found: list[str] = []

    def say(self, text: str, *images: Image.Image) -> str:
        events: list[Event] = list(self._assistant.stream(Turn(text, images, self.history)))
        last = events[-1]
        assert isinstance(last, Answered)
        found = [event.documents for event in events if isinstance(event, Found)]
        documents = found[-1] if found else ()
        self.found = [document.page_content for document in documents]
        cited = tuple(citation.path for citation in last.citations)
        self.history = (
            *self.history, Past(text, images, documents, last.text, last.focus, cited),
        )  # fmt: skip
        return last.text


@pytest.fixture
def talk(library: Dated) -> Talk:
    begun = Talk(library, Counting())
    begun.say("find barns")
    return begun


def test_the_photo_that_shows_something_is_looked_for_among_those_shown(talk: Talk) -> None:
    assert talk.say("describe the one with the rose") == "[2] a red picture of 64 by 48 pixels"
    assert talk.say("alt text for it").startswith("[2] ")
    assert talk.say("describe the one with a rose in detail").startswith("[2] ")


def test_a_photo_that_is_not_there_is_not_guessed(photos: Path) -> None:
    talk = Talk(FakePhotoTools(*(document(photos / "green.jpg") for _ in range(2))), Counting())
    talk.say("find barns")
    said = talk.say("describe the one with the rose")
    assert said == "None of these 2 photos seems to fit “rose”. Say its number."


def test_the_photo_with_the_most_of_something_is_counted_out(talk: Talk) -> None:
    assert talk.say("which of these has the most barns?") == (
        "[2], as far as I can count: 3. The others: [1] 0, [3] 0. I count badly beyond a few."
    )


def test_the_oldest_and_the_newest_are_told_by_the_files(talk: Talk) -> None:
    oldest = "[1] was taken first, on 3 May 2020. 1 of these 3 tells no date."
    assert talk.say("which is the oldest?") == oldest
    assert talk.say("which one was taken last?").startswith("[2] was taken last, on 6 June 2023.")


def test_the_latest_photos_are_searched_by_their_days(talk: Talk, library: Dated) -> None:
    assert talk.say("show me my newest photos").startswith("The latest 3 photos by the dates")
    assert library.queries[-1] == "taken:2020-05-03..2023-06-06"


def test_photos_that_are_left_are_numbered_anew(talk: Talk) -> None:
    assert talk.say("not the second") == "2 photos are left, numbered anew: [1], [2]."
    assert talk.found == ["green.jpg", "blue.webp"]
    assert talk.say("describe the second one").startswith("[2] a blue picture")


def test_more_photos_of_a_search_follow_those_that_were_shown(photos: Path) -> None:
    library = FakePhotoTools(*(document(photos / "green.jpg") for _ in range(10)))
    talk = Talk(library, Counting())
    talk.say("find barns")
    assert talk.say("show me more").startswith("2 photos more: [1] a green picture")
    assert talk.say("and more") == "There are no more photos in your library that match “barns”."


def test_a_changed_search_is_named_in_words(talk: Talk) -> None:
    assert talk.say("without people").startswith("I found 3 photos that match “barns without")
    assert talk.say("in summer 2021").startswith(
        "I found 3 photos that match “barns from summer 2021 without people”"
    )
    assert talk.say("undo that").startswith("I found 3 photos that match “barns without people”")


def test_a_question_that_the_model_declines_is_declined_once(talk: Talk) -> None:
    assert talk.say("why are they red?").split("\n")[1:] == ["[2] The same.", "[3] The same."]
    said = Talk(FakePhotoTools(*talk.history[0].documents), Counting()).say("why is a barn red?")
    assert said.count(DECLINED) == 1
    assert "[1] a green picture" in said


def test_a_yes_that_a_search_does_not_bear_out_is_a_perhaps(photos: Path) -> None:
    red = [photos / "red.png", photos / "sub" / "red.png"]
    red[1].write_bytes(red[0].read_bytes())
    sure = [document(path) for path in red]
    library = FakePhotoTools(*sure, by_query={"rose": [sure[0], document(red[1], "weak")]})
    talk = Talk(library, Counting())
    talk.say("find barns")
    assert talk.say("which ones show a rose?") == "1 of these 2 surely: [1]. Perhaps also [2]."


def test_another_language_is_told_in_that_language_and_searched_as_words(library: Dated) -> None:
    said = Talk(library, Counting()).say("zeig mir Fotos von einer Scheune")
    assert said.startswith(
        "Ich verstehe hier nur Englisch. I understand only English here. I looked"
    )
    assert library.queries == ["Scheune"]


def test_a_model_that_chats_is_asked_what_the_rules_cannot_read() -> None:
    red = Image.new("RGB", (8, 6), "red")
    chatting, counting = Talk(None, Chatting()), Talk(None, Counting())
    assert chatting.say("was ist das auf dem Bild?", red) == "You said: was ist das auf dem Bild?"
    assert counting.say("was ist das auf dem Bild?", red).endswith("Please ask in English.")
    assert chatting.say("are you sure?") == "You said: are you sure?"
    assert counting.say("are you sure?").startswith("Not always")
