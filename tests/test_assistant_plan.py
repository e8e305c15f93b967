"""Each way through the plan, on fakes: what is looked at, what is said, what is cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fake_photo_tools import FakePhotoTools, document
from PIL import Image

from vlm.assistant import Answered, Doing, Event, Found, Past, PhotoFacets, Turn, assistant
from vlm.fakes import EchoDescriber
from vlm.prompts import PROMPTS
from vlm.protocols import Message, Region

RED, BLUE = (Image.new("RGB", (8, 6), colour) for colour in ("red", "blue"))
FACETS = PhotoFacets(
    3, (("2020-05-03", 1), ("2023-06-06", 1)), (("Rome, Italy", 2),), (("Canon EOS", 1),), 1, 1
)


class Colours(EchoDescriber):
    """Fake: answers yes for red photos and no for others, sees a colour as a thing in its place."""

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        if messages[-1].text:
            [image] = messages[-1].images
            yield "Yes." if image.getpixel((0, 0))[0] > 200 else "No."
        else:
            yield from super().describe(messages, max_tokens=max_tokens)

    def chances(self, image: Image.Image, things: Sequence[str]) -> list[float | None]:
        return [None for _ in things]

    def likely(self, image: Image.Image, least: float) -> list[tuple[str, float]]:
        red = image.getpixel((0, 0))[0] > 200
        return [("wall", 0.9), ("rose" if red else "leaf", 0.8)]

    def where(self, image: Image.Image, thing: str) -> Region | None:
        return (0.0, 0.25, 0.5, 1.0)


class Chatting(EchoDescriber):
    """Fake: a model that chats, and remembers what it was given."""

    prompts = replace(PROMPTS["chat"])

    def __init__(self) -> None:
        self.given: list[Sequence[Message]] = []

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        self.given.append(tuple(messages))
        yield "Both are photos."


@pytest.fixture
def library(photos: Path) -> FakePhotoTools:
    paths = (photos / "red.png", photos / "green.jpg", photos / "sub" / "blue.webp")
    return FakePhotoTools(*map(document, paths), facets=FACETS)


def after(library: FakePhotoTools) -> tuple[Past, ...]:
    return (Past("find colours", (), library.documents, "I found 3.", path(library, 0)),)


def path(library: FakePhotoTools, place: int) -> Path:
    return Path(library.documents[place].metadata["path"])


def run(library: FakePhotoTools | None, turn: Turn, describer: object = None) -> list[Event]:
    return list(assistant(library, describer or Colours()).stream(turn))  # type: ignore[arg-type]


def said(events: list[Event]) -> Answered:
    assert isinstance(events[-1], Answered)
    return events[-1]


def test_a_question_about_one_of_the_photos_found(library: FakePhotoTools) -> None:
    last = said(run(library, Turn("is the second one red?", history=after(library))))
    assert last.text == "[2] No."
    assert last.focus == path(library, 1)
    assert library.looked == [path(library, 1)]
    assert library.queries == []


def test_the_part_that_is_meant_is_cited_unless_the_answer_denies_it(
    library: FakePhotoTools,
) -> None:
    history = after(library)
    [yes] = said(run(library, Turn("is there a rose in it?", history=history))).citations
    assert yes.region == (0.0, 0.25, 0.5, 1.0)
    [no] = said(run(library, Turn("is there a rose in [2]?", history=history))).citations
    assert no.region is None


def test_several_added_photos_are_answered_for_one_by_one() -> None:
    events = run(None, Turn("is it red?", (RED, BLUE)))
    assert said(events).text == "[1] Yes.\n[2] No."
    assert Doing("Looking at photo 2 of 2") in events


def test_picked_photos_are_shown_and_answered_for(library: FakePhotoTools) -> None:
    picked = (path(library, 2), path(library, 0))
    events = run(library, Turn("are they red?", picked=picked))
    assert isinstance(events[0], Found)
    assert [d.metadata["path"] for d in events[0].documents] == [str(p) for p in picked]
    assert said(events).text == "[1] No.\n[2] Yes."


def test_a_picked_file_that_is_no_photo_of_the_library_is_not_opened(
    library: FakePhotoTools,
) -> None:
    last = said(run(library, Turn("what is it?", picked=(Path("/etc/passwd"),))))
    assert last.text == "[1] passwd is no photo of this library"


def test_alternative_texts_of_several_photos(library: FakePhotoTools) -> None:
    last = said(run(library, Turn("alt text for the first two", history=after(library))))
    assert last.text == (
        "[1] A red picture of 64 by 48 pixels.\n[2] A green picture of 64 by 48 pixels."
    )
    assert [c.number for c in last.citations] == [1, 2]


def test_photos_are_compared_by_what_is_in_them(library: FakePhotoTools) -> None:
    last = said(run(library, Turn("compare the first two", history=after(library))))
    assert last.text.endswith("In both: wall.\nOnly in [1]: rose.\nOnly in [2]: leaf.")


def test_a_model_that_chats_sees_the_photos_together(library: FakePhotoTools) -> None:
    chatting = Chatting()
    turn = Turn("compare [1] and [3]", history=after(library))
    last = said(run(library, turn, chatting))
    assert last.text == "Both are photos."
    assert [c.number for c in last.citations] == [1, 3]
    [[message]] = chatting.given
    assert len(message.images) == 2
    assert "[1], [3]" in message.text


def test_a_model_that_chats_reads_what_was_said_before() -> None:
    chatting = Chatting()
    past = (Past("what is it?", (RED,), reply="A red picture."),)
    run(None, Turn("why is it red?", history=past), chatting)
    [messages] = chatting.given
    assert [message.role for message in messages] == ["user", "assistant", "user"]
    assert messages[0].images == (RED,)


def test_a_condition_is_counted_photo_by_photo(library: FakePhotoTools) -> None:
    turn = Turn("how many of them are red?", history=after(library))
    assert said(run(library, turn)).text == "1 of these 3: [1]."


def test_photos_of_the_library_are_counted_by_how_sure_they_are(photos: Path) -> None:
    library = FakePhotoTools(
        document(photos / "red.png"), document(photos / "green.jpg", "maybe"), facets=FACETS
    )
    events = run(library, Turn("how many photos of a rose do I have?"))
    assert library.queries[0] == "a rose"
    assert said(events).text.startswith("1 photo matches “a rose”, and 1 more might, of 99")
    everything = said(run(library, Turn("how many photos do I have?")))
    assert everything.text == "Your library has 3 photos."


def test_dates_places_and_cameras_come_from_the_files(library: FakePhotoTools) -> None:
    last = said(run(library, Turn("when were these taken?", history=after(library))))
    assert last.text == (
        "These 3 photos were taken between 3 May 2020 and 6 June 2023 (1 tells no date). "
        "Places: Rome, Italy (2) (1 tells no place). Cameras: Canon EOS (1)."
    )
    one = said(run(library, Turn("where was the second one taken?", history=after(library))))
    assert one.text.startswith("[2] was taken on 3 May 2020 near Rome, Italy")


def test_of_an_added_photo_nothing_but_the_picture_is_known(library: FakePhotoTools) -> None:
    assert "nothing but the picture" in said(run(library, Turn("when was it taken?", (RED,)))).text


def test_a_place_that_the_library_knows_is_a_filter(library: FakePhotoTools) -> None:
    run(library, Turn("photos of a dog from Rome"))
    run(library, Turn("photos of a dog from Paris"))
    assert library.queries == ['a dog place:"Rome"', "a dog from Paris"]


def test_photos_like_one_of_them_or_like_an_added_one(library: FakePhotoTools) -> None:
    events = run(library, Turn("more like the second one", history=after(library)))
    assert library.queries == ["like:green.jpg"]
    assert said(events).text.startswith("I found 2 photos like [2]: [1] a red picture")
    assert said(run(library, Turn("find similar photos", (RED,)))).text.startswith("I found 3")


def test_a_question_without_a_photo_is_asked_of_the_best_ones(library: FakePhotoTools) -> None:
    last = said(run(library, Turn("is there a red rose?")))
    assert library.queries == ["red rose"]
    assert last.text == "I found 3 photos that match: [1] Yes; [2] No; [3] No."


def test_nothing_is_said_to_be_nothing_and_the_nearest_are_offered(photos: Path) -> None:
    library = FakePhotoTools(document(photos / "red.png", "weak"), matches=False)
    events = run(library, Turn("find a unicorn"))
    assert said(events).text == (
        "I found nothing in your library that matches “a unicorn”. The nearest, which probably "
        "show something else: [1] a red picture of 64 by 48 pixels."
    )


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("hello!", "Hello. I look at photos."),
        ("write alt text for it", "Which photo do you mean?"),
        ("", "Say what to look for"),
    ],
)
def test_words_without_a_photo(library: FakePhotoTools, text: str, reply: str) -> None:
    assert said(run(library, Turn(text))).text.startswith(reply)


def test_a_number_that_no_photo_has(library: FakePhotoTools) -> None:
    last = said(run(library, Turn("what is in photo 9?", history=after(library))))
    assert last.text.startswith("There is no photo [9]")
