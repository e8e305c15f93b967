"""The Chat page, through the entry script of the app."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_pages import alts, choose, drawn, library_of
from chat_pages import announcement, chat, conversation, press, questions, replies, say
from PIL import Image

from ui.settings import Settings
from ui.uploads import MAX_PHOTOS
from vlm.errors import ReplyEmpty
from vlm.fakes import EchoDescriber


@pytest.fixture
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    return settings


def test_a_question_about_an_uploaded_photo_is_answered(library: Settings) -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    assert questions(app) == ["which colour?"]
    assert "a blue picture of 64 by 48 pixels" in replies(app)[0]
    assert alts(app) == ["Your photo: mine.png"]


def test_a_later_question_is_about_the_photo_uploaded_before(library: Settings) -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    app = say(app, "how large is it?")
    assert "how large is it? a blue picture of 64 by 48 pixels" in replies(app)[-1]


def test_words_alone_find_photos_and_the_reply_cites_them(library: Settings) -> None:
    app = say(chat(), "photos of something red")
    assert alts(app)[0] == "red.png"
    assert "[1]" in replies(app)[0] and "red picture" in replies(app)[0]
    assert app.button(key="open-0-1").label == "\\[1\\] red\\.png"


def test_a_request_finds_photos_also_after_a_photo_was_uploaded(library: Settings) -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    app = say(app, "show me photos of something green")
    assert alts(app)[:2] == ["Your photo: mine.png", "green.jpg"]


def test_without_a_library_the_reply_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, Settings(tmp_path / "none", "fake", "fake"))
    app = say(chat(), "photos of something red")
    assert "no photo library" in replies(app)[-1]


def test_a_file_that_is_no_photo_is_an_error_and_its_question_is_not_searched_for(
    library: Settings,
) -> None:
    app = say(chat(), "red", broken=b"not a photo")
    assert "not an image" in app.main.error[0].value
    assert alts(app) == []


def test_one_broken_file_does_not_lose_the_other(library: Settings) -> None:
    app = say(chat(), "which colour?", broken=b"", mine=drawn("green"))
    assert "the file is empty" in app.main.error[0].value
    assert "a green picture" in replies(app)[0]


def test_of_too_many_photos_at_once_the_rest_is_named_with_the_limit(library: Settings) -> None:
    many = {f"photo{n}": drawn("red", size=(8 + n, 8)) for n in range(MAX_PHOTOS + 1)}
    app = say(chat(), "what is this?", **many)
    assert f"limit is {MAX_PHOTOS} photos" in app.main.error[0].value.replace("\\", "")


def test_too_many_pixels_are_an_error_not_a_crash(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_MAX_MEGAPIXELS", "0.001")
    app = say(chat(), "what is this?", large=drawn("red"))
    assert "megapixels" in app.main.error[0].value


def test_the_conversation_survives_another_page_until_a_new_one_is_begun(
    library: Settings,
) -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    app.switch_page("views/search.py").run()
    app.switch_page("views/chat.py").run()
    assert questions(app) == ["which colour?"]
    press(app, "new_conversation")
    assert len(app.chat_message) == 0
    assert app.button(key="new_conversation").disabled


def test_after_a_new_conversation_the_old_photo_is_forgotten(library: Settings) -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    press(app, "new_conversation")
    app = say(app, "red")
    assert alts(app)[0] == "red.png"


def test_words_of_the_model_are_text_and_never_markdown(library: Settings) -> None:
    app = say(chat(), "![x](http://127.0.0.1/steal) **bold**", mine=drawn("blue"))
    assert "![x](http://127.0.0.1/steal) **bold** a blue picture" in replies(app)[0]
    assert all("steal" not in markdown.value for markdown in app.main.markdown)


def test_a_damaged_library_is_an_error_but_photos_are_still_talked_about(
    library: Settings,
) -> None:
    (library.library / "catalogue.db").write_bytes(b"not a database " * 100)
    app = say(chat(), "photos of something red")
    assert "damaged" in app.main.error[0].value
    app = say(app, "which colour?", mine=drawn("blue"))
    assert "a blue picture" in replies(app)[-1]


def test_a_model_that_fails_in_the_middle_leaves_what_it_said_and_an_error(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def halting(*args: object, **kwargs: object) -> Iterator[str]:
        yield "It is"
        raise ReplyEmpty("fake", "answer")

    monkeypatch.setattr(EchoDescriber, "describe", halting)
    app = say(chat(), "which colour?", mine=drawn("blue"))
    assert replies(app) == ["It is"]
    assert "fake" in app.main.error[0].value
    assert announcement(app).startswith("Answer 1 broke off before its end: It is 'fake'")


def test_an_unknown_describer_is_an_error_that_lists_the_known_ones(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_DESCRIBER", "blipp")
    app = say(chat(), "which colour?", mine=drawn("blue"))
    assert "Known models" in app.main.error[0].value


def test_a_finished_answer_is_announced(library: Settings) -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    assert announcement(app) == f"Answer 1: {replies(app)[0]}"


@pytest.mark.parametrize("bytes_of", [b"<svg onload='alert(1)'/>", b"\xff\xd8\xff\xe0 cut"])
def test_a_drawing_with_a_script_and_a_cut_file_are_errors(
    library: Settings, bytes_of: bytes
) -> None:
    app = say(chat(), "what is this?", odd=bytes_of)
    assert len(app.main.error) == 1 and replies(app) == [""]


def test_an_animation_is_its_first_picture(library: Settings) -> None:
    data = io.BytesIO()
    frames = [Image.new("RGB", (32, 24), colour) for colour in ("green", "red")]
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:])
    app = say(chat(), "which colour?", moving=data.getvalue())
    assert "a green picture of 32 by 24" in replies(app)[0]
    notes = [text.value for text in app.main.text if text.value.startswith("moving.png: ")]
    assert len(notes) == 1 and "Only the first one is used" in notes[0]
    assert notes[0] in [text.value for text in chat(conversation(app)).main.text]  # and is kept


def test_a_question_to_begin_with_is_asked_by_a_press(library: Settings) -> None:
    app = press(chat(), "example-1")
    assert questions(app) == ["Photos of something red"]
    assert "red picture" in replies(app)[0] and conversation(app)


def test_photos_that_were_picked_are_asked_about_and_then_forgotten(
    library: Settings, photos: Path
) -> None:
    app = chat()
    app.session_state["picks"] = (photos / "red.png", photos / "green.jpg")
    app.run()
    press(app, "drop-1")
    say(app, "which colour?")
    assert "a green picture" in replies(app)[0]
    assert alts(app)[0] == "Photo of the library: green.jpg"
    assert "picks" not in app.session_state or app.session_state["picks"] == ()


def test_another_model_answers_in_the_middle_of_a_conversation(library: Settings) -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    app.selectbox(key="answered_by").set_value("starter").run()
    say(app, "what is it?")
    assert [text.value.split(" ")[0] for text in app.main.text if "whole answer" in text.value] == [
        "fake",
        "starter",
    ]
