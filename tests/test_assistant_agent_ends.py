"""However a turn of a model that calls tools ends: bounded, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_photo_tools import FakePhotoTools, document
from fake_tool_server import Reply, call, script, tool_server

from vlm.assistant import Answered, Citation, Event, Finding, Past, Turn, assistant
from vlm.assistant.agent import LONGEST
from vlm.assistant.desk import CALLS
from vlm.errors import LibraryDamaged, ReplyEmpty
from vlm.openai_compatible import OpenAICompatibleDescriber

SEARCH = call("search_photos", query="a barn")


@pytest.fixture
def library(photos: Path) -> FakePhotoTools:
    return FakePhotoTools(document(photos / "red.png"), document(photos / "green.jpg"))


def ended(library: FakePhotoTools, *replies: Reply, text: str = "find barns") -> Answered:
    with tool_server(script(*replies)) as server:
        describer = OpenAICompatibleDescriber(server.name)
        events: list[Event] = list(assistant(library, describer).stream(Turn(text)))
        ended.told = server.tool_results()  # type: ignore[attr-defined]
        ended.sent = str(server.requests)  # type: ignore[attr-defined]
    last = events[-1]
    assert isinstance(last, Answered)
    return last


def test_a_photo_that_the_model_made_up_is_called_that(
    library: FakePhotoTools, photos: Path
) -> None:
    last = ended(library, SEARCH, "The barn is in [2] and [7].")
    assert last.text.endswith("(There is no photo [7]: the model made that up.)")
    assert last.citations == (Citation(2, photos / "green.jpg"),)


def test_a_model_that_says_nothing_after_its_tools_is_told_of(library: FakePhotoTools) -> None:
    assert ended(library, SEARCH, "").text.startswith("The model ended without an answer.")


def test_words_before_a_tool_are_no_answer(
    library: FakePhotoTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some models announce what they will do, do it, and then stop."""
    import fake_tool_server

    plain = fake_tool_server._events
    spoken = fake_tool_server._event({"content": "Let me look at [9]. "})

    def events(said: Reply) -> object:
        if said == SEARCH:
            yield spoken
        yield from plain(said)  # type: ignore[arg-type]

    monkeypatch.setattr(fake_tool_server, "_events", events)
    silent = ended(library, SEARCH, "").text
    assert silent.startswith("Let me look at [9].")
    assert "ended without an answer" in silent
    assert "made that up" not in silent
    assert ended(library, SEARCH, "Two barns.").text == "Let me look at [9]. \nTwo barns."


def test_nothing_said_and_nothing_found_is_an_error(library: FakePhotoTools) -> None:
    with pytest.raises(ReplyEmpty):
        ended(library, "")


def test_calls_are_counted_however_many_one_step_asks_for(library: FakePhotoTools) -> None:
    many = [made for _ in range(CALLS + 40) for made in SEARCH]
    assert ended(library, many, "Done.").text == "Done."
    assert len(library.queries) == CALLS
    assert sum("no more tools" in told for told in ended.told) == 40  # type: ignore[attr-defined]


def test_an_answer_without_an_end_is_cut(library: FakePhotoTools) -> None:
    last = ended(library, "barn " * LONGEST)
    assert len(last.text) < 2 * LONGEST
    assert last.text.endswith("the model did not come to an end.")


def test_a_photo_that_cannot_be_opened_is_told_of_without_its_name(
    library: FakePhotoTools, photos: Path
) -> None:
    (photos / "red.png").write_bytes(b"no image")
    (photos / "green.jpg").unlink()
    looks = [
        *call("caption_photo", photo=1),
        *call("write_alt_text", photo=2),
        *call("compare_photos", photos=[1, 2], question="which is larger?"),
    ]
    assert ended(library, SEARCH, looks, "They are damaged.").text == "They are damaged."
    told = " ".join(ended.told)  # type: ignore[attr-defined]
    assert "cannot be opened" in told
    assert "no longer there" in told
    for name in ("red.png", "green.jpg", str(photos)):
        assert name not in ended.sent  # type: ignore[attr-defined]


def test_a_damaged_library_ends_the_turn_with_its_own_error(library: FakePhotoTools) -> None:
    class Damaged(FakePhotoTools):
        def search(self, query: str, k: int = 8) -> Finding:
            raise LibraryDamaged(Path("/p/library"), "no such table")

    with pytest.raises(LibraryDamaged):
        ended(Damaged(*library.documents), SEARCH, "Done.")


def test_numbers_of_the_conversation_are_no_inventions(library: FakePhotoTools) -> None:
    past = Past("find barns", (), library.documents, "I found 2: [1] and [2].")
    with tool_server(script("It is [2].")) as server:
        turn = Turn("which one is green?", history=(past,))
        describer = OpenAICompatibleDescriber(server.name)
        last = list(assistant(library, describer).stream(turn))[-1]
    assert isinstance(last, Answered)
    assert last.text == "It is [2]."
