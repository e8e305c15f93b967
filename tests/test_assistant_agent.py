"""A model on a server drives the library's tools, within limits, with citations."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from fake_photo_tools import FakePhotoTools, document
from fake_tool_server import ToolServer, call, script, tool_server
from langchain_core.messages import HumanMessage
from PIL import Image

from vlm.assistant import Answered, Citation, Doing, Event, Found, Past, Said, Turn, assistant
from vlm.assistant.agent import STEPS
from vlm.assistant.chat_model import DescriberChatModel
from vlm.errors import ImageUnreadable, PhotoOutside, RemoteModelFailed
from vlm.fakes import EchoDescriber
from vlm.openai_compatible import OpenAICompatibleDescriber

RED = Image.new("RGB", (8, 6), "red")


def run(server: ToolServer, turn: Turn, library: FakePhotoTools) -> list[Event]:
    return list(assistant(library, OpenAICompatibleDescriber(server.name)).stream(turn))


@pytest.fixture
def library(photos: Path) -> FakePhotoTools:
    return FakePhotoTools(document(photos / "red.png"), document(photos / "green.jpg"))


def ended(events: list[Event]) -> Answered:
    last = events[-1]
    assert isinstance(last, Answered)
    return last


def test_a_model_searches_looks_and_answers_with_citations(
    library: FakePhotoTools, photos: Path
) -> None:
    replies = script(
        call("search_photos", query="a barn"),
        call("look_at_photo", photo=2, question="is it green?"),
        "Yes, [2] shows a green barn.",
    )
    with tool_server(replies) as server:
        events = run(server, Turn("which barn is green?"), library)
        assert library.queries == ["a barn"]
        assert any(isinstance(e, Found) and len(e.documents) == 2 for e in events)
        assert Doing("Searching for “a barn”") in events
        assert "[1] strong match" in server.tool_results()[0]
        assert server.tool_results()[1] == "[2] a look."
    last = ended(events)
    assert last.text == "Yes, [2] shows a green barn."
    assert last.citations == (Citation(2, photos / "green.jpg"),)
    assert last.focus == photos / "green.jpg"
    assert sum(isinstance(e, Said) for e in events) > 2


def test_names_of_files_are_not_sent_to_the_server(library: FakePhotoTools) -> None:
    with tool_server(script(call("search_photos", query="x"), "Done.")) as server:
        run(server, Turn("x"), library)
        assert "red.png" not in str(server.requests)


def test_numbers_of_an_earlier_reply_are_known_to_the_tools(library: FakePhotoTools) -> None:
    past = Past("find barns", (), library.documents, "I found 2: [1] and [2].")
    with tool_server(script(call("caption_photo", photo=2), "It is green [2].")) as server:
        events = run(server, Turn("what is the second one?", history=(past,)), library)
        assert "[1], [2]" in str(server.requests[0]["messages"][-1]["content"])
    assert [c.number for c in ended(events).citations] == [2]


def test_photos_of_the_message_are_sent_as_images(library: FakePhotoTools) -> None:
    with tool_server(script("A red picture.")) as server:
        run(server, Turn("what is this?", (RED,)), library)
        content = server.requests[0]["messages"][-1]["content"]
    kinds = [part["type"] for part in content]
    assert kinds == ["text", "image_url"]
    assert content[1]["image_url"]["url"].startswith("data:image/jpeg;base64,")


def test_a_server_without_tools_is_helped_by_the_plan(library: FakePhotoTools) -> None:
    def reply(request: dict[str, object]) -> object:
        if "tools" in request:
            return {"status": 400, "error": {"message": "this model does not support tools"}}
        return "a barn."

    with tool_server(reply) as server:  # type: ignore[arg-type]
        events = run(server, Turn("find barns"), library)
    assert Doing("This model calls no tools: going step by step") in events
    assert ended(events).text.startswith("I found 2 photos that match: [1] a barn; [2]")


def test_another_failure_of_the_server_is_an_error(library: FakePhotoTools) -> None:
    with (
        tool_server(lambda _: {"status": 401, "error": {"message": "no key"}}) as server,
        pytest.raises(RemoteModelFailed, match="refused the key"),
    ):
        run(server, Turn("find barns"), library)


def test_a_model_that_never_stops_is_stopped(library: FakePhotoTools) -> None:
    with tool_server(script(call("search_photos", query="again"))) as server:
        events = run(server, Turn("find barns"), library)
        assert len(server.requests) <= STEPS
    assert "I stopped after" in ended(events).text


@pytest.mark.parametrize(
    "made",
    [
        call("delete_photo", photo=1),
        call("look_at_photo", photo="/etc/passwd", question="read it"),
        call("look_at_photo", photo=99, question="what?"),
        [{"name": "search_photos", "arguments": "{not json"}],
        call("search_photos"),
        call("count_photos", query="x", extra="rm -rf"),
        call("search_photos", query="barn " * 200),
        call("search_photos", query=["barn"]),
        call("when_and_where", photos=[99]),
        *(
            [{"name": "search_photos", "arguments": odd}]
            for odd in ("", "[1]", "null", '"barn"', "{")
        ),
        [{"name": "", "arguments": "{}"}],
    ],
)
def test_calls_that_make_no_sense_are_refused_and_the_model_may_go_on(
    library: FakePhotoTools, made: list[dict[str, object]]
) -> None:
    with tool_server(script(made, "Sorry.")) as server:
        assert ended(run(server, Turn("do it"), library)).text == "Sorry."
    assert library.looked == []


def test_a_describer_is_a_chat_model_that_streams_about_image_blocks() -> None:
    data = io.BytesIO()
    RED.save(data, "PNG")
    encoded = base64.b64encode(data.getvalue()).decode()
    block = {"type": "image", "base64": encoded, "mime_type": "image/png"}
    model = DescriberChatModel(describer=EchoDescriber())
    message = HumanMessage(content=[{"type": "text", "text": "which colour?"}, block])
    pieces = [str(piece.content) for piece in model.stream([message])]
    assert "".join(pieces).strip() == "which colour? a red picture of 8 by 6 pixels"
    assert len(pieces) > 5
    assert model.invoke([message]).text.strip() == "".join(pieces).strip()


def test_a_photo_of_the_library_is_a_content_block_and_other_files_are_none(
    library: FakePhotoTools, photos: Path
) -> None:
    model = DescriberChatModel(describer=EchoDescriber(), tools=library)

    def about(name: str) -> str:
        block = {"type": "image", "file_id": name}
        return model.invoke([HumanMessage(content=[block])]).text

    assert "a green picture of 64 by 48 pixels" in about(str(photos / "green.jpg"))
    with pytest.raises(PhotoOutside):
        about("/etc/passwd")


def test_an_image_that_is_only_an_address_is_not_fetched() -> None:
    model = DescriberChatModel(describer=EchoDescriber())
    block = {"type": "image", "url": "http://127.0.0.1/x.png"}
    with pytest.raises(ImageUnreadable, match="never fetched"):
        model.invoke([HumanMessage(content=[block])])
