"""Conversations on the Chat page: reloaded, stopped, asked anew, found again, deleted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from app_pages import alts, checked, choose, drawn, library_of
from chat_pages import chat, conversation, press, questions, replies, say
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from ui.chat import givers
from ui.conversations import Conversations, Exchange
from ui.conversations.place import conversations_file
from ui.settings import Settings
from vlm.fakes import EchoDescriber


@pytest.fixture(autouse=True)
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    return settings


def stopping(*args: object, **kwargs: object) -> Iterator[str]:
    yield "It is "
    raise StopException  # what Streamlit raises where the person stops, or reloads


def listed(app: AppTest) -> list[str]:
    keys = [button.key or "" for button in app.sidebar.button]
    return [app.button(key=key).label for key in keys if key.startswith("open-")]


def manage(app: AppTest) -> AppTest:
    return press(app, "manage_this")


def test_a_reload_brings_the_conversation_back_with_its_photo_and_it_goes_on() -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    again = chat(conversation(app))
    assert (questions(again), replies(again)) == (questions(app), replies(app))
    assert alts(again) == ["Your photo: mine.png"]
    say(again, "how large is it?")
    assert "how large is it? a blue picture" in replies(again)[1]


def test_an_address_without_a_conversation_says_so_and_begins_a_new_one() -> None:
    app = chat("none")
    assert "no longer there" in app.main.info[0].value
    assert conversation(app) == "" and len(app.chat_message) == 0


def test_a_stopped_answer_keeps_what_was_said_and_can_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = chat()
    with monkeypatch.context() as patch:
        patch.setattr(EchoDescriber, "describe", stopping)
        say(app, "which colour?", mine=drawn("blue"))
    again = chat(conversation(checked(app.run())))
    for page in (app, again):
        assert replies(page) == ["It is"]
        assert "stopped before its end" in page.main.caption[0].value
    press(again, "answer_again")
    assert "a blue picture" in replies(again)[0]
    assert not any("stopped" in caption.value for caption in again.main.caption)
    assert replies(chat(conversation(again))) == replies(again)


def test_an_answer_that_another_window_gives_is_followed_to_its_end() -> None:
    store = Conversations(conversations_file())
    begun = store.begin()
    asked = store.add(begun.id, Exchange("what is it?", reply="It is"))
    app = chat(begun.id)
    assert replies(app) == ["It is"]
    assert not any("stopped" in caption.value for caption in app.main.caption)
    store.update(Exchange("what is it?", reply="It is a dog.", state="answered", id=asked.id))
    assert replies(checked(app.run())) == ["It is a dog."]


def test_what_another_window_said_is_seen_and_never_taken_back_unseen() -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    other = chat(conversation(app))
    say(app, "how large?")
    press(other, "answer_again")  # of the only answer that this window knows
    assert "gone on in another window" in other.main.warning[0].value
    assert questions(other) == questions(app) == ["which colour?", "how large?"]
    say(other, "how wide?")
    assert len(other.main.warning) == 0
    assert questions(checked(app.run())) == ["which colour?", "how large?", "how wide?"]
    assert replies(app) == replies(chat(conversation(app)))


def test_a_conversation_that_another_window_deleted_is_told_and_not_brought_back() -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    other = chat(conversation(app))
    press(manage(app), "delete")
    say(other, "how large?")
    assert "deleted in another window" in other.main.warning[0].value
    assert "a blue picture" in replies(other)[1]
    assert Conversations(conversations_file()).newest() == ()


def test_the_last_question_is_changed_and_answered_anew() -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    say(app, "how large?")
    press(app, "edit")
    app.text_area(key="edited_question").set_value("how wide?")
    press(app, "ask_edited")
    assert questions(app) == ["which colour?", "how wide?"]
    assert replies(app)[1].startswith("how wide? a blue picture")
    assert questions(chat(conversation(app))) == questions(app)


def test_a_change_of_the_question_can_be_dropped() -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    press(press(app, "edit"), "cancel_edit")
    assert questions(app) == ["which colour?"] and len(app.text_area) == 0


def test_conversations_are_listed_searched_and_opened() -> None:
    first = say(chat(), "photos of something red")
    app = say(chat(), "which *colour*?", mine=drawn("blue"))
    assert listed(app) == ["which \\*colour\\*\\?", "photos of something red"]
    app.text_input(key="conversation_words").set_value("someth").run()
    assert listed(app) == ["photos of something red"]
    press(app, f"open-{conversation(first)}")
    assert questions(app) == ["photos of something red"]
    assert conversation(app) == conversation(first)


def test_a_conversation_is_renamed_and_deleted() -> None:
    app = manage(say(chat(), "which colour?", mine=drawn("blue")))
    app.text_input(key="title").set_value("My wall")
    press(app, "rename")
    assert listed(app) == ["My wall"]
    press(manage(app), "delete")
    assert listed(app) == [] and len(app.chat_message) == 0 and conversation(app) == ""
    assert Conversations(conversations_file()).newest() == ()


def test_photos_are_kept_beyond_the_server_only_if_that_is_asked_for() -> None:
    app = say(chat(), "which colour?", mine=drawn("blue"))
    other = say(chat(), "which colour?", mine=drawn("red"))
    checked(manage(app).checkbox(key=f"keep-{conversation(app)}").check().run())
    Conversations(conversations_file()).forget_photos(new_server=True)
    assert alts(chat(conversation(app))) == ["Your photo: mine.png"]
    gone = chat(conversation(other))
    assert alts(gone) == [] and "mine\\.png was not kept" in gone.main.caption[0].value


def test_what_is_known_of_a_cited_photo_is_shown(photos: Path) -> None:
    app = press(say(chat(), "photos of something red"), "open-0-1")
    shown = [text.value for text in app.text]
    assert f"File: {photos / 'red.png'}" in shown
    press(app, "ask_about")
    assert app.session_state["picks"] == (photos / "red.png",)


def test_a_damaged_file_of_conversations_is_told_and_chatting_goes_on() -> None:
    conversations_file().parent.mkdir(parents=True, exist_ok=True)
    conversations_file().write_bytes(b"not a database " * 100)
    app = say(chat(), "which colour?", mine=drawn("blue"))
    assert "cannot be read" in app.main.warning[0].value
    say(app, "how large?")
    assert "a blue picture" in replies(app)[1]


def test_a_file_that_cannot_be_written_is_told_and_chatting_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VLM_CONVERSATIONS", str(tmp_path / "file" / "conversations.db"))
    app = say(chat(), "which colour?", mine=drawn("blue"))
    assert "is not stored" in app.main.warning[0].value.replace("\\", "")
    assert "a blue picture" in replies(app)[0]


def test_a_library_that_is_deleted_meanwhile_leaves_the_conversation(
    photos: Path, library: Settings
) -> None:
    app = say(chat(), "photos of something red")
    for path in photos.rglob("*.*"):
        path.unlink()
    for path in library.library.iterdir():
        path.unlink()
    checked(app.run())
    assert "[1]" in replies(app)[0]
    press(app, "open-0-1")
    say(app, "photos of something blue")
    assert "no photo library" in replies(app)[1]
    assert os.fspath(photos) in app.main.error[0].value.replace("\\", "")


def test_an_answer_is_being_given_as_long_as_its_window_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_windows = {"first", "second"}
    sessions = SimpleNamespace(is_active_session=open_windows.__contains__)
    monkeypatch.setattr(
        givers, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: sessions)
    )

    def window(name: str) -> None:
        context = SimpleNamespace(session_id=name)
        monkeypatch.setattr(givers, "get_script_run_ctx", lambda: context)

    window("first")
    givers.give(tmp_path, 1)
    assert givers.is_given(tmp_path, 1) is False  # an earlier run of this window has been ended
    window("second")
    assert givers.is_given(tmp_path, 1) is True
    assert givers.is_given(tmp_path, 2) is None  # another server may give it
    open_windows.remove("first")
    assert givers.is_given(tmp_path, 1) is False
    givers.given(tmp_path, 1)
    assert givers.is_given(tmp_path, 1) is None
